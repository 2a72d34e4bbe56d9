import type { ServerResponse } from "node:http";
import type { HttpServer } from "./http-server.ts";
import type { Found } from "./readiness.ts";

export type Health = {
  readonly version: string;
  /** Ready, and yet takes no work: another deployment does. */
  readonly standby: boolean;
  /** What is known of each thing that has to be in order; `all`: nothing is left out because it was not looked at yet. */
  readonly look: (all: boolean) => Promise<readonly Found[]>;
  /** What wants to be looked at although the bot is ready, for operators, without secrets. */
  readonly note: () => string | undefined;
};

/**
 * - `/healthz`: the process runs and answers; nothing else is asked, so that a slow database does not get it restarted.
 * - `/readyz`: 200 if it can take work (`standby`: could), else 503; with what was found about each thing that it takes. With
 *   `?all` it waits, some seconds at most, for what was not looked at yet.
 *
 * Both name the version that answers.
 */
export function addHealthRoutes(server: HttpServer, { version, standby, look, note }: Health): void {
  /** However many ask at once, it is looked at once. */
  const looking = new Map<boolean, Promise<readonly Found[]>>();
  const lookOnce = (all: boolean): Promise<readonly Found[]> => {
    const found = looking.get(all) ?? look(all).catch(() => [checkFailed]);
    if (!looking.has(all)) {
      looking.set(all, found);
      void found.finally(() => looking.delete(all));
    }
    return found;
  };
  server.get("/healthz", (_request, response) => answerJson(response, 200, { status: "ok", version }));
  server.get("/readyz", async (request, response) => {
    const found = await lookOnce(/\?(.*&)?all\b/.test(request.url ?? ""));
    const checks = Object.fromEntries(found.map(({ name, finding }) => [name, wordsFor(finding)]));
    const failed = found.flatMap(({ name, finding }) =>
      finding.kind === "failed" ? [`${name}: ${finding.why}`] : [],
    );
    if (failed.length > 0)
      return answerJson(response, 503, { status: "not ready", why: failed.join("; "), version, checks });
    const hint = note();
    const status = standby ? "standby" : "ready";
    return answerJson(response, 200, { status, version, ...(hint !== undefined && { note: hint }), checks });
  });
}

const checkFailed: Found = {
  name: "readiness",
  finding: { kind: "failed", why: "the check itself failed" },
};

function wordsFor(finding: Found["finding"]): string {
  return finding.kind === "in-order" ? "in order" : finding.why;
}

function answerJson(
  response: ServerResponse,
  status: number,
  body: Readonly<Record<string, string | Readonly<Record<string, string>>>>,
): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.end(JSON.stringify(body));
}
