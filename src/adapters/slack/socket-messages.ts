import type { SocketModeReceiver } from "@slack/bolt";
import { z } from "zod";
import type { Log } from "../../ports/log.ts";
import { parseJson } from "./json.ts";

/**
 * What comes over Socket Mode. Source: docs.slack.dev/apis/events-api/using-socket-mode. The client makes an event of its own of each
 * `type`, so none may be called as one of those that it lives by (`disconnected`, `ws_message`, `error`).
 */
const message = z.discriminatedUnion("type", [
  z.object({ type: z.enum(["hello", "disconnect"]) }),
  z.object({
    type: z.literal("events_api"),
    envelope_id: z.string().min(1).max(200),
    payload: z.object({
      event: z.object({ type: z.string().regex(/^(?!.*(?:connect|error|ws_|slack_event))\w+$/) }),
    }),
  }),
  z.object({
    type: z.enum(["slash_commands", "interactive"]),
    envelope_id: z.string().min(1).max(200),
    payload: z.looseObject({}),
  }),
]);

/**
 * Lets the client see only messages that it can read: it goes on with whatever is JSON, and what it stumbles over becomes an
 * unhandled rejection, which ends the process.
 */
export function admitMessages(client: SocketModeReceiver["client"], log: Log): void {
  const name = "ws_message";
  const takers = client.listeners(name);
  client.removeAllListeners(name);
  client.on(name, async (data: unknown, isBinary: unknown) => {
    if (isBinary === true || !message.safeParse(typeof data === "string" ? parseJson(data) : data).success) {
      log.warn("slack-malformed", { why: "a message of Socket Mode of another form" });
      return;
    }
    for (const take of takers) {
      await Promise.resolve(take(data, isBinary)).catch((error: unknown) =>
        log.error("slack-message-failed", error),
      );
    }
  });
}
