import { expect, test } from "vitest";
import { FlowWorld, people } from "../support/flow-world.ts";
import { allFlagsOff, noLegacySettings, sampleSite } from "../support/observations.ts";

/** What the audit must be able to answer later, for one change from the wish to the reading that proves it. */
test("a change is bound to people, accounts, surface, policy, plan, before, after and Azure's ids", async () => {
  const world = new FlowWorld();
  await world.say("robin", "route all traffic for app-x because of ticket 7");
  await world.click("ana", "approve", "CR-1");
  await world.run();
  const [opened, approval, applying, wrote, confirmed, ...rest] = world.store.events;
  expect(rest).toEqual([]);
  const fingerprint = (await world.store.requests.get("CR-1"))?.plan.fingerprint;
  expect(opened).toMatchObject({
    kind: "opened",
    request: "CR-1",
    person: { id: "robin" },
    account: people.robin.account,
    surface: "text",
    to: "pending",
    fingerprint,
    policyVersion: "policy-1",
    details: {
      rule: "shop",
      quorum: "1",
      reason: expect.stringContaining("ticket 7"),
      site: expect.stringContaining("/sites/app-x"),
      changes: JSON.stringify({ applicationTraffic: true }),
      before: expect.stringContaining('"applicationTraffic":false'),
    },
  });
  expect(approval).toMatchObject({
    kind: "approval",
    person: { id: "ana" },
    account: people.ana.account,
    surface: "button",
    from: "pending",
    to: "approved",
    fingerprint,
    policyVersion: "policy-1",
    details: { approvals: "1 of 1" },
  });
  expect(applying).toMatchObject({ to: "applying", fingerprint, policyVersion: "policy-1" });
  expect(wrote).toMatchObject({
    to: "verifying",
    details: { status: "200", requestId: expect.any(String), correlationId: expect.any(String) },
  });
  expect(confirmed).toMatchObject({
    to: "confirmed",
    details: { outcome: "confirmed", after: expect.stringContaining('"applicationTraffic":true') },
  });
});

test("of several steps each says which one it is, and of which site", async () => {
  const world = new FlowWorld();
  await world.say("robin", "route all traffic for app-x and app-y");
  await world.click("ana", "approve", "CR-1");
  await world.run();
  const steps = world.store.events.flatMap(({ details }) =>
    details.step === undefined ? [] : [`${details.step} ${details.site?.split("/").at(-1)}`],
  );
  expect(steps).toEqual(["1 of 2 app-x", "1 of 2 app-x", "2 of 2 app-y", "2 of 2 app-y"]);
});

test("an edit of a legacy setting says what it was and what it became, and no value of any other", async () => {
  const world = new FlowWorld([
    sampleSite("app-x", {
      legacy: { ...noLegacySettings, WEBSITE_VNET_ROUTE_ALL: "on" },
      flags: { ...allFlagsOff, applicationTraffic: true },
    }),
  ]);
  await world.say("robin", "stop routing all traffic for app-x");
  await world.click("ana", "approve", "CR-1");
  await world.run();
  const details = world.store.events.map((event) => event.details);
  expect(details[0]?.settings).toContain("WEBSITE_VNET_ROUTE_ALL");
  expect(details[0]?.settingsBefore).toContain('"WEBSITE_VNET_ROUTE_ALL":"on"');
  expect(details.at(-1)?.settingsAfter).toContain('"WEBSITE_VNET_ROUTE_ALL":"absent"');
});

test("a choice that opens a request came from a button; a rejection and a cancellation say who, where and why", async () => {
  const world = new FlowWorld();
  await world.say("robin", "route all traffic for ap-x");
  const offered = world.shown.at(-1)?.actions.find(({ verb }) => verb === "pick");
  await world.click("robin", "pick", offered?.id ?? "");
  await world.run();
  expect(world.store.events[0]).toMatchObject({ kind: "opened", surface: "button" });
  await world.click("ben", "reject", "CR-1", "not now");
  expect(world.store.events.at(-1)).toMatchObject({
    person: { id: "ben" },
    account: people.ben.account,
    surface: "button",
    to: "rejected",
    policyVersion: "policy-1",
    details: { why: "not now" },
  });
  await world.say("robin", "route all traffic for app-y");
  await world.click("robin", "cancel", "CR-2");
  expect(world.store.events.at(-1)).toMatchObject({
    person: { id: "robin" },
    account: people.robin.account,
    to: "cancelled",
    policyVersion: "policy-1",
  });
});
