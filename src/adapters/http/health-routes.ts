import type { ServerResponse } from "node:http";
import type { HttpServer } from "./http-server.ts";

/**
 * Whether the bot can take work now; `why` names what is missing, `note` what wants to be looked at all the same, for operators,
 * without secrets.
 */
export type Readiness =
  | { readonly ready: true; readonly note?: string }
  | { readonly ready: false; readonly why: string };

export type Health = {
  readonly version: string;
  /** Ready, and yet takes no work: another deployment does. */
  readonly standby: boolean;
  readiness(): Promise<Readiness>;
};

/**
 * - `/healthz`: the process runs and answers; nothing else is asked, so that a slow database does not get it restarted.
 * - `/readyz`: 200 if it can take work (`standby`: could), else 503 with the reason.
 *
 * Both name the version that answers.
 */
export function addHealthRoutes(server: HttpServer, { version, standby, readiness }: Health): void {
  /** However many ask at once, it is looked at once. */
  let looking: Promise<Readiness> | undefined;
  const look = () => {
    looking ??= readiness()
      .catch((): Readiness => ({ ready: false, why: "the check itself failed" }))
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  server.get("/healthz", (_request, response) => answerJson(response, 200, { status: "ok", version }));
  server.get("/readyz", async (_request, response) => {
    const state = await look();
    if (state.ready) {
      const status = standby ? "standby" : "ready";
      return answerJson(response, 200, {
        status,
        version,
        ...(state.note !== undefined && { note: state.note }),
      });
    }
    return answerJson(response, 503, { status: "not ready", why: state.why, version });
  });
}

function answerJson(response: ServerResponse, status: number, body: Readonly<Record<string, string>>): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.end(JSON.stringify(body));
}
