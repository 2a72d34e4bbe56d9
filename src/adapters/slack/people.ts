/** Names and workspaces of the people who write, from users.info, remembered for a while. */
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import { settleWithin } from "./settle-within.ts";

/**
 * `team` is the workspace that the person belongs to, `member` says that they are a full member of it: no guest, no bot, not
 * deactivated. What is missing Slack did not say in time.
 */
export type Profile = { readonly name?: string; readonly team?: string; readonly member?: boolean };

const rememberMs = 10 * 60_000;
const maxRemembered = 2_000;
/** A name is for display: an acknowledgement never waits longer for it. */
const patienceMs = 600;

/** Source: docs.slack.dev/reference/objects/user-object; what does not hold may be left out. */
const hindrances = {
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  is_restricted: z.boolean().default(false),
  is_ultra_restricted: z.boolean().default(false),
  is_stranger: z.boolean().default(false),
};

const answerSchema = z.object({
  user: z.object({
    ...hindrances,
    team_id: z.string().optional(),
    name: z.string().optional(),
    real_name: z.string().optional(),
    profile: z.object({ display_name: z.string().optional(), real_name: z.string().optional() }).optional(),
  }),
});

/** Never rejects. */
export type LookUpProfile = (user: string) => Promise<Profile>;

export function createPeople(client: WebClient, clock: Clock): LookUpProfile {
  const remembered = new Map<string, { readonly profile: Profile; readonly until: number }>();

  async function ask(user: string): Promise<Profile> {
    const answer = answerSchema.parse(await client.users.info({ user }));
    const { team_id: team, name: handle, real_name, profile } = answer.user;
    const name = profile?.display_name || profile?.real_name || real_name || handle;
    const { deleted, is_bot, is_restricted, is_ultra_restricted, is_stranger } = answer.user;
    const member = !(deleted || is_bot || is_restricted || is_ultra_restricted || is_stranger);
    const found: Profile = { ...(name ? { name } : {}), ...(team ? { team } : {}), member };
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(user, { profile: found, until: clock.now().getTime() + rememberMs });
    return found;
  }

  return async (user) => {
    const known = remembered.get(user);
    if (known && known.until > clock.now().getTime()) return known.profile;
    const asked = await settleWithin(ask(user), patienceMs, clock);
    return asked.kind === "done" ? asked.value : (known?.profile ?? {});
  };
}
