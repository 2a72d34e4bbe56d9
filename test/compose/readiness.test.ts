import { expect, test } from "vitest";
import { readinessOf } from "../../src/compose/readiness.ts";
import { inOrder } from "../../src/ports/readiness.ts";

type Given = Partial<Parameters<typeof readinessOf>[0]>;

const found = async (given: Given = {}) => {
  const readiness = readinessOf({
    ping: async () => undefined,
    lookedForMsAgo: () => 2_000,
    running: () => true,
    signIns: [],
    ...given,
  });
  return Object.fromEntries((await readiness.look(true)).map(({ name, finding }) => [name, finding.kind]));
};

test("all is well", async () => {
  expect(await found()).toEqual({ process: "in-order", database: "in-order", jobs: "in-order" });
});

const cases: readonly (readonly [Readonly<Record<string, string>>, Given])[] = [
  [{ process: "failed" }, { running: () => false }],
  [{ database: "failed" }, { ping: () => Promise.reject(new Error("away")) }],
  [{ jobs: "failed" }, { lookedForMsAgo: () => 20_000 }],
  [{ jobs: "failed" }, { lookedForMsAgo: () => undefined }],
  [{ azure: "failed" }, { signIns: [{ name: "azure", look: async () => ({ kind: "failed", why: "x" }) }] }],
  [{ slack: "unclear" }, { signIns: [{ name: "slack", look: async () => ({ kind: "unclear", why: "x" }) }] }],
];

test.each(cases)("%j", async (expected, given) => {
  expect(await found(given)).toMatchObject(expected);
});

test("a database that never answers is a failure within seconds", async () => {
  const began = performance.now();
  expect(await found({ ping: () => new Promise(() => {}) })).toMatchObject({ database: "failed" });
  expect(performance.now() - began).toBeLessThan(5_000);
});

test("on standby no jobs are expected, and sign-ins are", async () => {
  const signIns = [{ name: "azure", look: async () => inOrder }];
  expect(await found({ lookedForMsAgo: "none", signIns })).toEqual({
    process: "in-order",
    database: "in-order",
    azure: "in-order",
  });
});
