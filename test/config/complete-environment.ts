import type { Environment } from "../../src/config/environment.ts";

/** Ids that no real tenant has. */
export const ids = {
  tenant: "11111111-1111-4111-8111-111111111111",
  otherTenant: "22222222-2222-4222-8222-222222222222",
  app: "33333333-3333-4333-8333-333333333333",
  subscription: "44444444-4444-4444-8444-444444444444",
  ana: "55555555-5555-4555-8555-555555555555",
  ben: "66666666-6666-4666-8666-666666666666",
} as const;

/** An environment with both platforms, in which nothing is wrong. */
export const completeEnvironment = {
  ROUTEBOT_SUBSCRIPTIONS: ids.subscription,
  AZURE_TENANT_ID: ids.tenant,
  AZURE_CLIENT_ID: ids.app,
  TEAMS_APP_ID: ids.app,
  TEAMS_APP_TENANT_ID: ids.tenant,
  TEAMS_APP_PASSWORD: "teams-app-password",
  SLACK_BOT_TOKEN: "xoxb-slack-bot-token",
  SLACK_SIGNING_SECRET: "slack-signing-secret",
  SLACK_TEAM_IDS: "T0CONTOSO",
} as const satisfies Environment;

/** A policy file that fits to it. */
export const completePolicy = `
people:
  - id: ana
    name: Ana Alvarez
    teams: ${ids.ana}
    slack: T0CONTOSO/U0ANA
  - id: ben
    name: Ben Becker
    teams: [${ids.ben}]
    slack: T0CONTOSO/U0BEN
rules:
  - name: everything
    request: ["*"]
    approve: [ana, ben]
    decideWithin: 30m
`;
