/** One POST to the bot's public endpoint, as a chat service makes it. */
import { Agent, request } from "node:http";

export interface BotPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long the platform waits for the whole answer. */
  readonly timeoutMs: number;
}

export type BotAnswer =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly body: string;
    }
  | { readonly kind: "no-answer"; readonly reason: "timeout" | "unreachable" };

// No connection is kept: the bot is killed on purpose here, and a dead one must not be taken for a live one.
const agent = new Agent({ keepAlive: false });

/** Never fails: an unreachable or silent bot is an answer too. */
export function postToBot({ url, headers, body, timeoutMs }: BotPost): Promise<BotAnswer> {
  return new Promise((resolve) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const failed = () => resolve({ kind: "no-answer", reason: deadline.aborted ? "timeout" : "unreachable" });
    const length = String(Buffer.byteLength(body));
    const outgoing = request(
      url,
      { method: "POST", agent, headers: { ...headers, "content-length": length }, signal: deadline },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", failed);
        response.once("end", () =>
          resolve({
            kind: "answered",
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    outgoing.once("error", failed);
    outgoing.end(body);
  });
}
