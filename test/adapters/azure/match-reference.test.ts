import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inventoryOf } from "../../../src/adapters/azure/inventory.ts";
import { matchReference } from "../../../src/adapters/azure/match-reference.ts";
import type { TargetReference } from "../../../src/domain/command.ts";
import { type ResolvedTarget, targetLabel } from "../../../src/domain/target.ts";
import { sampleTarget } from "../../support/observations.ts";

const targets = [
  sampleTarget("shop-web"),
  sampleTarget("shop-web/staging"),
  sampleTarget("shop-web-dev"),
  sampleTarget("shop-api"),
  sampleTarget("orders", { resourceGroup: "rg-a" }),
  sampleTarget("orders", { resourceGroup: "rg-b" }),
];
const inventory = [inventoryOf(targets)];

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
      const exact = targets.some(({ site }) => site.toLowerCase() === name.toLowerCase());
      expect(result.kind === "none").toBe(!exact);
    }),
  );
});

describe("whatever is there and whatever is typed", () => {
  const name = fc.stringMatching(/^[a-c](-?[a-c]){1,5}$/);
  const target = fc
    .record({
      site: name,
      slot: fc.option(fc.constantFrom("staging", "blue"), { nil: undefined }),
      resourceGroup: fc.constantFrom("rg-a", "rg-b", "rg-c"),
      subscriptionId: fc.constantFrom("sub-1", "sub-2"),
    })
    .map(({ site, slot, ...place }) =>
      sampleTarget(slot === undefined ? site : `${site}/${slot}`, {
        ...place,
        subscriptionName: place.subscriptionId,
      }),
    );
  const world = fc.uniqueArray(target, {
    maxLength: 30,
    selector: ({ resourceId }) => resourceId.toLowerCase(),
  });
  const reference = fc.record(
    {
      name,
      slot: fc.constantFrom("staging", "production", "STAGING"),
      resourceGroup: fc.constantFrom("rg-a", "RG-B"),
      subscription: fc.constantFrom("sub-1", "SUB-2"),
    },
    { requiredKeys: ["name"] },
  );
  const group = fc.constantFrom("rg-a", "rg-b", "rg-c");

  test("nothing is found but what fits in name, slot and place; nothing is shown that is not to be seen", () => {
    fc.assert(
      fc.property(world, reference, group, group, (there, typed, seen, near) => {
        const sees = (one: ResolvedTarget) => one.resourceGroup !== seen;
        const home = (one: ResolvedTarget) => one.resourceGroup === near;
        const result = matchReference(typed, [inventoryOf(there)], { sees, home });
        const fits = there.filter((one) => fitsExactly(typed, one));
        switch (result.kind) {
          case "found":
            expect(fits).toContain(result.target);
            break;
          case "several":
            expect(fits.length).toBeGreaterThan(1);
            expect(result.candidates.length).not.toBe(1);
            for (const one of result.candidates) expect(fits).toContain(one);
            expect(result.candidates.filter(sees)).toEqual(result.candidates);
            break;
          default:
            if (result.kind !== "none") throw new Error(result.kind);
            expect(fits).toEqual([]);
            expect(result.suggestions.filter(sees)).toEqual(result.suggestions);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("a site's own exact reference, in any case, finds that site", () => {
    fc.assert(
      fc.property(world, fc.boolean(), (there, loud) => {
        const say = (text: string) => (loud ? text.toUpperCase() : text);
        for (const one of there) {
          const typed = {
            name: say(one.site),
            ...(one.slot === undefined ? {} : { slot: say(one.slot) }),
            resourceGroup: say(one.resourceGroup),
            subscription: say(one.subscriptionId),
          };
          expect(matchReference(typed, [inventoryOf(there)])).toEqual({ kind: "found", target: one });
        }
      }),
    );
  });

  test("the order of the inventory, and how it is divided, change nothing", () => {
    fc.assert(
      fc.property(world, reference, fc.nat(30), (there, typed, cut) => {
        const whole = matchReference(typed, [inventoryOf(there)]);
        const turned = there.toReversed();
        const parts = [inventoryOf(turned.slice(0, cut)), inventoryOf(turned.slice(cut))];
        expect(matchReference(typed, parts)).toEqual(whole);
      }),
    );
  });

  test("one letter that is wrong, missing, doubled or swapped is near enough to be suggested", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{4,20}$/), fc.nat(), fc.nat(3), (site, place, slip) => {
        const at = place % (site.length - 1);
        const [a = "", b = ""] = site.slice(at, at + 2);
        const typed = site.slice(0, at) + [`_${b}`, b, `${a}${a}${b}`, `${b}${a}`][slip] + site.slice(at + 2);
        fc.pre(typed !== site);
        const result = matchReference({ name: typed }, [inventoryOf([sampleTarget(site)])]);
        expect(result).toMatchObject({ kind: "none", suggestions: [{ site }] });
      }),
    );
  });

  function fitsExactly(typed: TargetReference, one: ResolvedTarget): boolean {
    const same = (left: string | undefined, right: string | undefined) =>
      left?.toLowerCase() === right?.toLowerCase();
    const slot = typed.slot?.toLowerCase() === "production" ? undefined : typed.slot;
    return (
      same(typed.name, one.site) &&
      same(slot, one.slot) &&
      (typed.resourceGroup === undefined || same(typed.resourceGroup, one.resourceGroup)) &&
      (typed.subscription === undefined || same(typed.subscription, one.subscriptionId))
    );
  }
});
