import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type LocalAzure,
  type LocalAzureOptions,
  startLocalAzure,
} from "../../../../src/playground/azure/local-azure.ts";

/** A version with `outboundVnetRouting`. */
export const MODERN = "2025-05-01";
/** A version with the four legacy properties. */
export const LEGACY = "2023-12-01";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON, the text when it is none, null when it is empty. */
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null: no Authorization header. Default: a token of the routing principal. */
  readonly token?: string | null;
  readonly timeoutMs?: number;
}

/** A local Azure with a plain HTTPS client that trusts its certificate authority. */
export interface Cloud {
  readonly azure: LocalAzure;
  readonly directory: string;
  /** One request to any path; throws what the connection threw. */
  call(path: string, call?: Call): Promise<Reply>;
  /** A token from the token endpoint. */
  token(client?: "routing" | "bot", resource?: string): Promise<string>;
  stop(): Promise<void>;
}

export const PROD = "4c2e9f10-7a3b-4d52-8e61-0b9d3f5a1c01";
export const DEV = "4c2e9f10-7a3b-4d52-8e61-0b9d3f5a1c02";

/** The path of a site or slot with its api-version and what follows the id. */
export function sitePath(
  name: string,
  more: { readonly after?: string; readonly version?: string; readonly group?: string } = {},
): string {
  const [site, slot] = name.split("/");
  const group = more.group ?? (name.startsWith("platform-") ? "rg-platform" : "rg-shop");
  const subscription = group === "rg-shop-dev" ? DEV : PROD;
  const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Web/sites/${site}`;
  return `${id}${slot === undefined ? "" : `/slots/${slot}`}${more.after ?? ""}?api-version=${more.version ?? MODERN}`;
}

export async function startCloud(options: Partial<LocalAzureOptions> = {}): Promise<Cloud> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "local-azure-")));
  const cleanUp = async () => {
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
  };
  const azure = await startLocalAzure({ port: 0, ...options, directory }).catch(async (cause: unknown) => {
    await cleanUp();
    throw cause;
  });
  const ca = readFileSync(azure.caFile, "utf8");
  // The name is fixed, so that a test may send another Host header.
  const agent = new Agent({ ca, keepAlive: true, servername: "localhost" });
  const tokens = new Map<string, string>();

  function send(path: string, call: Call, headers: Readonly<Record<string, string>>): Promise<Reply> {
    const text = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    return new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, azure.url),
        {
          agent,
          servername: "localhost",
          method: call.method ?? "GET",
          // `new URL` would tidy the path up; what was asked for is sent.
          path,
          headers: { ...(text === undefined ? {} : { "content-type": "application/json" }), ...headers },
          ...(call.timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(call.timeoutMs) }),
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () => {
            const received = Buffer.concat(chunks).toString("utf8");
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: parse(received),
              text: received,
            });
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(text);
    });
  }

  const cloud: Cloud = {
    azure,
    directory,
    async call(path, call = {}) {
      const token = call.token === undefined ? await cloud.token() : call.token;
      return send(path, call, {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...call.headers,
      });
    },
    async token(client = "routing", resource = "https://management.azure.com") {
      const key = `${client} ${resource}`;
      const known = tokens.get(key);
      if (known !== undefined) return known;
      const { clientId, clientSecret } = azure.credentials[client];
      const form = new URLSearchParams({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope: `${resource}/.default`,
      });
      const reply = await send(
        `/${azure.tenantId}/oauth2/v2.0/token`,
        { method: "POST", text: form.toString() },
        { "content-type": "application/x-www-form-urlencoded" },
      );
      if (typeof reply.body.access_token !== "string") throw new Error(`no token: ${reply.text}`);
      tokens.set(key, reply.body.access_token);
      return reply.body.access_token;
    },
    async stop() {
      agent.destroy();
      await azure.close();
      await cleanUp();
    },
  };
  return cloud;
}

function parse(text: string): Record<string, unknown> {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
