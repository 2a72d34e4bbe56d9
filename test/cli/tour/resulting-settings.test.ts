import { describe, expect, test } from "vitest";
import { differencesBetween, storedSettingsIn } from "../../../src/cli/tour/resulting-settings.ts";
import { flagTitles, routingFlags } from "../../../src/domain/routing/routing-flag.ts";

const held = Object.fromEntries(routingFlags.map((flag, index) => [flag, index % 2 === 0]));
const word = (flag: string) => (held[flag] === true ? "on" : "off");

describe("the settings that a message names", () => {
  test("are read from an aligned table", () => {
    const table = routingFlags
      .map((flag) => `${flagTitles[flag].padEnd(45)}  ${word(flag)}     public`)
      .join("\n");
    expect(storedSettingsIn(`CR-1: confirmed\nTraffic  Stored  Effective\n${table}`)).toEqual(held);
  });

  test("are read from a list", () => {
    const list = routingFlags.map(
      (flag) => `• ${flagTitles[flag]} · Stored: ${word(flag)} · Effective: public`,
    );
    expect(storedSettingsIn(list.join("\n"))).toEqual(held);
  });

  test("are not made up where the words are others", () => {
    expect(
      storedSettingsIn(`${flagTitles.allTraffic} not reported\n${flagTitles.contentShareTraffic} often`),
    ).toEqual({});
    expect(storedSettingsIn("Done.")).toEqual({});
  });
});

describe("what was said against what Azure holds", () => {
  test("agrees only when every flag does", () => {
    expect(differencesBetween(held, held)).toEqual([]);
    for (const flag of routingFlags) {
      expect(differencesBetween({ ...held, [flag]: !held[flag] }, held)).toEqual([
        expect.stringContaining(flag),
      ]);
      const { [flag]: _, ...others } = held;
      expect(differencesBetween(others, held)).toEqual([
        expect.stringContaining(`does not say whether ${flag}`),
      ]);
    }
  });

  test("takes a flag that Azure does not store for off", () => {
    const off = Object.fromEntries(routingFlags.map((flag) => [flag, false]));
    expect(differencesBetween(off, {})).toEqual([]);
  });
});
