import { describe, expect, test } from "vitest";
import { createReadiness, type WatchedCheck } from "../../../src/adapters/http/readiness.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { type Finding, inOrder, isUnreachable } from "../../../src/ports/readiness.ts";

/** A clock whose sleepers wake when the test moves it. */
function testClock() {
  let now = 0;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  const clock: Clock = {
    now: () => new Date(now),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    async advance(ms: number) {
      now += ms;
      for (const sleeper of [...sleepers]) {
        if (sleeper.at > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await settle();
    },
  };
}

const failed = (why: string): Finding => ({ kind: "failed", why });
const check = (given: Partial<WatchedCheck> & Pick<WatchedCheck, "look">): WatchedCheck => ({
  name: "one",
  goodForMs: 1_000,
  badForMs: 100,
  limitMs: 2_000,
  ...given,
});

describe("readiness", () => {
  test("however many ask, a check is made once at a time, and not again as long as its finding is good", async () => {
    const { clock, advance } = testClock();
    let looks = 0;
    let finding: Finding = inOrder;
    const readiness = createReadiness(
      [
        check({
          async look() {
            looks += 1;
            return finding;
          },
        }),
      ],
      clock,
    );
    const ask = async () => (await readiness.look(false))[0]?.finding;
    expect(await Promise.all(Array.from({ length: 100 }, ask))).toEqual(Array(100).fill(inOrder));
    expect(looks).toBe(1);
    finding = failed("gone");
    await advance(999);
    expect(await ask()).toEqual(inOrder);
    await advance(1);
    expect(await ask()).toEqual(failed("gone"));
    // What is out of order is looked at again sooner.
    finding = inOrder;
    await advance(100);
    expect(await ask()).toEqual(inOrder);
    expect(looks).toBe(3);
  });

  test("a look without an end is unclear, or a failure of what is vital, and its signal is aborted", async () => {
    const { clock, advance } = testClock();
    const signals: AbortSignal[] = [];
    const look = (signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<Finding>(() => {});
    };
    const readiness = createReadiness([check({ look }), check({ look, vital: true })], clock);
    const asked = readiness.look(false);
    await advance(2_000);
    const why = "no answer within 2 s";
    expect((await asked).map(({ finding }) => finding)).toEqual([{ kind: "unclear", why }, failed(why)]);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  test("a check that breaks is unclear, and says nothing of why", async () => {
    const { clock } = testClock();
    const look = () => Promise.reject(new Error("secret"));
    const [found] = await createReadiness([check({ look })], clock).look(false);
    expect(found?.finding).toEqual({ kind: "unclear", why: "the check itself failed" });
  });

  test("what is looked for behind the answer is not waited for, unless it never was and all is asked for", async () => {
    const { clock, advance } = testClock();
    let looks = 0;
    const look = async () => {
      looks += 1;
      return looks === 1 ? inOrder : failed("refused");
    };
    const readiness = createReadiness([check({ look, behind: true })], clock);
    const ask = async (all = false) => (await readiness.look(all))[0]?.finding;
    expect(await ask()).toEqual({ kind: "unclear", why: "not looked at yet" });
    expect(looks).toBe(0);
    await advance(500);
    expect(await ask()).toEqual(inOrder);
    await advance(1_000);
    expect(await ask()).toEqual(inOrder);
    await advance(500);
    expect(await ask()).toEqual(failed("refused"));

    const other = createReadiness([check({ look: async () => failed("refused"), behind: true })], clock);
    expect((await other.look(true))[0]?.finding).toEqual(failed("refused"));
  });
});

test.each([
  [true, Object.assign(new Error("x"), { code: "ECONNREFUSED" })],
  [true, new Error("x", { cause: Object.assign(new Error("y"), { code: "ENOTFOUND" }) })],
  [
    true,
    Object.assign(new Error("x"), {
      errors: [new Error("y"), Object.assign(new Error("z"), { code: "ETIMEDOUT" })],
    }),
  ],
  [true, new DOMException("x", "TimeoutError")],
  [true, new Error("network_error: Network request failed")],
  [false, new Error("AADSTS7000215: Invalid client secret provided.")],
  [false, "ECONNREFUSED"],
])("whether nobody could be asked: %s, %s", (expected, error) => {
  expect(isUnreachable(error)).toBe(expected);
});
