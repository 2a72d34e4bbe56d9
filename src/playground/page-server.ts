/** The page and the control API on one address of this machine. Everything the page needs is served from here. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ControlContext, controlRoutes } from "./control/control-api.ts";
import { guardLoopback } from "./control/guard.ts";
import { type Answer, type LoopbackServer, type Route, startLoopbackServer } from "./http/loopback-server.ts";

const folder = fileURLToPath(new URL("page/", import.meta.url));
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Nothing from elsewhere, nothing inline. Card renderers set styles by script, which this allows. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const headers = {
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-cache",
};

/** Listens on 127.0.0.1. */
export async function startPageServer(port: number, context: ControlContext): Promise<LoopbackServer> {
  const library = createRequire(import.meta.url).resolve("adaptivecards/dist/adaptivecards.min.js");
  let own = port;
  const server = await startLoopbackServer({
    name: "the page (--port)",
    port,
    before: (call) => guardLoopback(call, own),
    routes: [
      ...controlRoutes(context),
      { method: "GET", path: "/vendor/adaptivecards.min.js", handle: () => serveFile(library) },
      { method: "GET", path: "/", handle: () => serveFile(join(folder, "index.html")) },
      ...["/:file", "/:folder/:file"].map(staticRoute),
    ],
  });
  own = server.port;
  return server;
}

function staticRoute(path: string): Route {
  return {
    method: "GET",
    path,
    handle({ params }) {
      const parts = [params.folder, params.file].filter((part) => part !== undefined);
      // Names of our own files only: no dots but the one before the extension, no separators.
      const plain = parts.every((part) => /^[a-z0-9-]+(\.[a-z]+)?$/.test(part));
      return plain ? serveFile(join(folder, ...parts)) : { status: 404, headers, bytes: "Not found" };
    },
  };
}

async function serveFile(path: string): Promise<Answer> {
  const type = types[extname(path)];
  const bytes = type === undefined ? undefined : await readFile(path).catch(() => undefined);
  if (type === undefined || bytes === undefined) return { status: 404, headers, bytes: "Not found" };
  return { status: 200, headers: { ...headers, "content-type": type }, bytes };
}
