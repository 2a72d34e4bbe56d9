import { describe, expect, test } from "vitest";
import { sealHead } from "../../src/domain/audit/seal.ts";
import type { RequestId } from "../../src/domain/change/change-request.ts";
import type { Interruption } from "../../src/domain/change/interruption.ts";
import { beginApplying } from "../../src/domain/change/progress.ts";
import { parkOpenWork } from "../../src/flow/park-open-work.ts";
import type { Continuity } from "../../src/ports/continuity.ts";
import { newSealingKey } from "../support/audit-samples.ts";
import { FlowWorld } from "../support/flow-world.ts";
import { MemoryAnchor, MemoryAudit } from "../support/memory-audit.ts";
import { allFlagsOff, sampleSite, sampleTarget } from "../support/observations.ts";

const minutes = 60_000;
const sites = ["app-x", "app-y", "app-z", "app-v"];
const flagsOf = (world: FlowWorld, site: string) => world.routing.site(sampleTarget(site).resourceId).flags;
const stateOf = async (world: FlowWorld, id: RequestId) => (await world.store.requests.get(id))?.state;

/** What the store says of an interruption. Request by request is asked for what follows, which does no harm. */
function interrupted(world: FlowWorld, kind: Interruption["kind"] = "moved") {
  let now: Interruption | undefined = { kind, at: world.clock.now(), evidence: "the tests" };
  const found: string[] = [];
  const continuity: Continuity = {
    interruption: async () => now,
    foundRestored: async (evidence) => void found.push(evidence),
    settle: async () => {
      now = undefined;
    },
    caredFor: async () => Array.from({ length: 9 }, (_, index): RequestId => `CR-${index + 1}`),
  };
  return { continuity, found, isSettled: () => now === undefined };
}

/** Time for everything that would go on by itself. */
async function passADay(world: FlowWorld): Promise<void> {
  for (let hour = 0; hour < 24; hour++) {
    world.clock.advance(60 * minutes);
    await world.run();
  }
}

describe.each(["moved", "restored"] as const)("records that were %s", (kind) => {
  test("let nothing that was approved be written; it can be asked for anew, and approved anew", async () => {
    const world = new FlowWorld(sites.map((name) => sampleSite(name)));
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    const { continuity, isSettled } = interrupted(world, kind);
    await parkOpenWork(world.flow, continuity);
    await world.run();
    expect(isSettled()).toBe(true);
    expect([await stateOf(world, "CR-1"), world.writes]).toEqual(["stale", 0]);
    expect(world.card("CR-1").summary).toContain("what was under way");
    expect(world.card("CR-1").actions.map(({ verb }) => verb)).toEqual(["again"]);

    await world.click("robin", "again", "CR-1");
    await world.run();
    expect([await stateOf(world, "CR-2"), world.writes]).toEqual(["pending", 0]);
    await world.click("ana", "approve", "CR-2");
    await world.run();
    expect(await stateOf(world, "CR-2")).toBe("confirmed");
    expect(world.writes).toBe(1);
  });

  test("take approvals back that were given before, and no later ones", async () => {
    const world = new FlowWorld(sites.map((name) => sampleSite(name)));
    world.rule = { ...world.rule, quorum: 2 };
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    const { continuity } = interrupted(world, kind);
    await parkOpenWork(world.flow, continuity);
    await world.run();
    expect(await world.store.requests.get("CR-1")).toMatchObject({ state: "pending", approvals: [] });
    expect(world.latest).toContain("CR-1: the approvals so far do not count any more.");
    expect(world.card("CR-1").summary).toContain("2 approvals by Ana Alvarez or Ben Becker");

    world.clock.advance(1);
    await world.click("ana", "approve", "CR-1");
    // A second process that begins while the first one works already.
    await parkOpenWork(world.flow, {
      ...continuity,
      interruption: async () => ({ kind, at: new Date(world.clock.now().getTime() - 1), evidence: "" }),
    });
    await world.click("ben", "approve", "CR-1");
    await world.run();
    expect(await stateOf(world, "CR-1")).toBe("confirmed");
  });

  test("end what may have been written as unknown, and send nothing", async () => {
    const world = new FlowWorld(sites.map((name) => sampleSite(name)));
    await world.say("robin", "route all traffic for app-x for 2 hours");
    await world.click("ana", "approve", "CR-1");
    const request = await world.store.requests.get("CR-1");
    if (request?.state !== "approved") throw new Error("not approved");
    const begun = beginApplying(request, { holder: "dead", at: world.clock.now() });
    const effects = { events: [begun.event], owed: [], jobs: [] };
    await world.store.requests.transition({ from: request.revision, to: begun.to, effects });
    await parkOpenWork(world.flow, interrupted(world, kind).continuity);
    await passADay(world);
    expect(await world.store.requests.get("CR-1")).toMatchObject({
      state: "failed",
      outcomes: [{ kind: "unknown", failure: { code: "interrupted" } }],
    });
    expect(world.card("CR-1").summary).toContain("Outcome unknown.");
    expect([world.writes, flagsOf(world, "app-x")]).toEqual([0, allFlagsOff]);
  });

  test("leave a temporary change as it is, and say so with the way back", async () => {
    const world = new FlowWorld(sites.map((name) => sampleSite(name)));
    await world.say("robin", "route all traffic for app-x for 2 hours");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    const { continuity } = interrupted(world, kind);
    await parkOpenWork(world.flow, continuity);
    await world.run();
    expect(world.latest).toContain("was to be turned back in time, and I do not do that any more.");
    expect(world.shown.at(-1)?.actions).toMatchObject([{ verb: "undo", id: "CR-1" }]);
    await passADay(world);
    expect([world.writes, flagsOf(world, "app-x").applicationTraffic]).toEqual([1, true]);
    await world.click("robin", "undo", "CR-1");
    await world.run();
    await world.click("ana", "approve", "CR-2");
    await world.run();
    expect(flagsOf(world, "app-x")).toEqual(allFlagsOff);
  });

  test("do not open the revert again that was under way", async () => {
    const world = new FlowWorld(sites.map((name) => sampleSite(name)));
    await world.say("robin", "route all traffic for app-x for 2 hours");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    // Stopped, the revert waits.
    await world.say("ana", "freeze all changes because of a test");
    world.clock.advance(121 * minutes);
    await world.run();
    expect(await stateOf(world, "CR-2")).toBe("approved");
    await parkOpenWork(world.flow, interrupted(world, kind).continuity);
    await world.say("ana", "unfreeze");
    await passADay(world);
    expect([await stateOf(world, "CR-2"), await stateOf(world, "CR-3"), world.writes]).toEqual([
      "stale",
      undefined,
      1,
    ]);
  });

  test("are parked whole, however often that is broken off, and leave ended requests alone", async () => {
    const world = new FlowWorld(sites.map((name) => sampleSite(name)));
    for (const site of sites) await world.say("robin", `route all traffic for ${site}`);
    await world.click("ana", "reject", "CR-4", "no");
    for (const id of ["CR-1", "CR-2", "CR-3"]) await world.click("ana", "approve", id);
    const rejected = await world.store.requests.get("CR-4");
    const { continuity, isSettled } = interrupted(world, kind);
    for (const after of [1, 1]) {
      let moves = 0;
      const { transition } = world.flow.requests;
      const requests: typeof world.flow.requests = Object.assign(Object.create(world.flow.requests), {
        transition: (...given: Parameters<typeof transition>) => {
          if (++moves > after) throw new Error("killed");
          return world.flow.requests.transition(...given);
        },
      });
      await expect(parkOpenWork({ ...world.flow, requests }, continuity)).rejects.toThrow("killed");
      expect(isSettled()).toBe(false);
    }
    await parkOpenWork(world.flow, continuity);
    await world.run();
    const states = await Promise.all(["CR-1", "CR-2", "CR-3"].map((id) => stateOf(world, id as RequestId)));
    expect(states).toEqual(["stale", "stale", "stale"]);
    expect(await world.store.requests.get("CR-4")).toEqual(rejected);
    expect(world.writes).toBe(0);
  });
});

test("without an interruption everything goes on", async () => {
  const world = new FlowWorld(sites.map((name) => sampleSite(name)));
  await world.say("robin", "route all traffic for app-x");
  await world.click("ana", "approve", "CR-1");
  const { continuity } = interrupted(world);
  await parkOpenWork(world.flow, { ...continuity, interruption: async () => undefined });
  await world.run();
  expect(await stateOf(world, "CR-1")).toBe("confirmed");
});

test("an anchor that knows records which are not there proves that these were restored", async () => {
  const world = new FlowWorld();
  await world.say("robin", "route all traffic for app-x");
  await world.click("ana", "approve", "CR-1");
  await world.run();
  const trail = new MemoryAudit(() => world.store.events);
  const anchor = new MemoryAnchor();
  const key = newSealingKey();
  const { continuity, found } = interrupted(world);
  const look = async () => {
    const sealing = { trail, key, publicKey: "", anchor, everyMs: 1, everyRecords: 1 };
    await parkOpenWork({ ...world.flow, sealing }, { ...continuity, interruption: async () => undefined });
    return found.splice(0);
  };
  expect(await look()).toEqual([]);
  anchor.seals.push(sealHead(await trail.head(), key, world.clock.now()));
  expect(await look()).toEqual([]);

  const all = trail.records.length;
  trail.rewrite = (records) => records.slice(0, 2);
  const [evidence] = await look();
  expect(evidence).toContain(`has a seal of record ${all} `);
  expect(evidence).toContain("that the database, with 2 records, does not have");
  trail.rewrite = (records) => records.map((record) => ({ ...record, hash: "0".repeat(64) }));
  expect(await look()).toHaveLength(1);
  anchor.outage = new Error("the share is away");
  expect(await look()).toEqual([]);
});
