import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Playground, slackChannel, teamsChannel } from "../support/playground.ts";

let playground: Playground;
beforeAll(async () => {
  playground = await Playground.start({ ROUTEBOT_VERIFY_WITHIN: "2s" });
});
afterAll(() => playground?.stop());
beforeEach(() => playground.faults([]));

/** Asks for application traffic on a site, lets Ana approve it under the given fault, and returns what the thread is told. */
async function changeUnder(site: string, faults: readonly unknown[], told: string) {
  const card = await playground.ask(
    teamsChannel,
    "robin",
    `route all traffic for ${site}`,
    "Waiting for approval",
  );
  await playground.faults(faults);
  const { seq } = await playground.click(teamsChannel, "ana", { on: card, action: "Approve" });
  const message = await playground.sees(teamsChannel, "robin", {
    after: seq,
    contains: told,
    timeoutMs: 25_000,
  });
  return { card, message };
}

const patch = (site: string) => ({ method: "PATCH", site });

test("accepted but ignored is told as that, never as done", async () => {
  const { card, message } = await changeUnder(
    "app-x",
    [{ match: patch("app-x"), fault: { kind: "ignored" } }],
    "accepted but not applied",
  );
  expect(message.plainText).toContain("still reads as before");
  expect(
    (await playground.sees(teamsChannel, "ana", { id: card.id, contains: "Accepted but not applied" }))
      .actions,
  ).toEqual([]);
});

test("only partly stored is told as that", async () => {
  const card = await playground.ask(
    slackChannel,
    "robin",
    "enable backup over vnet and route all traffic for app-y",
    "Waiting for approval",
  );
  await playground.faults([
    { match: patch("app-y"), fault: { kind: "partial", keys: ["backupRestoreTraffic"] } },
  ]);
  const { seq } = await playground.click(slackChannel, "ana", { on: card, action: "Approve" });
  const told = await playground.sees(slackChannel, "robin", { after: seq, contains: "partly applied" });
  expect(told.plainText).toContain("applicationTraffic");
});

test("a missing permission is named, and nothing is tried again", async () => {
  const before = await playground.lastSequence();
  const { message } = await changeUnder(
    "shop-web",
    [
      {
        match: patch("shop-web"),
        times: null,
        fault: { kind: "denied", action: "Microsoft.Network/virtualNetworks/subnets/join/action" },
      },
    ],
    "not applied",
  );
  expect(message.plainText).toContain("Microsoft.Network/virtualNetworks/subnets/join/action");
  const writes = (await playground.armRequests("shop-web", before)).filter(
    ({ method }) => method === "PATCH",
  );
  expect(writes).toHaveLength(1);
});

test("a policy that denies is named, and nothing is tried again", async () => {
  const before = await playground.lastSequence();
  const { card, message } = await changeUnder(
    "shop-web",
    [{ match: patch("shop-web"), times: null, fault: { kind: "policy", policy: "no-route-all-here" } }],
    "not applied",
  );
  expect(card.plainText).toContain("Azure's built-in policy on application routing");
  expect(message.plainText).toContain("no-route-all-here");
  const writes = (await playground.armRequests("shop-web", before)).filter(
    ({ method }) => method === "PATCH",
  );
  expect(writes).toHaveLength(1);
});

test("a throttled write is tried again after the time that Azure asked for", async () => {
  const { message } = await changeUnder(
    "shop-web",
    [{ match: patch("shop-web"), fault: { kind: "throttled", retryAfterSeconds: 1 } }],
    "confirmed",
  );
  expect(message.plainText).toContain("Done.");
});

test("a connection that breaks after the write was done: the reading decides, and it is not sent twice", async () => {
  const before = await playground.lastSequence();
  const { message } = await changeUnder(
    "shop-api",
    [{ match: patch("shop-api"), fault: { kind: "reset", when: "after" } }],
    "confirmed",
  );
  expect(message.plainText).toContain("Done.");
  const writes = (await playground.armRequests("shop-api", before)).filter(
    ({ method }) => method === "PATCH",
  );
  expect(writes).toHaveLength(1);
});

test("an asynchronous operation is followed to its end", async () => {
  const card = await playground.ask(
    teamsChannel,
    "robin",
    "turn on backup over vnet for shop-api",
    "Waiting for approval",
  );
  await playground.faults([{ match: patch("shop-api"), fault: { kind: "async", pollsUntilDone: 2 } }]);
  const { seq } = await playground.click(teamsChannel, "ana", { on: card, action: "Approve" });
  await playground.sees(teamsChannel, "robin", { after: seq, contains: ": confirmed", timeoutMs: 25_000 });
  expect((await playground.routing("shop-api")).backupRestoreTraffic).toBe(true);
});

test("a site that was changed in between makes the request out of date", async () => {
  const request = await playground.ask(
    slackChannel,
    "robin",
    "turn on backup over vnet for shop-checkout",
    "Waiting for approval",
  );
  await playground.drift("shop-checkout", { contentShareTraffic: true });
  const { seq } = await playground.click(slackChannel, "ben", { on: request, action: "Approve" });
  const told = await playground.sees(slackChannel, "robin", { after: seq, contains: "out of date" });
  expect(told.plainText).toContain("contentShareTraffic was false and is true");
  expect((await playground.routing("shop-checkout")).backupRestoreTraffic).toBe(false);
});

test("Azure away while the plan is made: said, and nothing is requested", async () => {
  await playground.faults([
    {
      match: { site: "app-x" },
      times: null,
      fault: { kind: "server-error", status: 503, retryAfterSeconds: 0 },
    },
  ]);
  const told = await playground.ask(
    teamsChannel,
    "robin",
    "turn on backup over vnet for app-x",
    "Nothing was changed",
  );
  expect(told.actions).toEqual([]);
});
