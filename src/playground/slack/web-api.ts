/** The Web API at `/api/<method>`, with its tokens, errors and rate limits. */
import { underFault } from "../chat-faults.ts";
import type { Answer, Call, Route } from "../http/loopback-server.ts";
import type { LocalFiles } from "./file-methods.ts";
import { messageMethods } from "./message-methods.ts";
import type { SlackContext } from "./slack-context.ts";
import { argumentsOf, fail, ok } from "./web-api-call.ts";
import { workspaceMethods } from "./workspace-methods.ts";

export interface WebApiOptions {
  readonly context: SlackContext;
  readonly files: LocalFiles;
  /** The address that the next Socket Mode connection may use once. */
  readonly openConnection: () => string;
}

export function webApiRoutes({ context, files, openConnection }: WebApiOptions): Route[] {
  const run = (call: Call): Answer => {
    const name = call.params.method ?? "";
    const args = argumentsOf(call);
    const [, bearer] = /^Bearer (\S+)$/i.exec(call.headers.authorization ?? "") ?? [];
    const token = bearer ?? args.token;
    if (token === undefined) return fail("not_authed");
    if (name === "apps.connections.open") {
      return token === context.appToken ? ok({ url: openConnection() }) : fail("invalid_auth");
    }
    if (token !== context.botToken)
      return fail(token === context.appToken ? "not_allowed_token_type" : "invalid_auth");
    const method = messageMethods[name] ?? workspaceMethods[name] ?? files.methods[name];
    return method === undefined ? fail("unknown_method") : method(context, args);
  };
  const handle = (call: Call) =>
    underFault({
      fault: context.faults.take("slack", call.params.method ?? ""),
      call,
      throttled: (seconds) => ({
        status: 429,
        headers: { "retry-after": String(seconds) },
        json: { ok: false, error: "ratelimited" },
      }),
      broken: () => ({ status: 500, json: { ok: false, error: "internal_error" } }),
      carryOut: () => run(call),
    });
  return ["GET", "POST"].map((method) => ({ method, path: "/api/:method", handle }));
}
