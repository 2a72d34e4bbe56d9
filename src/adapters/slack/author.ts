import type { Account, Actor } from "../../domain/actor.ts";
import type { Identity } from "./identity.ts";
import type { LookUpProfile } from "./people.ts";
import type { Draft } from "./read-inbound.ts";

/**
 * The account of a Slack user. Members of the allowed workspaces are accounts of the workspace that the bot is installed in,
 * however the payload names their team: one person, one account, or somebody could approve their own request from
 * elsewhere. A guest from another organisation (Slack Connect) keeps that organisation's team id, so that nobody listed in
 * the policy can be meant.
 */
export function accountOf(user: string, teams: readonly string[], home: Home): Account {
  const foreign = teams.find((team) => team !== home.me.team && !home.teamIds.includes(team));
  return { platform: "slack", tenant: foreign ?? home.me.team, user };
}

export type Home = { readonly me: Identity; readonly teamIds: readonly string[] };

export async function actorOf(draft: Draft, home: Home, lookUp: LookUpProfile): Promise<Actor> {
  const profile = await lookUp(draft.user);
  const teams = profile.team === undefined ? draft.teams : [...draft.teams, profile.team];
  return {
    account: accountOf(draft.user, teams, home),
    displayName: profile.name ?? draft.handle ?? draft.user,
    ...(profile.member === true ? {} : { guest: true }),
  };
}
