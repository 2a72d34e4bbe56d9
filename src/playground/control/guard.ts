/**
 * Keeps other web sites out of the control API. It has no sign-in, so a page in the same browser must not be able to
 * use it: neither under a name of its own that points to 127.0.0.1 (DNS rebinding) nor by a form or script (CSRF).
 */
import type { Answer, Call } from "../http/loopback-server.ts";

/** The refusal, or undefined when the request may pass. */
export function guardLoopback(call: Call, port: number): Answer | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(call.headers.host ?? "")) return refuse("this address is not served");
  const { origin } = call.headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`))
    return refuse("another site's page");
  const site = call.headers["sec-fetch-site"];
  const navigation = call.method === "GET" && call.headers["sec-fetch-mode"] === "navigate";
  if (site !== undefined && site !== "same-origin" && site !== "none" && !navigation) {
    return refuse("another site's page");
  }
  const reads = call.method === "GET" || call.method === "HEAD";
  // A form cannot send JSON, and a script of another site may not without being asked for first.
  const isJson = (call.headers["content-type"] ?? "").startsWith("application/json");
  if (!reads && call.body !== "" && !isJson) return { status: 415, json: { error: "send JSON" } };
  if (!reads && call.body === "" && origin === undefined && site !== undefined && site !== "same-origin") {
    return refuse("another site's page");
  }
  return undefined;
}

function refuse(error: string): Answer {
  return { status: 403, json: { error } };
}
