import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Playground, slackChannel, teamsChannel } from "../support/playground.ts";

let playground: Playground;
beforeAll(async () => {
  playground = await Playground.start();
});
afterAll(() => playground?.stop());
beforeEach(() => playground.faults([]));

/** Waits until the local Azure holds up such a request, so that the kill hits exactly there. */
async function heldUp(site: string, method: string, after: number): Promise<void> {
  await expect
    .poll(async () => await playground.armRequests(site, after), { timeout: 10_000 })
    .toContainEqual(expect.objectContaining({ method, end: "hung" }));
}

test("kill -9 between approval and apply ends in exactly one PATCH and a confirmation", async () => {
  const card = await playground.ask(
    teamsChannel,
    "robin",
    "route all traffic for app-x",
    "Waiting for approval",
  );
  const before = await playground.lastSequence();
  // The reading before the write hangs: the approval is stored, nothing is written yet.
  await playground.faults([{ match: { method: "GET", site: "app-x" }, fault: { kind: "hang" } }]);
  const { seq, acknowledged } = await playground.click(teamsChannel, "ana", { on: card, action: "Approve" });
  expect(acknowledged).toBe(true);
  await heldUp("app-x", "GET", before);
  expect(
    await playground.armRequests("app-x", before).then((all) => all.some(({ method }) => method === "PATCH")),
  ).toBe(false);
  await playground.kill();
  await playground.sees(teamsChannel, "robin", { after: seq, contains: ": confirmed" });
  const writes = (await playground.armRequests("app-x", before)).filter(({ method }) => method === "PATCH");
  expect(writes).toHaveLength(1);
  expect((await playground.routing("app-x")).applicationTraffic).toBe(true);
  const seen = await playground.sees(teamsChannel, "ben", { id: card.id, contains: "Done." });
  expect(seen.actions).toEqual([]);
});

test("kill -9 after the write and before its answer: read back, not written twice", async () => {
  const card = await playground.ask(
    slackChannel,
    "robin",
    "route all traffic for app-y",
    "Waiting for approval",
  );
  const before = await playground.lastSequence();
  await playground.faults([
    { match: { method: "PATCH", site: "app-y" }, fault: { kind: "hang", when: "after" } },
  ]);
  const { seq } = await playground.click(slackChannel, "ana", { on: card, action: "Approve" });
  await heldUp("app-y", "PATCH", before);
  expect((await playground.routing("app-y")).applicationTraffic).toBe(true);
  await playground.kill();
  await playground.sees(slackChannel, "robin", { after: seq, contains: ": confirmed" });
  const writes = (await playground.armRequests("app-y", before)).filter(({ method }) => method === "PATCH");
  expect(writes).toHaveLength(1);
});

test.each([
  [
    "its 202 was not heard",
    "route all traffic for shop-mail",
    "applicationTraffic",
    "PATCH",
    { match: { method: "PATCH", site: "shop-mail" }, fault: { kind: "hang", when: "after" } },
  ],
  [
    "its 202 was written down",
    "turn on backup over vnet for shop-mail",
    "backupRestoreTraffic",
    "GET",
    { match: { path: "/sites/shop-mail/operationResults/" }, fault: { kind: "hang" } },
  ],
] as const)(
  "kill -9 while Azure works on the write, and %s: it is waited for, not written twice",
  async (_, text, flag, method, fault) => {
    const card = await playground.ask(teamsChannel, "robin", text, "Waiting for approval");
    const before = await playground.lastSequence();
    await playground.faults([fault]);
    const { seq } = await playground.click(teamsChannel, "ana", { on: card, action: "Approve" });
    await heldUp("shop-mail", method, before);
    await playground.kill();
    await playground.sees(teamsChannel, "robin", { after: seq, contains: ": confirmed" });
    const requests = await playground.armRequests("shop-mail", before);
    expect(requests.filter((one) => one.method === "PATCH")).toHaveLength(1);
    expect((await playground.routing("shop-mail"))[flag]).toBe(true);
  },
);

test("kill -9 right after a message was acknowledged: it is answered all the same, once", async () => {
  const { seq, delivery } = await playground.say(teamsChannel, "robin", "route all traffic for shop-api");
  expect(delivery).not.toBeNull();
  await playground.kill();
  const card = await playground.sees(teamsChannel, "robin", { after: seq, contains: "Waiting for approval" });
  const world = await playground.world("robin");
  const cards = world.messages.filter(
    ({ plainText }) => plainText.includes("for shop-api") && plainText.includes("Waiting"),
  );
  expect(cards.length).toBeGreaterThanOrEqual(1);
  const requests = new Set(cards.map(({ plainText }) => /CR-\d+/.exec(plainText)?.[0]));
  expect(requests.size).toBe(1);
  expect(card.actions.length).toBeGreaterThan(0);
});

test("kill -9 while a temporary change is due to end: it is turned back all the same, with one PATCH", async () => {
  const card = await playground.ask(
    teamsChannel,
    "robin",
    "route all traffic for shop-web for 2 hours",
    "Waiting for approval",
  );
  const { seq } = await playground.click(teamsChannel, "ana", { on: card, action: "Approve" });
  await playground.sees(teamsChannel, "robin", { after: seq, contains: ": confirmed" });
  const running = await playground.sees(teamsChannel, "robin", {
    id: card.id,
    contains: "To be turned back at",
  });
  const before = await playground.lastSequence();
  // The reading that finds out what has to be turned back hangs: the end is due and stored, and nothing of it is done.
  await playground.faults([{ match: { method: "GET", site: "shop-web" }, fault: { kind: "hang" } }]);
  const ended = await playground.click(teamsChannel, "ana", { on: running, action: "End now" });
  await heldUp("shop-web", "GET", before);
  await playground.kill();
  await playground.sees(teamsChannel, "robin", {
    id: card.id,
    contains: "Turned back by",
    lacks: "Being turned back by",
    timeoutMs: 40_000,
  });
  expect((await playground.routing("shop-web")).applicationTraffic).toBe(false);
  const writes = (await playground.armRequests("shop-web", before)).filter(
    ({ method }) => method === "PATCH",
  );
  expect(writes).toHaveLength(1);
  await playground.sees(teamsChannel, "robin", { after: ended.seq, contains: ": confirmed" });
  const reports = (await playground.world("robin")).messages.filter(
    ({ plainText }) => plainText.includes("End of") && plainText.includes(": confirmed"),
  );
  expect(ended.acknowledged).toBe(true);
  expect(reports).toHaveLength(1);
}, 60_000);
