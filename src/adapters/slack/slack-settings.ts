/** How to reach Slack, and whose messages are taken. */
export type SlackSettings = {
  readonly botToken: string;
  /** Ends in a slash; https://slack.com/api/ but for tests and the playground. */
  readonly apiUrl: string;
  /**
   * Workspaces whose messages are taken, at least one; the one that the token belongs to among them. Further ones are
   * workspaces of the same Enterprise Grid organisation whose members meet the bot in shared channels. An installation for
   * a whole organisation is not supported.
   */
  readonly teamIds: readonly string[];
  readonly mode:
    | { readonly kind: "http"; readonly signingSecret: string }
    | { readonly kind: "socket"; readonly appToken: string };
  /** How long one call of the Web API may take. Default 8 seconds. */
  readonly apiTimeoutMs?: number;
};

export const eventsPath = "/slack/events";
