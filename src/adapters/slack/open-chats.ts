/** Direct conversations with people, by conversations.open: Slack answers the same one every time. */
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Chat, Place } from "../../ports/chat.ts";
import { addressSchema, placeOf } from "./address.ts";
import { sendResultOf } from "./web-api-errors.ts";

const answerSchema = z.object({ channel: z.object({ id: z.string() }) });

const maxRemembered = 5_000;
const soonMs = 5_000;

/** What Slack answered is remembered: the method is limited to some 50 calls a minute. */
export function createOpenChats(client: WebClient, teamIds: readonly string[]): Chat["openDirect"] {
  const known = new Map<string, Place>();

  return async ({ platform, tenant: team, user }) => {
    if (platform !== "slack" || !teamIds.includes(team)) {
      return { kind: "gone", why: "not an account of a workspace that is allowed" };
    }
    const place = known.get(user);
    if (place) return { kind: "open", place };
    try {
      const answer = answerSchema.safeParse(await client.conversations.open({ users: user })).data;
      const address = addressSchema.safeParse({ v: 1, team, channel: answer?.channel.id }).data;
      if (!address) return { kind: "retry", afterMs: soonMs, why: "Slack named no conversation" };
      const opened = placeOf(address);
      if (known.size >= maxRemembered) known.clear();
      known.set(user, opened);
      return { kind: "open", place: opened };
    } catch (error) {
      const failure = sendResultOf(error, "update");
      return failure.kind === "retry" || failure.kind === "gone" || failure.kind === "refused"
        ? failure
        : { kind: "retry", afterMs: soonMs, why: "no clear answer from Slack" };
    }
  };
}
