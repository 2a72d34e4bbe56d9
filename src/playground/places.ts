/** The team, the workspace and their conversations: fixed, for the same reason as the people. */
import { z } from "zod";
import { everybody, type PersonId, personIds } from "./people.ts";

export const platforms = ["teams", "slack"] as const;
export const platformSchema = z.enum(platforms);
export type Platform = (typeof platforms)[number];

export interface Place {
  readonly platform: Platform;
  /** The platform's own id of the conversation. */
  readonly id: string;
  /** A short name that the control API takes in place of the id; `direct` means one's own chat with the bot. */
  readonly alias: string;
  readonly kind: "channel" | "group" | "direct";
  readonly name: string;
  readonly members: readonly PersonId[];
}

export const teamsTeam = {
  /** A team's id is the id of its first channel. */
  id: "19:Xq7rTeamPlatformGeneral0001@thread.tacv2",
  aadGroupId: "5f3e2d1c-0b9a-4877-a665-544332211005",
  name: "Platform",
} as const;

export const slackWorkspace = {
  teamId: "T0CONTOSO",
  domain: "contoso-playground",
  name: "Contoso",
  appId: "A0ROUTEBOT",
  botUserId: "U0ROUTEBOT",
  botId: "B0ROUTEBOT",
  approverGroup: { id: "S0APPROVE", handle: "approvers", members: ["ana", "ben"] },
} as const satisfies {
  approverGroup: { members: readonly PersonId[]; [key: string]: unknown };
  [key: string]: unknown;
};

const teamsPlaces: readonly Place[] = [
  {
    platform: "teams",
    id: "19:Xq7rTeamPlatformOnCall00002@thread.tacv2",
    alias: "on-call",
    kind: "channel",
    name: "on-call",
    members: personIds,
  },
  {
    platform: "teams",
    id: teamsTeam.id,
    alias: "general",
    kind: "channel",
    name: "General",
    members: personIds,
  },
  {
    platform: "teams",
    id: "19:b1d5c7e9f0a24c68@thread.v2",
    alias: "release",
    kind: "group",
    name: "Release night",
    members: ["robin", "ana", "ben"],
  },
  ...everybody.map(
    (person): Place => ({
      platform: "teams",
      id: `a:1${person.id}-${person.teams.aadObjectId.replaceAll("-", "")}`,
      alias: `direct-${person.id}`,
      kind: "direct",
      name: "Routebot",
      members: [person.id],
    }),
  ),
];

const slackPlaces: readonly Place[] = [
  {
    platform: "slack",
    id: "C0ONCALL01",
    alias: "on-call",
    kind: "channel",
    name: "on-call",
    members: personIds,
  },
  ...everybody.map(
    (person): Place => ({
      platform: "slack",
      id: person.slack.userId.replace(/^U/, "D"),
      alias: `direct-${person.id}`,
      kind: "direct",
      name: "Routebot",
      members: [person.id],
    }),
  ),
];

export const places: readonly Place[] = [...teamsPlaces, ...slackPlaces];

/** A person's own chat with the bot. */
export function directPlace(platform: Platform, person: PersonId): Place {
  const place = places.find(({ alias, platform: p }) => p === platform && alias === `direct-${person}`);
  if (place === undefined) throw new Error(`${person} has no direct chat in ${platform}`);
  return place;
}

/** The conversation that somebody means by an id, an alias or `direct`; undefined when there is none. */
export function findPlace(platform: Platform, named: string, as?: PersonId): Place | undefined {
  if (named === "direct" && as !== undefined) return directPlace(platform, as);
  return places.find((place) => place.platform === platform && (place.id === named || place.alias === named));
}
