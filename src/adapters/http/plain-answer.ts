import { type ServerResponse, STATUS_CODES } from "node:http";

/** Answers with a status and its name, unless something was answered already. Says nothing about why. */
export function answerPlainly(response: ServerResponse, status: number): void {
  if (response.headersSent || response.writableEnded) return;
  response.statusCode = status;
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.end(`${status} ${STATUS_CODES[status] ?? ""}\n`);
}
