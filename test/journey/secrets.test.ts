import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { base64url } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startRoutebot } from "../cli/run-routebot.ts";
import { Playground, slackChannel, teamsChannel } from "../support/playground.ts";

/**
 * A whole run, failures included, with everything in play that is secret: then all that it wrote is searched. What may hold a secret
 * is named here, and nothing else may.
 */

let playground: Playground;
beforeAll(async () => {
  playground = await Playground.start({ ROUTEBOT_LOG_LEVEL: "debug", ROUTEBOT_VERIFY_WITHIN: "2s" });
});
afterAll(() => playground?.stop());

type Secret = { readonly name: string; readonly value: string };

const settingValues = [
  "pw-of-the-shop-database-4711",
  "AccountKey=c2VjcmV0LW9mLXRoZS1zaG9w==",
  "sk_live_51Hcanary0000",
];
const forgedToken = [
  { alg: "RS256", kid: "canary" },
  { iss: "https://api.botframework.com", canary: "jwt" },
]
  .map((part) => base64url.encode(JSON.stringify(part)))
  .concat("c2lnbmF0dXJlLWNhbmFyeQ")
  .join(".");
const databasePassword = "db-canary-password-0815";

const secretVariables = [
  "AZURE_CLIENT_SECRET",
  "ROUTEBOT_STEPUP_CLIENT_SECRET",
  "TEAMS_APP_PASSWORD",
  "SLACK_BOT_TOKEN",
  "SLACK_SIGNING_SECRET",
] as const;

function environmentOf(pid: number | string): Readonly<Record<string, string>> {
  const text = readText(`/proc/${pid}/environ`);
  return Object.fromEntries(
    text.split("\0").flatMap((pair) => {
      const at = pair.indexOf("=");
      return at < 1 ? [] : [[pair.slice(0, at), pair.slice(at + 1)] as const];
    }),
  );
}

/** Empty where it cannot be read: another user's process, or one that has just ended. */
function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** As it is, and as it would stand in an address or in base64. */
function formsOf({ name, value }: Secret): readonly Secret[] {
  const forms = [value, encodeURIComponent(value), Buffer.from(value).toString("base64").replace(/=*$/, "")];
  return [...new Set(forms)].map((form) => ({ name, value: form }));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function processes(): readonly string[] {
  return existsSync("/proc/self/cmdline") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
}

/** Changes in both chats, refusals, forgeries, faults of Azure, a crash. */
async function aBusyDay(): Promise<void> {
  await playground.change("shop-legacy", {
    appSettings: {
      DB_PASSWORD: settingValues[0],
      AzureWebJobsStorage: settingValues[1],
      STRIPE_KEY: settingValues[2],
    },
  });
  // Reads all app settings of the site, and removes one.
  const legacy = await playground.ask(
    teamsChannel,
    "robin",
    "stop routing all traffic for shop-legacy",
    "Waiting",
  );
  const done = await playground.click(teamsChannel, "ana", { on: legacy, action: "Approve" });
  await playground.sees(teamsChannel, "robin", {
    after: done.seq,
    contains: ": confirmed",
    timeoutMs: 25_000,
  });

  const refused = await playground.ask(slackChannel, "robin", "enable backup over vnet for app-y", "Waiting");
  await playground.click(slackChannel, "olga", { on: refused, action: "Approve" });
  await playground.reject(slackChannel, "ben", refused, "not today");

  for (const [site, fault] of [
    ["app-x", { kind: "denied", action: "Microsoft.Web/sites/write" }],
    ["shop-web", { kind: "server-error", status: 500, when: "before" }],
    ["app-y", { kind: "reset", when: "after" }],
  ] as const) {
    const card = await playground.ask(
      slackChannel,
      "robin",
      `route all traffic for ${site}`,
      "Waiting for approval",
    );
    await playground.faults([{ match: { method: "PATCH", site }, times: 1, fault }]);
    const { seq } = await playground.click(slackChannel, "ana", { on: card, action: "Approve" });
    await playground.sees(slackChannel, "robin", { after: seq, contains: "CR-", timeoutMs: 30_000 });
  }
  await playground.faults([]);
  await playground.chatFaults({ platform: "slack", kind: "server-error", times: 2 });
  await playground.ask(teamsChannel, "robin", "status of shop-legacy", "Outbound routing of");
  await forge();
  await playground.kill();
  await playground.ask(slackChannel, "robin", "status of app-x", "Outbound routing of");
}

async function forge(): Promise<void> {
  const post = (path: string, headers: Record<string, string>, body: string) =>
    fetch(`${playground.bot}${path}`, { method: "POST", headers, body });
  const json = { "content-type": "application/json" };
  const { TEAMS_SERVICE_URL: serviceUrl = "x", TEAMS_APP_TENANT_ID: tenantId = "x" } = environmentOf(
    (await playground.botState()).pid ?? 0,
  );
  const activity = {
    type: "message",
    channelId: "msteams",
    serviceUrl,
    from: { id: "1" },
    recipient: { id: "2" },
  };
  const teams = await post(
    "/api/messages",
    { ...json, authorization: `Bearer ${forgedToken}` },
    JSON.stringify({ ...activity, conversation: { id: "3", tenantId } }),
  );
  expect(teams.status).toBe(401);
  const time = String(Math.floor(Date.now() / 1000));
  const signed = { ...json, "x-slack-request-timestamp": time, "x-slack-signature": `v0=${"0".repeat(64)}` };
  expect((await post("/slack/events", signed, JSON.stringify({ token: forgedToken }))).status).toBe(401);
  expect((await fetch(`${playground.bot}/step-up/callback?code=${forgedToken}&state=x`)).status).toBe(403);
}

const kept = z.object({
  routingSecret: z.string(),
  botSecret: z.string(),
  stepUpSecret: z.string(),
  identityHeader: z.string(),
  signingKey: z.object({ d: z.string() }),
});

// Six journeys, a crash and six commands in one: what they wrote together is what is searched.
test("after a whole run, no secret stands in anything that was written or shown", async () => {
  await aBusyDay();
  const { data } = playground;
  const { pid } = await playground.botState();
  const environment = environmentOf(pid ?? 0);
  const authority = kept.parse(JSON.parse(readFileSync(join(data, "azure", "authority.json"), "utf8")));
  const pem = readFileSync(join(data, "bot", "audit-key.pem"), "utf8");
  const ofDeployment: readonly Secret[] = [
    ...Object.entries({ ...authority, signingKey: authority.signingKey.d }).map(([name, value]) => ({
      name,
      value,
    })),
    ...secretVariables.flatMap((name) => (environment[name] ? [{ name, value: environment[name] }] : [])),
    { name: "the audit's key", value: pem.split("\n")[1] ?? "" },
  ];
  const secrets = [
    ...ofDeployment,
    ...settingValues.map((value) => ({ name: "the value of an app setting", value })),
    { name: "a forged token", value: forgedToken },
  ].flatMap(formsOf);
  expect(secrets.every(({ value }) => value.length >= 10)).toBe(true);
  const found = (text: string) => secrets.filter(({ value }) => text.includes(value)).map(({ name }) => name);

  // Command lines are readable for every user of the machine; an environment is for the bot alone.
  for (const one of processes()) {
    expect([one, found(readText(`/proc/${one}/cmdline`))]).toEqual([one, []]);
    const holders = Object.values(environmentOf(one)).join("\0");
    if (one !== String(pid) && one !== String(process.pid)) expect([one, found(holders)]).toEqual([one, []]);
  }

  await playground.end();
  const commands = [
    ["audit", "export"],
    ["audit", "export", "--format", "csv"],
    ["audit", "key"],
    ["doctor"],
    ["policy", "check", join(data, "policy.yaml")],
  ];
  for (const words of commands) {
    const { stdout, stderr } = await startRoutebot(words, { folder: data, environment }).ended;
    expect([words, found(stdout + stderr)]).toEqual([words, []]);
  }
  const exported = await startRoutebot(["audit", "export"], { folder: data, environment }).ended;
  if (processes().length > 0) expect(exported.stdout).toContain("shop-legacy");

  const allowed: Readonly<Record<string, readonly string[]>> = {
    // The local Azure's own: it issues these secrets and holds these settings.
    "azure/authority.json": [...Object.keys(authority), ...secretVariables],
    "azure.json": ["the value of an app setting"],
    "bot/audit-key.pem": ["the audit's key"],
  };
  const files = filesBelow(data);
  expect(files.length).toBeGreaterThan(20);
  for (const path of files) {
    const name = relative(data, path);
    const text = readText(path);
    const others = found(text).filter((one) => !allowed[name]?.includes(one));
    expect([name, others]).toEqual([name, []]);
    if (!name.startsWith("azure"))
      expect([name, /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/.exec(text)]).toEqual([name, null]);
  }
  const log = readText(join(data, "bot.log"));
  expect(log).toContain("teams-refused");
  expect(log).toContain("This is a playground");
}, 300_000);

test("the password of a database that cannot be reached is not said either", async () => {
  const { ended } = startRoutebot(["serve"], {
    folder: playground.data,
    environment: {
      ...{
        ROUTEBOT_SUBSCRIPTIONS: "44444444-4444-4444-8444-444444444444",
        ROUTEBOT_POLICY_FILE: "policy.yaml",
      },
      DATABASE_URL: `postgres://routebot:${databasePassword}@127.0.0.1:1/routebot`,
      ...{
        SLACK_BOT_TOKEN: "xoxb-canary-token",
        SLACK_SIGNING_SECRET: "canary-signing",
        SLACK_TEAM_IDS: "T0CONTOSO",
      },
      ROUTEBOT_LOG_LEVEL: "debug",
      ROUTEBOT_PORT: "0",
    },
  });
  const { stdout, stderr, code } = await ended;
  expect(code).toBe(1);
  expect(stderr).toContain("127.0.0.1");
  for (const secret of [databasePassword, "xoxb-canary", "canary-signing"])
    expect(stdout + stderr).not.toContain(secret);
});
