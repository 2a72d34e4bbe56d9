/** The chat platforms that Routebot speaks to. */
export const platforms = ["teams", "slack"] as const;
export type Platform = (typeof platforms)[number];

/**
 * One account on one platform, as the authenticated request named it.
 * Teams: `tenant` is the Entra tenant id and `user` the Entra object id. Slack: `tenant` is the team id, `user` the user id.
 * E-mail addresses and display names never identify anybody: both can be changed.
 */
export type Account = { readonly platform: Platform; readonly tenant: string; readonly user: string };

/**
 * Who wrote or clicked: an account, and the name the platform shows for it (display only, typed by people). `guest`: the platform
 * says that the account is a guest's, or did not say that it is not.
 */
export type Actor = { readonly account: Account; readonly displayName: string; readonly guest?: true };

/**
 * A human being, however many accounts they have. Quorum counts persons. An account that the policy file does not list is
 * a person of its own, whose id is the account's key; a guest's has `guest:` before it.
 */
export type Person = { readonly id: string; readonly name: string };

/** The account as one comparable string: `teams:TENANT/USER`, lower case for Teams (object ids are case-insensitive). */
export function accountKey(account: Account): string {
  const key = `${account.platform}:${account.tenant}/${account.user}`;
  return account.platform === "teams" ? key.toLowerCase() : key;
}
