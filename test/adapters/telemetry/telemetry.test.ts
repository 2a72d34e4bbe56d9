import { expect, test } from "vitest";
import { createTelemetry, storyFields } from "../../../src/adapters/telemetry/telemetry.ts";
import { readTrail, writeTrail } from "../../../src/adapters/telemetry/trail.ts";

const telemetry = createTelemetry({});
const job = { kind: "job", job: "apply" } as const;

test("what a step does is in its story, with the ids of the steps around it, and nothing is outside of one", async () => {
  expect(storyFields()).toEqual({});
  expect(telemetry.trail()).toBeUndefined();
  await telemetry.step(job, { from: "new", about: { request: "CR-1" } }, async () => {
    const { trace } = storyFields();
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    await Promise.resolve();
    await telemetry.step({ kind: "routing", operation: "write" }, { about: { site: "app-x" } }, async () => {
      expect(storyFields()).toEqual({ trace, request: "CR-1", site: "app-x" });
    });
    expect(storyFields()).toEqual({ trace, request: "CR-1" });
    expect(telemetry.apart(() => storyFields())).toEqual({});
  });
  expect(storyFields()).toEqual({});
});

test("a story goes on where its trail leads, and one of another begins anew", async () => {
  const trailOf = (from: string) => telemetry.step(job, { from }, async () => telemetry.trail());
  const first = await trailOf("new");
  const next = await trailOf(first ?? "");
  expect(readTrail(next)?.trace).toBe(readTrail(first)?.trace);
  expect(readTrail(next)?.span).not.toBe(readTrail(first)?.span);
  for (const strange of [
    "",
    "nothing",
    `01-${"a".repeat(32)}-${"b".repeat(16)}-01`,
    `00-${"0".repeat(32)}-${"b".repeat(16)}-01`,
  ]) {
    const anew = readTrail(await trailOf(strange));
    expect(anew).toBeDefined();
    expect(anew?.trace).not.toBe(readTrail(first)?.trace);
  }
  const place = { trace: "a".repeat(32), span: "b".repeat(16) };
  expect(readTrail(writeTrail(place))).toEqual(place);
});

test("steps that run side by side keep apart, and a rejection comes through", async () => {
  const traces = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      telemetry.step(job, { from: "new", about: { request: `CR-${index}` } }, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        expect(storyFields().request).toBe(`CR-${index}`);
        return storyFields().trace;
      }),
    ),
  );
  expect(new Set(traces).size).toBe(20);
  await expect(telemetry.step(job, {}, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});
