import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { base64url } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliver, formType, jsonType } from "../support/slack-peer.ts";
import { messageActivity } from "../support/teams-activities.ts";
import { startTeamsBench, type TeamsBench } from "../support/teams-harness.ts";
import { type Running, startAdapter } from "./slack/running-adapter.ts";

/** Whoever sends nothing but forgeries must not fill the memory: what a request has made goes with it. */

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

let teams: TeamsBench;
let slack: Running;
let received = 0;
beforeAll(async () => {
  teams = await startTeamsBench(() => ({ ownTenantTokens: "accepted" }));
  slack = await startAdapter();
  await slack.started();
  const count = async () => {
    received += 1;
    return { kind: "accepted" } as const;
  };
  teams.receiveWith(count);
  slack.receiveWith(count);
});
afterAll(async () => {
  await teams.close();
  await slack.close();
});

const part = (value: object) => base64url.encode(JSON.stringify(value));

/** A different token each time: another tenant, another key, another issuer, signed by nobody. */
async function forgeForTeams(number: number): Promise<number> {
  const tid = randomUUID();
  const issuers = [
    "https://api.botframework.com",
    `https://sts.windows.net/${tid}/`,
    `https://x.example/${tid}`,
  ];
  const head = part({ alg: "RS256", kid: randomUUID() });
  const claims = part({ iss: issuers[number % issuers.length], tid, aud: randomUUID(), exp: 4e9 });
  const token = `${head}.${claims}.${randomBytes(256).toString("base64url")}`;
  const activity = messageActivity(randomBytes(8_000).toString("hex"), {
    serviceUrl: number % 5 === 0 ? `https://${tid}.example/` : teams.peer.serviceUrl,
    id: randomUUID(),
  });
  return (await teams.deliver(activity, { authorization: `Bearer ${token}` })).status;
}

async function forgeForSlack(number: number): Promise<number> {
  const body = JSON.stringify({
    team_id: randomUUID(),
    event_id: randomUUID(),
    x: randomBytes(8_000).toString("hex"),
  });
  const signature = `v0=${createHmac("sha256", randomUUID()).update(body).digest("hex")}`;
  const contentType = number % 2 === 0 ? jsonType : formType;
  const headers = { "x-slack-signature": signature };
  return (await deliver({ url: slack.url, body, contentType, headers })).status;
}

async function flood(count: number, forge: (number: number) => Promise<number>): Promise<void> {
  const atOnce = 20;
  for (let sent = 0; sent < count; sent += atOnce) {
    const answers = await Promise.all(Array.from({ length: atOnce }, (_, index) => forge(sent + index)));
    expect(new Set(answers)).toEqual(new Set([401]));
    // What the tests themselves keep.
    teams.log.lines.length = 0;
    slack.log.lines.length = 0;
  }
}

function heap(): number {
  for (let round = 0; round < 3; round += 1) collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Keeping the body of each request (16 KB), or its token, would be seen: the limit is 1.5 KB a request. */
test.each([
  ["Teams", forgeForTeams],
  ["Slack", forgeForSlack],
])("memory stays flat while %s is sent nothing but forgeries", async (_, forge) => {
  await flood(300, forge);
  const before = heap();
  await flood(1_000, forge);
  expect(heap() - before).toBeLessThan(1_500_000);
  expect(received).toBe(0);
});
