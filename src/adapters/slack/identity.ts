/** Who the bot is in Slack, learnt with its token before anything is taken in. */
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { isPassing, reasonOf } from "./web-api-errors.ts";

export type Identity = { readonly team: string; readonly botUser: string; readonly bot: string };

const answerSchema = z.object({
  team_id: z.string().regex(/^[A-Z0-9]+$/),
  user_id: z.string().regex(/^[A-Z0-9]+$/),
  bot_id: z.string().regex(/^[A-Z0-9]+$/),
  is_enterprise_install: z.boolean().optional(),
});

/** What Slack or the configuration has to change; trying again will not help. */
export class SlackSetupError extends Error {
  override readonly name = "SlackSetupError";
}

/**
 * Rejects with a `SlackSetupError` if the token cannot be used here, and with whatever the client throws if Slack could not
 * be asked.
 */
export async function learnIdentity(client: WebClient, teamIds: readonly string[]): Promise<Identity> {
  const answered = await client.auth.test().catch((error: unknown) => {
    if (isPassing(error)) throw error;
    throw new SlackSetupError(`Slack does not accept the bot token (${reasonOf(error)}).`);
  });
  const answer = answerSchema.safeParse(answered).data;
  if (answer === undefined) throw new SlackSetupError("The Slack token is not that of a bot.");
  if (answer.is_enterprise_install) {
    throw new SlackSetupError("The app is installed for a whole organisation; install it in one workspace.");
  }
  if (!teamIds.includes(answer.team_id)) {
    throw new SlackSetupError(
      `The Slack token belongs to workspace ${answer.team_id}, which is not allowed.`,
    );
  }
  return { team: answer.team_id, botUser: answer.user_id, bot: answer.bot_id };
}

export type Persistence = {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Called when a try failed and another one follows. */
  readonly onTrouble: () => void;
};

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** Tries until it works, a `SlackSetupError` says that it never will, or the signal is aborted; pauses grow. */
export async function persist<T>(attempt: () => Promise<T>, persistence: Persistence): Promise<T> {
  const { clock, log, signal, onTrouble } = persistence;
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof SlackSetupError) throw error;
      log.warn("slack-unreachable", { reason: reasonOf(error), retryInMs: pause });
      onTrouble();
      await clock.sleep(pause, signal);
    }
  }
}
