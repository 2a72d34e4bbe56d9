import { expect, test } from "vitest";
import { durationMs } from "../../src/domain/iso-duration.ts";

test.each([
  ["PT2H", 7_200_000],
  ["PT90M", 5_400_000],
  ["P1DT2H", 93_600_000],
  ["P2W", 1_209_600_000],
  ["PT45S", 45_000],
])("%s is %d ms", (iso, ms) => {
  expect(durationMs(iso)).toBe(ms);
});

test.each(["", "P", "PT", "2H", "P1Y", "P1M", "PT-1H", "PT1.5H"])("%j is none", (iso) => {
  expect(durationMs(iso)).toBeUndefined();
});
