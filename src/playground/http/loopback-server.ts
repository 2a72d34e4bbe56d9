/** A small JSON server on 127.0.0.1 for the playground's own ends: routes, bodies, and an orderly end. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { PortInUse } from "./port-in-use.ts";

/** One request, with its body read. */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** The `:name` parts of the route's path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly bytes?: Buffer | string;
}

/** `taken`: the handler has written, or will write, the response itself. */
export type Handled = Answer | "taken";

export interface Route {
  readonly method: string;
  /** Such as `/v3/conversations/:conversation/members`; `*` at the end takes any rest, as `params.rest`. */
  readonly path: string;
  readonly handle: (call: Call) => Handled | Promise<Handled>;
}

export interface LoopbackServerOptions {
  /** What the server is, for messages: "the page". */
  readonly name: string;
  readonly port: number;
  readonly routes: readonly Route[];
  /** Runs before every route; an answer ends the request there. */
  readonly before?: (call: Call) => Handled | undefined | Promise<Handled | undefined>;
  /** For every request that no route takes. */
  readonly otherwise?: (call: Call) => Handled | Promise<Handled>;
  readonly onUpgrade?: (server: Server) => void;
}

export interface LoopbackServer {
  readonly port: number;
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Refuses connections for so long, as a service that is down; 0 ends that. */
  refuseFor(ms: number): void;
  close(): Promise<void>;
}

/** A bot's file is the largest thing that comes. */
const maxBodyBytes = 8 * 1024 * 1024;

/** Listens on 127.0.0.1 only. Fails with {@link PortInUse}. */
export async function startLoopbackServer(options: LoopbackServerOptions): Promise<LoopbackServer> {
  const routes = options.routes.map((route) => ({ ...route, pattern: patternOf(route.path) }));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const method = request.method ?? "GET";
    const body = await readBody(request);
    if (body === undefined) return send(response, { status: 413, json: { error: "too large" } });
    const call = (params: Record<string, string>): Call => ({
      method,
      path: url.pathname,
      params,
      query: url.searchParams,
      headers: request.headers,
      body,
      request,
      response,
    });
    const early = await options.before?.(call({}));
    if (early !== undefined) return send(response, early);
    for (const route of routes) {
      const match = route.method === method ? route.pattern.exec(url.pathname) : null;
      const params = match === null ? undefined : decodeAll(match.groups ?? {});
      if (params !== undefined) return send(response, await route.handle(call(params)));
    }
    const other =
      options.otherwise ?? (() => ({ status: 404, json: { error: `no ${method} ${url.pathname}` } }));
    send(response, await other(call({})));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, json: { error: String(error) } });
    });
  });
  options.onUpgrade?.(server);
  await listen(server, options);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  let closing = false;
  let returning: NodeJS.Timeout | undefined;
  const comeBack = () => {
    if (closing || server.listening) return;
    // Somebody else has the port for a moment.
    server.once("error", () => {
      returning = setTimeout(comeBack, 500);
    });
    server.listen(port, "127.0.0.1", () => server.removeAllListeners("error"));
  };
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    refuseFor(ms) {
      clearTimeout(returning);
      if (ms <= 0) return comeBack();
      if (server.listening) server.close();
      server.closeAllConnections();
      returning = setTimeout(comeBack, ms);
    },
    close: () =>
      new Promise((resolve) => {
        closing = true;
        clearTimeout(returning);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { name, port }: LoopbackServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const inUse = "code" in error && error.code === "EADDRINUSE";
      reject(inUse ? new PortInUse(name, port) : error);
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}

function patternOf(path: string): RegExp {
  const source = path
    .split("/")
    .map((part) => {
      if (part === "*") return "(?<rest>.*)";
      return part.startsWith(":")
        ? `(?<${part.slice(1)}>[^/]+)`
        : part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    })
    .join("/");
  return new RegExp(`^${source}$`);
}

function decodeAll(groups: Record<string, string>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // Without an encoding set, a request's chunks are buffers.
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, handled: Handled): void {
  if (handled === "taken" || response.destroyed) return;
  const { status, headers, json, bytes } = handled;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  if (json === undefined) {
    response.end(bytes);
    return;
  }
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.end(JSON.stringify(json));
}
