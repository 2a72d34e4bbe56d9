import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchReference } from "../../../src/adapters/azure/match-reference.ts";
import type { TargetReference } from "../../../src/domain/command.ts";
import { targetLabel } from "../../../src/domain/target.ts";
import { sampleTarget } from "../../support/observations.ts";

const inventory = [
  sampleTarget("shop-web"),
  sampleTarget("shop-web/staging"),
  sampleTarget("shop-web-dev"),
  sampleTarget("shop-api"),
  sampleTarget("orders", { resourceGroup: "rg-a" }),
  sampleTarget("orders", { resourceGroup: "rg-b" }),
];

function suggested(reference: TargetReference): readonly string[] {
  const result = matchReference(reference, inventory);
  return result.kind === "none" ? result.suggestions.map(targetLabel) : [`not none but ${result.kind}`];
}

describe("what is offered for a name that nothing has", () => {
  test.each([
    ["a typo", "shop-wbe", "shop-web"],
    ["a missing hyphen", "shopapi", "shop-api"],
    ["a part of it", "web-dev", "shop-web-dev"],
    ["too much of it", "shop-api-production", "shop-api"],
  ])("%s", (_name, typed, expected) => {
    expect(suggested({ name: typed })[0]).toBe(expected);
  });

  test("a site whose slot or group was mistaken", () => {
    expect(suggested({ name: "shop-web", slot: "stagin" })[0]).toBe("shop-web/staging");
    expect(suggested({ name: "shop-api", resourceGroup: "rg-other" })).toContain("shop-api");
  });

  test("nothing, for a name that is like none", () => {
    expect(suggested({ name: "billing-frontend-eu" })).toEqual([]);
  });

  test("three at most", () => {
    expect(suggested({ name: "shop" }).length).toBeLessThanOrEqual(3);
  });
});

test("a host that is known decides, whatever the name", () => {
  const reference = { name: "orders", host: "shop-web-staging.azurewebsites.net" };
  expect(matchReference(reference, inventory)).toMatchObject({ kind: "found", target: { slot: "staging" } });
});

test("a site is found only by exactly its name, in any case", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 20 }), (name) => {
      const result = matchReference({ name }, inventory);
      const exact = inventory.some(({ site }) => site.toLowerCase() === name.toLowerCase());
      expect(result.kind === "none").toBe(!exact);
    }),
  );
});
