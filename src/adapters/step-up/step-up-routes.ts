import type { IncomingMessage, ServerResponse } from "node:http";
import type { StepUpDoor, StepUpPage } from "../../ports/step-ups.ts";
import { callbackPath, startPath } from "./step-up-settings.ts";

/** What the routes are added to. */
export type Routes = {
  get(
    path: string,
    handler: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void,
    options?: { readonly limited?: boolean },
  ): void;
};

/** `__Host-`: from this host alone, over https alone. It ties the way back to the browser that went away. */
const cookie = "__Host-routebot-sign-in";
const attributes = "Path=/; Secure; HttpOnly; SameSite=Lax";
const cookieSeconds = 600;

/** Longer addresses are none of ours: a code of Entra ID has about 1,500 characters. */
const maxQueryLength = 8_192;

/** Of our links; a database need not be asked for anything else. */
const idForm = /^[\w-]{1,100}$/;

/** Anybody can ask, and each answer costs a look into the database. */
const limited = { limited: true } as const;

/** The two pages of a sign-in. What they say about a refusal is the status, too: 200 approved, 403 not. */
export function addStepUpRoutes(server: Routes, door: StepUpDoor): void {
  server.get(
    startPath,
    async (request, response) => {
      const id = idForm.exec(new URLSearchParams(queryOf(request)).get("id") ?? "")?.[0] ?? "";
      const started = await door.start(id);
      if (started.kind === "page") return answer(response, started.page);
      response.statusCode = 303;
      response.setHeader("set-cookie", `${cookie}=${started.state}; ${attributes}; Max-Age=${cookieSeconds}`);
      response.setHeader("referrer-policy", "no-referrer");
      response.setHeader("location", started.url);
      response.end();
    },
    limited,
  );
  server.get(
    callbackPath,
    async (request, response) => {
      const page = await door.finish({ query: queryOf(request), browser: cookieOf(request) });
      response.setHeader("set-cookie", `${cookie}=; ${attributes}; Max-Age=0`);
      answer(response, page);
    },
    limited,
  );
}

function queryOf({ url = "" }: IncomingMessage): string {
  const at = url.indexOf("?");
  const query = at < 0 ? "" : url.slice(at + 1);
  return query.length <= maxQueryLength ? query : "";
}

function cookieOf({ headers }: IncomingMessage): string | undefined {
  for (const pair of (headers.cookie ?? "").split(";")) {
    const [name, value] = pair.trim().split("=");
    if (name === cookie && value) return value;
  }
  return undefined;
}

/** A page without script, style or anything else that is loaded; its words are data. */
function answer(response: ServerResponse, { approved, text }: StepUpPage): void {
  const title = approved ? "Approved" : "Not approved";
  response.statusCode = approved ? 200 : 403;
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.setHeader(
    "content-security-policy",
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  response.setHeader("referrer-policy", "no-referrer");
  response.end(
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Routebot: ${title}</title></head>\n<body><main><h1>${title}</h1><p>${escaped(text)}</p></main></body></html>\n`,
  );
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
