import { isAllowedServiceUrl } from "../auth/service-url.ts";
import type { TeamsSettings } from "../teams-settings.ts";
import type { TeamsActivity } from "./activity.ts";

/**
 * The tenants that an activity names, in lower case: where it was said, and, if told, whose account said it. In a channel that
 * is shared with another organisation the two differ.
 */
export function tenantsOf({ channelData, conversation, from }: TeamsActivity) {
  const named = [channelData?.tenant?.id, conversation.tenantId].filter((id) => typeof id === "string");
  const said = named[0]?.toLowerCase();
  return {
    agree: named.every((id) => id.toLowerCase() === said),
    said,
    speaker: from.tenantId?.toLowerCase() ?? said,
  };
}

/** Why an activity is not taken, whoever signed it; absent if it may be. Asked before anything is stored or sent. */
export function refusalOf(activity: TeamsActivity, settings: TeamsSettings): string | undefined {
  if (activity.channelId !== "msteams") return "the channel is not Teams";
  if (!isAllowedServiceUrl(activity.serviceUrl, settings.serviceHosts)) {
    return "the serviceUrl is not on the list of service hosts";
  }
  const { agree, said, speaker } = tenantsOf(activity);
  if (said === undefined) return "the activity names no tenant";
  if (!agree) return "the activity names two tenants";
  const allowed = settings.allowedTenants.map((tenant) => tenant.toLowerCase());
  if (!allowed.includes(said)) return "the tenant is not allowed";
  if (!speaker || !allowed.includes(speaker)) return "the speaker's tenant is not allowed";
  return undefined;
}
