import { expect, test } from "vitest";
import { verifyAudit } from "../../src/domain/audit/verify-audit.ts";
import type { Flow } from "../../src/flow/flow.ts";
import { handlers } from "../../src/flow/handlers.ts";
import { type Sealing, sealAudit, startSealing } from "../../src/flow/seal-audit.ts";
import { newSealingKey, rehashed } from "../support/audit-samples.ts";
import { FlowWorld } from "../support/flow-world.ts";
import { MemoryAnchor, MemoryAudit } from "../support/memory-audit.ts";

const minutes = 60_000;

/** A world whose audit is sealed every ten minutes, or with every fourth record. */
async function sealedWorld(key = newSealingKey()) {
  const world = new FlowWorld();
  const trail = new MemoryAudit(() => world.store.events);
  const anchor = new MemoryAnchor();
  const sealing: Sealing = {
    trail,
    key,
    publicKey: "PEM",
    anchor,
    everyMs: 10 * minutes,
    everyRecords: 4,
  };
  const flow: Flow = Object.assign(world.flow, { sealing });
  const run = async () => {
    await world.store.work.start(handlers(flow));
    for (const { result } of await world.store.work.runAll()) expect(result.kind).not.toBe("failed");
  };
  await startSealing(flow, sealing);
  await run();
  return { world, trail, anchor, sealing, flow, run, keys: new Map([[key.id, key.publicKey]]) };
}

test("the first start says in the audit which key signs, and seals it; a restart with that key says nothing", async () => {
  const { world, anchor, flow, sealing } = await sealedWorld();
  expect(world.store.events).toMatchObject([
    { kind: "sealing-key", details: { key: sealing.key.id, publicKey: "PEM" } },
  ]);
  expect(anchor.seals).toMatchObject([{ seq: 1, keyId: sealing.key.id }]);
  await startSealing(flow, sealing);
  expect(world.store.events).toHaveLength(1);
});

test("another key is said in the audit; seals of both verify with both public keys", async () => {
  const { world, trail, anchor, flow, sealing, run, keys } = await sealedWorld();
  const next = newSealingKey();
  const rotated = { ...sealing, key: next };
  await startSealing({ ...flow, sealing: rotated }, rotated);
  world.clock.advance(10 * minutes);
  await sealAudit(flow, rotated, "when due");
  await run();
  expect(anchor.seals.map(({ keyId }) => keyId)).toEqual([sealing.key.id, next.id]);
  const both = new Map([...keys, [next.id, next.publicKey]]);
  const proof = { anchors: anchor.seals, keys: both };
  expect(await verifyAudit(trail.recordsAfter(0), proof)).toMatchObject({ kind: "whole", anchored: 2 });
  expect(await verifyAudit(trail.recordsAfter(0), { ...proof, keys })).toMatchObject({
    kind: "bad-anchor",
    index: 1,
  });
});

test("new records are sealed after the time that was set, or when there are enough of them", async () => {
  const { world, anchor, run } = await sealedWorld();
  const ask = (site: string) => world.say("robin", `route all traffic for ${site}`);
  await ask("app-x");
  world.clock.advance(minutes);
  await run();
  expect(anchor.seals).toHaveLength(1);
  world.clock.advance(9 * minutes);
  await run();
  expect(anchor.seals.at(-1)).toMatchObject({ seq: 2 });

  await world.click("ana", "approve", "CR-1");
  await run();
  expect(world.store.events.length).toBeGreaterThanOrEqual(6);
  world.clock.advance(minutes);
  await run();
  expect(anchor.seals.at(-1)).toMatchObject({ seq: world.store.events.length });
  world.clock.advance(60 * minutes);
  await run();
  expect(anchor.seals).toHaveLength(3);
});

test("an anchor that cannot be reached holds up no decision, and gets what it missed", async () => {
  const { world, anchor, run } = await sealedWorld();
  anchor.outage = new Error("the share is away");
  world.clock.advance(20 * minutes);
  await world.say("robin", "route all traffic for app-x");
  await world.click("ana", "approve", "CR-1");
  await run();
  expect((await world.store.requests.get("CR-1"))?.state).toBe("confirmed");
  expect(world.log.named("audit-not-sealed").length).toBeGreaterThan(0);
  anchor.outage = undefined;
  world.clock.advance(minutes);
  await run();
  expect(anchor.seals.at(-1)?.seq).toBe(world.store.events.length);
});

test("when it stops, everything is sealed at once", async () => {
  const { world, anchor, flow, sealing } = await sealedWorld();
  await world.say("robin", "route all traffic for app-x");
  await sealAudit(flow, sealing, "now");
  expect(anchor.seals.at(-1)?.seq).toBe(2);
});

test.each([
  [
    "a sealed record that was written anew",
    (all: Parameters<typeof rehashed>[0]) =>
      rehashed(
        all.map((one) => ({ ...one, payload: one.payload.replace("PEM", "MEP") })),
        0,
      ),
  ],
  ["records that were cut off", () => []],
  [
    "a later record that was edited",
    (all: Parameters<typeof rehashed>[0]) =>
      all.map((one) => (one.seq === 2 ? { ...one, payload: `${one.payload} ` } : one)),
  ],
])("%s: that is never signed, and logged", async (_, rewrite) => {
  const { world, trail, anchor, run } = await sealedWorld();
  await world.say("robin", "route all traffic for app-x");
  trail.rewrite = rewrite;
  world.clock.advance(20 * minutes);
  await run();
  expect(anchor.seals).toHaveLength(1);
  const [line] = world.log.named("audit-not-sealed");
  expect(line).toMatchObject({
    level: "error",
    error: { message: expect.stringContaining("the audit is broken") },
  });
});
