import fc from "fast-check";
import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { charactersOf, fewestEdits } from "../../../src/adapters/azure/inventory.ts";

test("the fewest edits between two names are never more than their distance", () => {
  const name = fc.oneof(fc.stringMatching(/^[a-e0-3-]{0,12}$/), fc.string({ maxLength: 12 }));
  fc.assert(
    fc.property(name, name, (left, right) => {
      expect(fewestEdits(charactersOf(left), charactersOf(right))).toBeLessThanOrEqual(distance(left, right));
    }),
    { numRuns: 1_000 },
  );
});
