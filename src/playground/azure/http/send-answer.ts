import type { ServerResponse } from "node:http";
import type { Answer } from "./exchange.ts";

/** Sends an answer with these further headers. Does nothing when the client has gone. */
export function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed || response.headersSent) return;
  const text = answer.raw?.text ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
  const contentType = answer.raw?.contentType ?? "application/json; charset=utf-8";
  // Two statements: another library in the process may have patched writeHead so that it returns nothing.
  response.writeHead(answer.status, {
    ...headers,
    ...answer.headers,
    ...(text === "" ? {} : { "content-type": contentType }),
    "content-length": String(Buffer.byteLength(text)),
  });
  response.end(text);
}
