import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Playground, slackChannel, teamsChannel } from "../support/playground.ts";

let playground: Playground;
beforeAll(async () => {
  playground = await Playground.start({ ROUTEBOT_VERIFY_WITHIN: "2s" });
});
afterAll(() => playground?.stop());
beforeEach(() => playground.faults([]));

test("three sites in one request: one card, one approval, each site changed and told", async () => {
  const card = await playground.ask(
    teamsChannel,
    "robin",
    "route all traffic for app-x, app-y and shop-web",
    "Waiting for approval",
  );
  expect(card.plainText).toContain("app-x, app-y and shop-web");
  const { seq } = await playground.click(teamsChannel, "ana", { on: card, action: "Approve" });
  const told = await playground.sees(teamsChannel, "robin", {
    after: seq,
    contains: ": confirmed",
    timeoutMs: 25_000,
  });
  for (const site of ["app-x", "app-y", "shop-web"]) {
    expect(told.plainText).toContain(`${site}, flags: done`);
    expect((await playground.routing(site)).applicationTraffic).toBe(true);
  }
});

test("the second of three is refused by Azure: the first is done, the third not begun, and that is told", async () => {
  const card = await playground.ask(
    slackChannel,
    "robin",
    "enable backup over vnet for app-x, app-y and shop-web",
    "Waiting for approval",
  );
  await playground.faults([{ match: { method: "PATCH", site: "app-y" }, fault: { kind: "policy" } }]);
  const before = await playground.lastSequence();
  const { seq } = await playground.click(slackChannel, "ben", { on: card, action: "Approve" });
  const told = await playground.sees(slackChannel, "robin", { after: seq, contains: "partly done" });
  expect(told.plainText).toContain("1 of 3 steps done.");
  expect(told.plainText).toContain("shop-web, flags: not begun");
  expect(told.plainText).toContain("app-traffic-must-be-routed");
  expect((await playground.routing("app-x")).backupRestoreTraffic).toBe(true);
  const third = await playground.armRequests("shop-web", before);
  expect(third.filter(({ method }) => method === "PATCH")).toEqual([]);
});

test("turning off what a legacy setting keeps on removes the setting, and keeps the others", async () => {
  const card = await playground.ask(
    teamsChannel,
    "robin",
    "stop routing all traffic for shop-legacy",
    "Waiting for approval",
  );
  expect(card.plainText).toContain("WEBSITE_VNET_ROUTE_ALL");
  const before = await playground.lastSequence();
  const { seq } = await playground.click(teamsChannel, "ana", { on: card, action: "Approve" });
  await playground.sees(teamsChannel, "robin", { after: seq, contains: ": confirmed", timeoutMs: 25_000 });
  const writes = (await playground.armRequests("shop-legacy", before)).filter(
    ({ method }) => method === "PUT" || method === "PATCH",
  );
  expect(writes.map(({ method }) => method)).toEqual(["PUT"]);
  const status = await playground.ask(teamsChannel, "robin", "status of shop-legacy", "Outbound routing of");
  expect(status.plainText).not.toContain("WEBSITE_VNET_ROUTE_ALL");
});

test("what the network around the subnet would do is on the card, with the rule's name", async () => {
  const blocked = await playground.ask(
    teamsChannel,
    "robin",
    "what would happen if we enable content share over vnet for shop-fn/staging?",
    "Dry run",
  );
  expect(blocked.plainText).toContain("nsg-functions");
  expect(blocked.plainText).toContain("445 (rule DenyFileShareOut)");
});
