import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Playground, slackChannel, teamsChannel } from "../support/playground.ts";

/**
 * What Azure's API is known to do to those who change routing: the chat has to say the truth about each. The list of all of
 * them, with their tests, is in docs/failures.md.
 */

let playground: Playground;
beforeAll(async () => {
  playground = await Playground.start({
    ROUTEBOT_VERIFY_WITHIN: "3s",
    ROUTEBOT_RETRY_WITHIN: "5s",
    ROUTEBOT_PUT_FALLBACK: "1",
  });
});
afterAll(() => playground?.stop());
beforeEach(async () => {
  await playground.faults([]);
  await playground.withholdActions([]);
});

type Change = {
  readonly where: typeof teamsChannel;
  readonly text: string;
  /** Of the local Azure, from the approval on. */
  readonly faults: readonly unknown[];
  readonly site: string;
  readonly told: string;
};

/** Asks for a change, lets somebody else approve it under the faults, and returns what was said and sent. */
async function change({ where, text, faults, site, told }: Change) {
  const card = await playground.ask(where, "robin", text, "Waiting for approval");
  const before = await playground.lastSequence();
  await playground.faults(faults);
  const approver = where.platform === "teams" ? "ana" : "ben";
  const { seq } = await playground.click(where, approver, { on: card, action: "Approve" });
  const message = await playground.sees(where, "robin", { after: seq, contains: told, timeoutMs: 30_000 });
  const sent = await playground.armRequests(site, before);
  const writes = sent.filter(({ method }) => method === "PATCH" || method === "PUT");
  return { card, message, writes, methods: writes.map(({ method }) => method) };
}

const patch = (site: string) => ({ method: "PATCH", site });

test("a conflict of site and siteConfig is told in Azure's words, and siteConfig was not what we sent", async () => {
  const { message, writes, methods } = await change({
    where: teamsChannel,
    text: "route all traffic for app-x",
    site: "app-x",
    faults: [{ match: patch("app-x"), times: null, fault: { kind: "site-config-conflict" } }],
    told: "not applied",
  });
  expect(message.plainText).toContain("SiteConfig.VnetRouteAllEnabled cannot be modified");
  expect(message.plainText).toContain("Nothing was changed");
  expect(methods).toEqual(["PATCH"]);
  expect(JSON.stringify(writes.map(({ requestBody }) => requestBody))).not.toMatch(/siteConfig/i);
});

test("another operation that does not end in time: told as not applied, with Azure's words", async () => {
  const { message, methods } = await change({
    where: slackChannel,
    text: "route all traffic for app-x",
    site: "app-x",
    faults: [{ match: patch("app-x"), times: null, fault: { kind: "busy" } }],
    told: "not applied",
  });
  expect(message.plainText).toContain("another operation is in progress");
  expect(methods).toEqual(["PATCH"]);
});

test("503 on the write: the site is looked at, and the identical write is sent again after the time that Azure asked for", async () => {
  const unavailable = { kind: "server-error", status: 503, retryAfterSeconds: 1 };
  const { writes, methods } = await change({
    where: slackChannel,
    text: "turn on backup over vnet for app-x",
    site: "app-x",
    faults: [{ match: patch("app-x"), fault: unavailable }],
    told: ": confirmed",
  });
  expect(methods).toEqual(["PATCH", "PATCH"]);
  expect(writes[0]?.requestBody).toEqual(writes[1]?.requestBody);
});

test("503 although the write was done: the reading decides, and it is not sent twice", async () => {
  const unavailable = { kind: "server-error", status: 503, retryAfterSeconds: 1, when: "after" };
  const { methods } = await change({
    where: teamsChannel,
    text: "turn off backup over vnet for app-x",
    site: "app-x",
    faults: [{ match: patch("app-x"), fault: unavailable }],
    told: ": confirmed",
  });
  expect(methods).toEqual(["PATCH"]);
  expect((await playground.routing("app-x")).backupRestoreTraffic).toBe(false);
});

test("200 before it is done: confirmed only once the site says so, and sent once", async () => {
  const { message, methods } = await change({
    where: teamsChannel,
    text: "turn on backup over vnet for app-y",
    site: "app-y",
    faults: [{ match: patch("app-y"), fault: { kind: "late", readsUntilDone: 2 } }],
    told: ": confirmed",
  });
  expect(message.plainText).not.toContain("PUT");
  expect(message.plainText).toContain("outboundVnetRouting.backupRestoreTraffic");
  expect(message.plainText).toContain("az resource update --ids");
  expect(methods).toEqual(["PATCH"]);
  expect((await playground.routing("app-y")).backupRestoreTraffic).toBe(true);
});

test("an operation that Azure accepts and then fails is never told as done", async () => {
  const { message } = await change({
    where: slackChannel,
    text: "turn on backup over vnet for shop-api",
    site: "shop-api",
    faults: [{ match: patch("shop-api"), fault: { kind: "async", pollsUntilDone: 1, outcome: "failed" } }],
    told: "accepted but not applied",
  });
  expect(message.plainText).toContain("Azure's operation failed");
  expect((await playground.routing("shop-api")).backupRestoreTraffic).toBe(false);
});

test("a PATCH without effect, with the fallback: the card announced the PUT, and the thread is told of it", async () => {
  const { card, message, writes, methods } = await change({
    where: slackChannel,
    text: "turn on image pull over vnet for shop-feed",
    site: "shop-feed",
    faults: [{ match: patch("shop-feed"), fault: { kind: "ignored" } }],
    told: ": confirmed",
  });
  expect(card.plainText).toContain("the whole site is sent");
  for (const { plainText } of [card, message]) {
    expect(plainText).toContain("outboundVnetRouting.imagePullTraffic");
    expect(plainText).toContain("vnetImagePullEnabled");
  }
  expect(message.plainText).toContain("so the whole site was sent again (PUT)");
  expect(methods).toEqual(["PATCH", "PUT"]);
  expect(JSON.stringify(writes.at(-1)?.requestBody)).not.toMatch(/"(siteConfig|identity)"/);
});

test("the same without the right that a PUT needs: accepted but not applied, with the missing action", async () => {
  await playground.withholdActions(["Microsoft.Network/virtualNetworks/subnets/join/action"]);
  const { message } = await change({
    where: slackChannel,
    text: "turn on image pull over vnet for shop-images",
    site: "shop-images",
    faults: [{ match: patch("shop-images"), fault: { kind: "ignored" } }],
    told: "accepted but not applied",
  });
  expect(message.plainText).toContain("Microsoft.Network/virtualNetworks/subnets/join/action");
});

test("a missing role, and not only a fault: the action is named", async () => {
  await playground.withholdActions(["Microsoft.Web/sites/write"]);
  const { message, methods } = await change({
    where: teamsChannel,
    text: "route all traffic for app-x",
    site: "app-x",
    faults: [],
    told: "not applied",
  });
  expect(message.plainText).toMatch(/lacks the permission Microsoft\.Web\/sites\/write/i);
  expect(methods).toEqual(["PATCH"]);
});

test("what restarts, and what shows at the next start only, is on the card before anybody approves", async () => {
  const legacy = await playground.ask(
    slackChannel,
    "robin",
    "stop routing application traffic for shop-legacy",
    "Waiting for approval",
  );
  expect(legacy.plainText).toContain("the site restarts");
  const image = await playground.ask(
    teamsChannel,
    "robin",
    "turn on image pull over vnet for shop-web/staging",
    "Waiting for approval",
  );
  expect(image.plainText).toContain("shows at its next start");
});
