import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import { platformCodeOf } from "./web-api-errors.ts";

const answerSchema = z.object({
  channel: z.object({ is_im: z.boolean().optional(), is_member: z.boolean().optional() }),
});

/**
 * Whether the bot can answer in a conversation. A command can be typed anywhere, also where the bot is not; Slack then says
 * `channel_not_found` (private, or other people's direct chat) or that it is no member. `unknown` when Slack does not tell, for
 * instance without the scopes channels:read, groups:read, im:read and mpim:read. Never rejects.
 */
export async function membershipIn(client: WebClient, channel: string): Promise<"yes" | "no" | "unknown"> {
  try {
    const answer = answerSchema.safeParse(await client.conversations.info({ channel })).data;
    if (answer === undefined) return "unknown";
    return answer.channel.is_im || answer.channel.is_member ? "yes" : "no";
  } catch (error) {
    return platformCodeOf(error) === "channel_not_found" ? "no" : "unknown";
  }
}
