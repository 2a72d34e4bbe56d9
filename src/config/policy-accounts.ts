import type { Account } from "../domain/actor.ts";
import type { PolicyContext } from "./policy-context.ts";
import type { PersonEntry } from "./policy-schema.ts";

/**
 * The accounts of a person as the domain knows them. A Teams account written without a tenant belongs to the configured
 * one; while Teams is off such an account is nobody's, and is left out.
 */
export function accountsOf(person: PersonEntry, context: PolicyContext): readonly Account[] {
  return [
    ...person.teams.flatMap((written): readonly Account[] => {
      const [user = "", tenant = context.teamsTenant] = written.toLowerCase().split("/").reverse();
      return tenant === undefined ? [] : [{ platform: "teams", tenant, user }];
    }),
    ...person.slack.map((written): Account => {
      const [tenant = "", user = ""] = written.split("/");
      return { platform: "slack", tenant, user };
    }),
  ];
}

/** Whether messages of this account are taken at all. */
export function canReachUs(account: Account, context: PolicyContext): boolean {
  const taken = account.platform === "teams" ? context.teamsTenants : context.slackTeams;
  return taken.includes(account.tenant);
}
