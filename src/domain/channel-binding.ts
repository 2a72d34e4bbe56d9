import type { Platform } from "./actor.ts";
import { matches, matchesSubscription, type Patterns } from "./change/approval-policy.ts";
import type { ResolvedTarget } from "./target.ts";

/** A conversation as its platform names it; `tenant` is the workspace in Slack, and absent in Teams, whose ids are unique. */
export type ChannelKey = {
  readonly platform: Platform;
  readonly tenant?: string;
  readonly conversation: string;
};

/** Channels that belong to some resource groups or subscriptions: a name without either is looked for there first. */
export type ChannelBinding = {
  readonly channels: readonly ChannelKey[];
  readonly subscriptions: Patterns;
  readonly resourceGroups: Patterns;
};

/** Where the conversation `said` is at home; `undefined` when it is bound to nothing. Several bindings add up. */
export function homeOf(
  bindings: readonly ChannelBinding[],
  said: Required<ChannelKey>,
): ((target: ResolvedTarget) => boolean) | undefined {
  const own = bindings.filter(({ channels }) => channels.some((channel) => isSame(channel, said)));
  if (own.length === 0) return undefined;
  return (target) =>
    own.some(
      ({ subscriptions, resourceGroups }) =>
        matches(resourceGroups, target.resourceGroup) && matchesSubscription(subscriptions, target),
    );
}

function isSame(channel: ChannelKey, said: Required<ChannelKey>): boolean {
  return (
    channel.platform === said.platform &&
    channel.conversation === said.conversation &&
    (channel.tenant === undefined || channel.tenant === said.tenant)
  );
}
