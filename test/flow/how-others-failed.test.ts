import { describe, expect, test } from "vitest";
import { readPolicy } from "../../src/config/read-policy.ts";
import { fingerprintOf } from "../../src/domain/change/fingerprint.ts";
import { handlers } from "../../src/flow/handlers.ts";
import { receiveInbound } from "../../src/flow/receive-inbound.ts";
import { channel, directChat, FlowWorld, people } from "../support/flow-world.ts";
import { approved, appX, toTheEnd } from "./approved-world.ts";

/**
 * How approvals of other bots failed, each as a test of ours. Rows that are not about the flow are elsewhere: tokens and hosts
 * in test/adapters/teams/authentication.test.ts and sending.test.ts, the chain of the audit in
 * test/adapters/store/audit-suite.ts, two processes and a database that goes away in test/adapters/store and test/crash.
 */

async function requested(): Promise<FlowWorld> {
  const world = new FlowWorld();
  await world.say("robin", "route all traffic for app-x");
  return world;
}

const stateOf = async (world: FlowWorld) => (await world.store.requests.get("CR-1"))?.state;

/** "approve CR-1", in a direct chat unless said otherwise, with its confirmation. */
async function approveByText(world: FlowWorld, who: keyof typeof people, place = directChat): Promise<void> {
  await world.say(who, "approve CR-1", place);
  const asked = world.shown.at(-1)?.actions.find(({ verb }) => verb === "confirm");
  if (asked) await world.click(who, "confirm", asked.id);
  await world.run();
}

describe("the approver list was unset, so that everybody could approve", () => {
  test("an empty list approves nobody, by button or by text", async () => {
    const world = await requested();
    world.rule = { ...world.rule, approve: [] };
    for (const who of ["ana", "ben", "olga", "robin"] as const) {
      await world.click(who, "approve", "CR-1");
      await approveByText(world, who);
    }
    expect((await world.store.requests.get("CR-1"))?.approvals).toEqual([]);
    expect(world.writes).toBe(0);
  });

  test("an unreadable one approves nobody, and nothing that was approved is written", async () => {
    const world = await requested();
    const { directory } = world.flow;
    const { policy } = directory;
    const away = () => Promise.reject(new Error("no policy"));
    Object.assign(directory, { policy: away });
    await expect(world.click("ana", "approve", "CR-1")).rejects.toThrow("no policy");
    expect(await stateOf(world)).toBe("pending");

    Object.assign(directory, { policy });
    await world.click("ana", "approve", "CR-1");
    Object.assign(directory, { policy: away });
    await expect(world.run()).rejects.toThrow("apply failed");
    expect(world.writes).toBe(0);
  });
});

test("the button's path skipped the normal check: here both ways refuse for the same reason, and record it", async () => {
  const world = await requested();
  await world.click("olga", "approve", "CR-1");
  await approveByText(world, "olga", channel);
  const refused = world.store.events.filter(({ kind }) => kind === "refused");
  expect(refused.map(({ surface, details }) => [surface, details.code])).toEqual([
    ["button", "not-an-approver"],
    ["text", "not-an-approver"],
  ]);
});

test("membership of the channel was the access list: here who is in it may nothing, and who is not may approve", async () => {
  const world = await requested();
  await world.click("olga", "approve", "CR-1");
  expect(await stateOf(world)).toBe("pending");
  await approveByText(world, "ana");
  expect(await stateOf(world)).toBe("confirmed");
});

test("success was posted before the change was made: here nothing says so until it was read back", async () => {
  const world = await requested();
  await world.click("ana", "approve", "CR-1");
  world.routing.order.write({ result: { kind: "accepted", receipt: { status: 200 } }, apply: "nothing" });
  await toTheEnd(world);
  await world.run();
  const said = world.chat.posted.flatMap(({ views }) => views.map(({ summary }) => summary));
  expect(said.filter((text) => /\bDone\b|confirmed/.test(text))).toEqual([]);
  expect(world.latest).toContain("Accepted but not applied");
});

test("the guard against double clicks was held in one process: here two of them on one store have one effect", async () => {
  const world = await requested();
  const other = receiveInbound({ ...world.flow, holder: "worker-2" });
  const click = { kind: "click", place: directChat, verb: "approve", target: "CR-1" } as const;
  await Promise.all([
    world.receive({ ...click, id: "a", actor: people.ana }),
    other({ ...click, id: "a", actor: people.ana }),
    other({ ...click, id: "b", actor: people.ben }),
  ]);
  await world.run();
  await world.store.work.start(handlers({ ...world.flow, holder: "worker-2" }));
  await world.store.work.runAll();
  expect(world.writes).toBe(1);
  expect((await world.store.requests.get("CR-1"))?.approvals).toHaveLength(1);
});

test("a click was acknowledged before it was stored, and lost: here it is refused, or it is there for good", async () => {
  const world = await requested();
  world.store.outage = new Error("the database is away");
  await expect(world.click("ana", "approve", "CR-1")).rejects.toThrow("away");
  world.store.outage = undefined;
  expect(await stateOf(world)).toBe("pending");
  await world.click("ana", "approve", "CR-1");
  // The process that acknowledged it dies here; another one finds it.
  await world.store.work.start(handlers({ ...world.flow, holder: "worker-2" }));
  await world.store.work.runAll();
  expect(await stateOf(world)).toBe("confirmed");
});

describe("requests were to be decided within 30 seconds, and vanished", () => {
  test("the time is hours unless somebody writes another", () => {
    const read = readPolicy('people: []\nrules: [{ name: all, request: ["*"], approve: [] }]', {
      teamsTenants: [],
      slackTeams: [],
    });
    expect(read).toMatchObject({ kind: "policy", policy: { rules: [{ decideWithinMs: 4 * 3_600_000 }] } });
  });

  test("its end is on the card, told in the thread, and in the audit", async () => {
    const world = await requested();
    await toTheEnd(world);
    await world.run();
    expect(await stateOf(world)).toBe("expired");
    expect(world.card("CR-1").summary).toContain("It was not decided in time");
    expect(world.latest).toContain("It was not decided in time");
    expect(world.store.events.at(-1)).toMatchObject({ to: "expired", details: { limit: "decide" } });
  });
});

test("an approval was kept for what was read again after the click: here another state needs another approval", async () => {
  const world = await approved();
  world.routing.setFlags(appX, { contentShareTraffic: true });
  await world.run();
  expect(await stateOf(world)).toBe("stale");
  expect(world.writes).toBe(0);
});

describe("a stored hash was trusted, and covered what is only shown", () => {
  test("a plan that is not what its fingerprint says is not written", async () => {
    const world = await approved();
    const request = await world.store.requests.get("CR-1");
    if (request?.state !== "approved") throw new Error("it is not approved");
    const [entry] = request.plan.entries;
    const changed = { ...entry, wanted: { ...entry.wanted, imagePullTraffic: true } };
    await world.store.requests.transition({
      from: request.revision,
      to: { ...request, revision: request.revision + 1, plan: { ...request.plan, entries: [changed] } },
      effects: { events: [], owed: [], jobs: [] },
    });
    await world.run();
    expect(world.writes).toBe(0);
    expect(await stateOf(world)).toBe("stale");
  });

  test("remarks and names are not in it; what is sent and the state that it was made from are", async () => {
    const world = await requested();
    const entry = (await world.store.requests.get("CR-1"))?.plan.entries[0];
    if (!entry) throw new Error("there is no plan");
    const { wanted, before } = entry;
    const same = fingerprintOf([entry]);
    const renamed = { ...before, target: { ...before.target, subscriptionName: "Another name" } };
    expect(fingerprintOf([{ ...entry, before: renamed }])).toBe(same);
    expect(fingerprintOf([{ ...entry, wanted: { ...wanted, imagePullTraffic: true } }])).not.toBe(same);
    const sku = { ...before, sku: "Another" };
    expect(fingerprintOf([{ ...entry, before: sku }])).not.toBe(same);
  });
});

test.each([
  ["before the click", "pending"],
  ["between the click and the write", "stale"],
])("somebody who had left was still an approver: here they are none, gone %s", async (when, state) => {
  const world = await requested();
  const leave = () => {
    world.rule = { ...world.rule, approve: ["ben"] };
  };
  if (state === "pending") leave();
  await world.click("ana", "approve", "CR-1");
  if (state === "stale") leave();
  await world.run();
  expect(world.writes, when).toBe(0);
  expect(await stateOf(world)).toBe(state);
});

test("the bot's own identity stood for the person: here the person decides, and is in the audit with their account", async () => {
  const world = await approved();
  expect(world.store.events.find(({ kind }) => kind === "approval")).toMatchObject({
    person: { id: "ana", name: "Ana Alvarez" },
    account: { platform: "teams", tenant: "tenant-1", user: "ana" },
    surface: "button",
  });
});

test("the lock's backend was down, which meant unlocked: here a write does not begin without its lock", async () => {
  const world = await approved();
  const { startInTurn } = world.store.requests;
  Object.assign(world.store.requests, { startInTurn: () => Promise.reject(new Error("away")) });
  await expect(world.run()).rejects.toThrow("apply failed");
  expect(world.writes).toBe(0);
  Object.assign(world.store.requests, { startInTurn });
  await toTheEnd(world);
  expect(world.writes).toBe(1);
});
