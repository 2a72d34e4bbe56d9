import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { executeActivity, messageActivity, submitActivity, teamsIds } from "../support/teams-activities.ts";
import { startTeamsBench, type TeamsBench } from "../support/teams-harness.ts";
import { type Core, faultOf, startCore } from "./bot-under-fuzz.ts";
import { asJson, bytesLike, mutated, runs, timeLimitMs } from "./mutations.ts";

let core: Core;
let bench: TeamsBench;
let token: string;
beforeAll(async () => {
  core = await startCore();
  bench = await startTeamsBench();
  bench.receiveWith(core.receive);
  token = await bench.peer.sign({}, { expiresIn: 7 * 24 * 3600 });
});
afterAll(async () => {
  await bench.close();
  await core.close();
});

/** Each type of activity that Teams sends, right in every part, from somebody who may decide nothing. */
function activities(serviceUrl: string): readonly object[] {
  const at = { serviceUrl };
  const other = (type: string, more: object = {}) => ({
    ...messageActivity("", at),
    type,
    text: undefined,
    ...more,
  });
  return [
    messageActivity("route all traffic for app-x", at),
    messageActivity("status of app-x", { serviceUrl, where: "direct" }),
    executeActivity({ verb: "approve", data: { id: "CR-1" }, messageId: "1" }, at),
    executeActivity({ verb: "reject", data: { id: "CR-1", answer: "because" }, messageId: "1" }, at),
    executeActivity({ verb: "confirm", data: { id: "a-question" } }, at),
    executeActivity({ verb: "pick", data: { id: "a-question.0" } }, at),
    executeActivity({ verb: "view", data: { id: "CR-1" } }, { serviceUrl, trigger: "automatic" }),
    submitActivity({ data: { verb: "cancel", id: "CR-1" }, messageId: "1" }, at),
    other("installationUpdate", { action: "add" }),
    other("conversationUpdate", { membersAdded: [{ id: teamsIds.bot }] }),
    other("messageUpdate", { channelData: { eventType: "editMessage", tenant: { id: teamsIds.tenant } } }),
    other("messageReaction", { reactionsAdded: [{ type: "like" }] }),
    other("event", { name: "application/vnd.microsoft.readReceipt", value: { lastReadMessageId: "1" } }),
    other("invoke", { name: "task/fetch", value: { data: {} } }),
    other("invoke", { name: "signin/verifyState", value: { state: "1" } }),
    other("typing"),
    other("endOfConversation", { code: "completedSuccessfully" }),
  ];
}

const answers = new Set([200, 400, 401, 413, 501, 503]);

async function send(body: Buffer | string): Promise<void> {
  const began = performance.now();
  const response = await fetch(bench.url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: Buffer.from(body),
  });
  const text = await response.text();
  const { received, thrown } = core.look();
  bench.log.lines.length = 0;
  expect(thrown).toEqual([]);
  expect(answers).toContain(response.status);
  expect(text).not.toMatch(/node_modules|\bat .+:\d+:\d+|TypeError|ReferenceError/);
  for (const inbound of received) {
    expect(faultOf(inbound, ({ account }) => account.tenant === teamsIds.tenant)).toBeUndefined();
  }
  expect(performance.now() - began).toBeLessThan(30_000);
}

test(
  "whatever an authenticated activity is made of: an answer, no effect but its own, and no word of the inside",
  async () => {
    await fc.assert(
      fc.asyncProperty(mutated(activities(bench.peer.serviceUrl)), (activity) => send(asJson(activity))),
      runs(300),
    );
    expect(await core.isUntouched()).toBe(true);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  },
  timeLimitMs,
);

test(
  "whatever bytes are sent in its place",
  async () => {
    const valid = activities(bench.peer.serviceUrl).map(asJson);
    await fc.assert(fc.asyncProperty(bytesLike(valid), send), runs(300));
    expect(await core.isUntouched()).toBe(true);
  },
  timeLimitMs,
);

test("a right one is taken after all that", async () => {
  for (const activity of activities(bench.peer.serviceUrl)) await send(asJson(activity));
  const answer = await bench.deliver(
    messageActivity("status", { serviceUrl: bench.peer.serviceUrl, id: "last" }),
  );
  expect(answer.status).toBe(200);
  expect(core.look().received).toHaveLength(1);
});
