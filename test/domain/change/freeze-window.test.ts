import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FreezeWindow, freezeAt } from "../../../src/domain/change/freeze-window.ts";
import { wallTimeAt } from "../../../src/domain/zoned-time.ts";

const hour = 60;
const day = 24 * hour;
const berlin = { zone: "Europe/Berlin", stopsBreakGlass: false } as const;
/** Friday 16:00 to Monday 08:00. */
const weekend: FreezeWindow = {
  ...berlin,
  name: "weekend",
  spans: [{ kind: "weekly", from: 4 * day + 16 * hour, to: 7 * day + 8 * hour }],
};
/** 02:30 to 02:45 on Sundays. */
const sundayNight: FreezeWindow = {
  ...berlin,
  name: "sunday night",
  spans: [{ kind: "weekly", from: 6 * day + 2.5 * hour, to: 6 * day + 2.75 * hour }],
};
const yearEnd: FreezeWindow = {
  ...berlin,
  name: "year end",
  spans: [{ kind: "once", from: Date.UTC(2026, 11, 18, 18), to: Date.UTC(2027, 0, 4, 8) }],
};
const until = (windows: readonly FreezeWindow[], at: string) =>
  freezeAt(windows, new Date(at))?.until?.toISOString().slice(0, 16);

describe("a freeze window", () => {
  test.each([
    ["2026-11-20T14:59:59.999Z", undefined],
    ["2026-11-20T15:00:00Z", "2026-11-23T07:00"],
    ["2026-11-22T23:30:00Z", "2026-11-23T07:00"],
    ["2026-11-23T06:59:59.999Z", "2026-11-23T07:00"],
    ["2026-11-23T07:00:00Z", undefined],
    // In summer its clocks are two hours ahead of UTC.
    ["2026-07-10T13:59:00Z", undefined],
    ["2026-07-10T14:00:00Z", "2026-07-13T06:00"],
    // Over the night in which clocks are set forward, and back.
    ["2026-03-27T15:00:00Z", "2026-03-30T06:00"],
    ["2026-10-23T14:00:00Z", "2026-10-26T07:00"],
  ])("of every weekend, at %s: until %s", (at, end) => {
    expect(until([weekend], at)).toBe(end);
  });

  test("that comes twice, as clocks are set back, lasts from the first to the last", () => {
    expect(until([sundayNight], "2026-10-25T00:29:00Z")).toBeUndefined();
    expect(until([sundayNight], "2026-10-25T00:30:00Z")).toBe("2026-10-25T01:45");
    expect(until([sundayNight], "2026-10-25T01:10:00Z")).toBe("2026-10-25T01:45");
    expect(until([sundayNight], "2026-10-25T01:45:00Z")).toBeUndefined();
  });

  test("that clocks set forward leave out is not lost", () => {
    expect(until([sundayNight], "2026-03-29T01:00:00Z")).toBe("2026-03-29T01:45");
  });

  test("given by dates comes once", () => {
    expect(until([yearEnd], "2026-12-18T16:59:00Z")).toBeUndefined();
    expect(until([yearEnd], "2026-12-18T17:00:00Z")).toBe("2027-01-04T07:00");
    expect(until([yearEnd], "2027-12-20T17:00:00Z")).toBeUndefined();
  });

  test("that runs into another one lasts until the end of that", () => {
    expect(freezeAt([weekend, yearEnd], new Date("2026-12-18T15:30:00Z"))).toEqual({
      window: weekend,
      until: new Date("2027-01-04T07:00:00Z"),
    });
  });

  test("without an end in sight names none", () => {
    const always: FreezeWindow = {
      ...berlin,
      name: "always",
      spans: [{ kind: "weekly", from: 0, to: 7 * day }],
    };
    expect(freezeAt([always], new Date("2026-11-20T15:00:00Z"))).toEqual({ window: always });
  });

  test("is on whenever the clock shows a time in it, and its end is the first instant at which it is not", () => {
    const minutes = fc.integer({ min: 0, max: 7 * day - 1 });
    const span = fc.record({ from: minutes, length: fc.integer({ min: 1, max: 7 * day - 1 }) });
    const zone = fc.constantFrom("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC");
    const instant = fc.oneof(
      fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) }),
      // Near the nights in which clocks change.
      fc.integer({ min: -36 * 3_600_000, max: 36 * 3_600_000 }).map((off) => Date.UTC(2026, 9, 25, 1) + off),
      fc.integer({ min: -36 * 3_600_000, max: 36 * 3_600_000 }).map((off) => Date.UTC(2026, 2, 29, 1) + off),
    );
    fc.assert(
      fc.property(span, zone, instant, ({ from, length }, zone, at) => {
        const window: FreezeWindow = {
          name: "w",
          zone,
          stopsBreakGlass: false,
          spans: [{ kind: "weekly", from, to: from + length }],
        };
        const wall = wallTimeAt(new Date(at), zone);
        const minute = Math.floor(wall / 60_000 - 4 * day) % (7 * day);
        const isShown = (minute >= from && minute < from + length) || minute + 7 * day < from + length;
        const found = freezeAt([window], new Date(at));
        if (isShown) expect(found).toBeDefined();
        if (found?.until) {
          expect(found.until.getTime()).toBeGreaterThan(at);
          expect(freezeAt([window], found.until)).toBeUndefined();
          expect(freezeAt([window], new Date(found.until.getTime() - 1))).toBeDefined();
        }
      }),
      { numRuns: 500 },
    );
  });
});
