import type { IncomingMessage, ServerResponse } from "node:http";
import restify from "restify";
import type { Log } from "../../ports/log.ts";
import { explainListenError } from "./explain-listen-error.ts";
import { answerPlainly } from "./plain-answer.ts";
import { declaredTooLarge, readJsonBody } from "./read-body.ts";

/** `body` is what was parsed on a route that asked for `json`, and absent on every other. */
export type HttpRequest = IncomingMessage & { body?: unknown };

/**
 * Answers one request, itself or through what it hands the request to: the request counts as running until its response is
 * closed. What it throws becomes a bare 500.
 */
export type HttpHandler = (request: HttpRequest, response: ServerResponse) => Promise<void> | void;

/**
 * - `json`: the body is read whole, parsed, and put in `request.body`; whatever is no JSON is answered with 400.
 * - `raw`: the stream is handed on untouched, for whoever has to check a signature over its bytes. Only the declared length is
 *   checked here; a body sent in chunks is for the handler to limit.
 */
export type PostOptions = { readonly body: "json" | "raw"; readonly maxBytes: number };

/** `limited`: for what anybody may ask and costs something, such as a look into the database. */
export type GetOptions = { readonly limited?: boolean };

export type HttpServerOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Log;
  /**
   * POST requests worked on at the same time; the next one is answered with 503. So many again of the GET routes that are `limited`;
   * the others (health) are not counted.
   */
  readonly maxConcurrent?: number;
  /** A client has this long to send a whole request. */
  readonly requestTimeoutMs?: number;
  /** Told of each POST request: its route, and how long it took from its arrival to the end of its answer. */
  readonly onAnswered?: (answered: {
    readonly path: string;
    readonly status: number;
    readonly ms: number;
  }) => void;
  /** How long running requests are waited for when the server is closed; their connections are cut then. */
  readonly drainMs?: number;
};

export interface HttpServer {
  post(path: string, options: PostOptions, handler: HttpHandler): void;
  get(path: string, handler: HttpHandler, options?: GetOptions): void;
  /** POST requests that are being worked on. */
  readonly running: number;
  /** Starts to listen. Rejects with one sentence for people if the address cannot be had. */
  listen(): Promise<{ readonly port: number; readonly url: string }>;
  /** Takes no more requests, lets those that run finish for `drainMs`, and ends. May be called again. */
  close(): Promise<void>;
}

const defaultMaxConcurrent = 256;
const defaultRequestTimeoutMs = 15_000;
const defaultDrainMs = 10_000;
/** Longer than the idle time of Azure's front ends (4 minutes), so that they, and never we, close an idle connection. */
const keepAliveTimeoutMs = 245_000;

/**
 * The one HTTP server, on restify: routes for both chats, health and metrics. Nothing about the server or about an error is
 * told to the caller: every answer that is not a route's own is a status and its name.
 */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { host, log, maxConcurrent = defaultMaxConcurrent, drainMs = defaultDrainMs } = options;
  const server = restify.createServer({ name: "", ignoreTrailingSlash: true });
  const running = { post: 0, get: 0 };
  let closed: Promise<void> | undefined;

  server.server.requestTimeout = options.requestTimeoutMs ?? defaultRequestTimeoutMs;
  server.server.headersTimeout = Math.min(10_000, server.server.requestTimeout);
  server.server.keepAliveTimeout = keepAliveTimeoutMs;

  // Every error of restify's own (no such path, method, version) ends here; its texts repeat parts of the request.
  server.on("restifyError", (request: restify.Request, response: restify.Response, error: unknown, done) => {
    if (!response.headersSent) {
      const status = statusOf(error);
      if (status >= 500)
        log.error("http-internal-error", error, { path: request.path(), method: request.method ?? "" });
      // Through restify's own sender: it then knows that it has nothing left to say.
      response.sendRaw(status, `${status}\n`, { "content-type": "text/plain; charset=utf-8" });
    }
    done();
  });
  server.pre((_request, response, next) => {
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("cache-control", "no-store");
    // Node closes the connections that are idle when the server is closed, not those that become idle after it.
    response.once("close", () => {
      if (closed) setImmediate(() => server.server.closeIdleConnections());
    });
    next();
  });

  /**
   * Runs a handler outside restify's chain, which is told to stop only when the response is closed: told earlier, restify
   * would answer for a handler that answers later.
   */
  function run(handler: HttpHandler, request: HttpRequest, response: ServerResponse): void {
    Promise.resolve()
      .then(() => handler(request, response))
      .catch((error: unknown) => {
        log.error("http-handler-failed", error, { path: pathOf(request), method: request.method ?? "" });
        answerPlainly(response, 500);
      });
  }

  /** Whether one more may be worked on; it counts until its response is closed. */
  function admit(kind: keyof typeof running, path: string, response: ServerResponse): boolean {
    if (running[kind] >= maxConcurrent) {
      log.warn("http-too-busy", { path, running: running[kind] });
      response.setHeader("retry-after", "1");
      answerPlainly(response, 503);
      return false;
    }
    running[kind] += 1;
    response.once("close", () => {
      running[kind] -= 1;
    });
    return true;
  }

  async function withJson(
    maxBytes: number,
    handler: HttpHandler,
    request: HttpRequest,
    response: ServerResponse,
  ) {
    const body = await readJsonBody(request, maxBytes);
    switch (body.kind) {
      case "json":
        request.body = body.value;
        return handler(request, response);
      case "refused":
        log.warn("http-body-refused", { path: pathOf(request), why: body.why });
        // The rest of the body is not read: the connection cannot be used again.
        if (body.status === 413) response.setHeader("connection", "close");
        return answerPlainly(response, body.status);
      case "aborted":
        return undefined;
      default:
        return body satisfies never;
    }
  }

  return {
    post(path, { body, maxBytes }, handler) {
      const whole: HttpHandler =
        body === "json" ? (request, response) => withJson(maxBytes, handler, request, response) : handler;
      server.post(path, (request, response, next) => {
        const began = performance.now();
        response.once("close", () => {
          options.onAnswered?.({ path, status: response.statusCode, ms: performance.now() - began });
          next(false);
        });
        if (!admit("post", path, response)) return;
        if (declaredTooLarge(request, maxBytes)) {
          log.warn("http-body-refused", { path, why: "declared longer than the limit" });
          response.setHeader("connection", "close");
          return answerPlainly(response, 413);
        }
        run(whole, request, response);
      });
    },
    get(path, handler, { limited = false } = {}) {
      server.get(path, (request, response, next) => {
        response.once("close", () => next(false));
        if (limited && !admit("get", path, response)) return;
        run(handler, request, response);
      });
    },
    get running() {
      return running.post;
    },
    listen() {
      return new Promise((resolve, reject) => {
        const failed = (error: NodeJS.ErrnoException) =>
          reject(explainListenError(error, host, options.port));
        server.once("error", failed);
        server.listen(options.port, host, () => {
          server.removeListener("error", failed);
          server.on("error", (error: unknown) => log.error("http-server-error", error));
          const { port } = server.address();
          resolve({ port, url: `http://${host.includes(":") ? `[${host}]` : host}:${port}` });
        });
      });
    },
    close() {
      closed ??= new Promise((resolve) => {
        if (!server.server.listening) return resolve();
        const giveUp = setTimeout(() => server.server.closeAllConnections(), drainMs);
        server.server.close(() => {
          clearTimeout(giveUp);
          resolve();
        });
      });
      return closed;
    },
  };
}

function statusOf(error: unknown): number {
  const status =
    typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : 500;
  return typeof status === "number" && status >= 400 && status < 600 ? status : 500;
}

/** The path without the query, which may hold what should not be logged. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? "";
}
