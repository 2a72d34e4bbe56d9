/** What the environment says that a policy file is read with. */
export type PolicyContext = {
  /** The tenant of accounts that are written as an object id alone; absent when Teams is off. */
  readonly teamsTenant?: string;
  /** Tenants and workspaces that messages are taken from; empty when the platform is off. */
  readonly teamsTenants: readonly string[];
  readonly slackTeams: readonly string[];
  /** Whether approvals can be confirmed with a fresh sign-in. */
  readonly stepUp?: boolean;
};
