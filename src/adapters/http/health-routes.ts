import type { ServerResponse } from "node:http";
import type { HttpServer } from "./http-server.ts";

/** Whether the bot can take work now; `why` names what is missing, for operators, without secrets. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly why: string };

/**
 * - `/healthz`: the process runs and answers; nothing else is asked, so that a slow database does not get it restarted.
 * - `/readyz`: 200 if it can take work, else 503 with the reason.
 */
export function addHealthRoutes(server: HttpServer, readiness: () => Promise<Readiness>): void {
  server.get("/healthz", (_request, response) => answerJson(response, 200, { status: "ok" }));
  server.get("/readyz", async (_request, response) => {
    const state = await readiness().catch(
      (): Readiness => ({ ready: false, why: "the check itself failed" }),
    );
    if (state.ready) return answerJson(response, 200, { status: "ready" });
    return answerJson(response, 503, { status: "not ready", why: state.why });
  });
}

function answerJson(response: ServerResponse, status: number, body: Readonly<Record<string, string>>): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.end(JSON.stringify(body));
}
