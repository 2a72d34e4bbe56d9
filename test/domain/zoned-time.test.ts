import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instantOf, isTimeZone, wallTimeAt } from "../../src/domain/zoned-time.ts";

const wall = (text: string) => Date.parse(`${text}:00Z`);
const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Pacific/Apia",
];

describe("the clock on the wall", () => {
  test.each([
    ["Europe/Berlin", "2026-01-15T12:00:00Z", "2026-01-15T13:00"],
    ["Europe/Berlin", "2026-07-15T12:00:00Z", "2026-07-15T14:00"],
    ["America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T01:30"],
    ["America/New_York", "2026-11-01T06:30:00Z", "2026-11-01T01:30"],
    ["Asia/Kolkata", "2026-06-01T00:00:00Z", "2026-06-01T05:30"],
  ])("in %s at %s shows %s", (zone, instant, shown) => {
    expect(wallTimeAt(new Date(instant), zone)).toBe(wall(shown));
  });

  test.each([
    // Set back on 2026-10-25 at 03:00: half past two comes twice.
    ["Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"],
    // Set forward on 2026-03-29 at 02:00: half past two never comes.
    ["Europe/Berlin", "2026-03-29T02:30", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"],
    ["Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z"],
    // Half an hour only.
    ["Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"],
  ])("in %s shows %s at %s, or at %s", (zone, shown, earlier, later) => {
    expect(instantOf(wall(shown), zone, "earlier")).toEqual(new Date(earlier));
    expect(instantOf(wall(shown), zone, "later")).toEqual(new Date(later));
  });

  test("and the instants of what it shows belong together", () => {
    const instant = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) });
    fc.assert(
      fc.property(instant, fc.constantFrom(...zones), (at, zone) => {
        const shown = wallTimeAt(new Date(at), zone);
        const both = (["earlier", "later"] as const).map((which) => instantOf(shown, zone, which).getTime());
        expect(both).toContain(at);
        for (const one of both) expect(wallTimeAt(new Date(one), zone)).toBe(shown);
      }),
    );
  });

  test.each(["Europe/Berlin", "UTC"])("%s is a time zone", (name) => expect(isTimeZone(name)).toBe(true));
  test.each(["", "Berlin", "Europe/Nowhere"])("%j is none", (name) => expect(isTimeZone(name)).toBe(false));
});
