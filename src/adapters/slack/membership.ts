import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import { platformCodeOf } from "./web-api-errors.ts";

const answerSchema = z.object({
  channel: z.object({ is_im: z.boolean().optional(), is_member: z.boolean().optional() }),
});

export type Membership = "yes" | "no" | "unknown";

/** Slack lets it be asked about 50 times a minute; commands may come faster. */
const rememberMs = 60_000;
const maxRemembered = 2_000;

/** As `membershipIn`; a conversation where the bot is a member is not asked about again for a minute. */
export function createMembership(client: WebClient, clock: Clock): (channel: string) => Promise<Membership> {
  const until = new Map<string, number>();
  return async (channel) => {
    if ((until.get(channel) ?? 0) > clock.now().getTime()) return "yes";
    const membership = await membershipIn(client, channel);
    until.delete(channel);
    if (membership === "yes") {
      if (until.size >= maxRemembered) until.clear();
      until.set(channel, clock.now().getTime() + rememberMs);
    }
    return membership;
  };
}

/**
 * Whether the bot can answer in a conversation. A command can be typed anywhere, also where the bot is not; Slack then says
 * `channel_not_found` (private, or other people's direct chat) or that it is no member. `unknown` when Slack does not tell, for
 * instance without the scopes channels:read, groups:read, im:read and mpim:read. Never rejects.
 */
async function membershipIn(client: WebClient, channel: string): Promise<Membership> {
  try {
    const answer = answerSchema.safeParse(await client.conversations.info({ channel })).data;
    if (answer === undefined) return "unknown";
    return answer.channel.is_im || answer.channel.is_member ? "yes" : "no";
  } catch (error) {
    return platformCodeOf(error) === "channel_not_found" ? "no" : "unknown";
  }
}
