/**
 * The Socket Mode connection, kept up by us: the SDK's own reconnecting lets a failed attempt escape as an unhandled
 * rejection, which ends the process.
 */
import type { SocketModeReceiver } from "@slack/bolt";
import { type Persistence, persist, SlackSetupError } from "./identity.ts";
import { isPassing, reasonOf } from "./web-api-errors.ts";

export type Connection = {
  /** Resolves when the first connection stands; rejects with a `SlackSetupError` if the app token is no good. */
  open(): Promise<void>;
  close(): Promise<void>;
};

/** A peer that does not answer the closing handshake is not waited for longer. */
const closeWithinMs = 2_000;

export function createConnection(client: SocketModeReceiver["client"], tools: Persistence): Connection {
  const { clock, log, signal } = tools;
  let keeping: Promise<void> | undefined;

  function connect(): Promise<void> {
    return persist(async () => {
      try {
        await client.start();
        // Stopped while the address was being asked for: the SDK has connected all the same.
        if (signal.aborted) await client.disconnect();
      } catch (error) {
        if (error === undefined || isPassing(error)) throw error ?? new Error("the connection was closed");
        throw new SlackSetupError(`Slack does not accept the app token (${reasonOf(error)}).`);
      }
    }, tools);
  }

  async function keep(): Promise<void> {
    while (!signal.aborted) {
      await new Promise<void>((resolve) => {
        client.once("disconnected", resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      if (signal.aborted) return;
      log.info("slack-socket-reconnecting");
      await connect();
    }
  }

  return {
    async open() {
      await connect();
      keeping = keep().catch((error: unknown) => {
        if (!signal.aborted) log.error("slack-socket-lost", error);
      });
    },
    /** To be called after the signal was aborted. */
    async close() {
      const patience = new AbortController();
      await Promise.race([
        client.disconnect(),
        clock.sleep(closeWithinMs, patience.signal).catch(() => undefined),
      ]);
      patience.abort();
      await keeping;
    },
  };
}
