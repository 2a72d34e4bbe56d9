import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  matches,
  mayApprove,
  mayRequest,
  type Policy,
  type Rule,
  ruleFor,
} from "../../../src/domain/change/approval-policy.ts";
import { sampleTarget } from "../../support/observations.ts";

const rule: Rule = {
  name: "shop",
  sites: { subscriptions: ["*"], resourceGroups: ["rg-shop*"], names: ["shop-*", "app-x"] },
  request: ["*"],
  approve: ["ana"],
  quorum: 1,
  decideWithinMs: 1,
  applyWithinMs: 1,
};
const ana = { id: "ana", name: "Ana" };
const ben = { id: "ben", name: "Ben" };

describe("name patterns", () => {
  test("agree with what a regular expression says, whatever the pattern and the name", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "-"), maxLength: 8 });
    const pattern = fc
      .array(fc.constantFrom("a", "b", "-", "*"), { maxLength: 8 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(pattern, letters, (pattern, name) => {
        const oracle = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
        expect(matches([pattern], name)).toBe(oracle.test(name));
      }),
    );
  });

  test("ignore case, and no pattern fits nothing", () => {
    expect(matches(["RG-Shop"], "rg-shop")).toBe(true);
    expect(matches([], "rg-shop")).toBe(false);
  });
});

describe("rules", () => {
  const policy: Policy = {
    version: "1",
    people: [],
    rules: [rule, { ...rule, name: "second", approve: ["ben"] }],
  };

  test("the first one that fits counts, and without one there is none", () => {
    expect(ruleFor(policy, sampleTarget("shop-web"))?.name).toBe("shop");
    expect(ruleFor(policy, sampleTarget("billing"))).toBeUndefined();
    expect(ruleFor(policy, sampleTarget("shop-web", { resourceGroup: "rg-other" }))).toBeUndefined();
  });

  test("one that names a subscription whose name could not be read is not passed over for a milder one", () => {
    const strict = { ...rule, name: "strict", sites: { ...rule.sites, subscriptions: ["Production"] } };
    const both: Policy = { ...policy, rules: [strict, rule] };
    expect(ruleFor(both, sampleTarget("shop-web"))?.name).toBe("strict");
    expect(ruleFor(both, sampleTarget("shop-web", { subscriptionName: "Test" }))?.name).toBe("shop");
    const { subscriptionName: _, ...nameless } = sampleTarget("shop-web");
    expect(ruleFor(both, nameless)).toBeUndefined();
    expect(ruleFor(both, { ...nameless, resourceGroup: "rg-other" })).toBeUndefined();
  });

  test("one that names a subscription by id needs no name", () => {
    const other = "22222222-2222-4222-8222-222222222222";
    const byId = { ...rule, name: "by-id", sites: { ...rule.sites, subscriptions: [other] } };
    const { subscriptionName: _, ...nameless } = sampleTarget("shop-web");
    expect(ruleFor({ ...policy, rules: [byId, rule] }, nameless)?.name).toBe("shop");
    expect(ruleFor({ ...policy, rules: [byId, rule] }, { ...nameless, subscriptionId: other })?.name).toBe(
      "by-id",
    );
  });

  test("a slot belongs to its site", () => {
    expect(ruleFor(policy, sampleTarget("shop-web/staging"))?.name).toBe("shop");
  });

  test("everybody may ask where it says *, and only who is named may approve", () => {
    expect(mayRequest(rule, ben)).toBe(true);
    expect(mayApprove(rule, ana)).toBe(true);
    expect(mayApprove(rule, ben)).toBe(false);
    expect(mayApprove({ ...rule, approve: ["*"] }, ben)).toBe(false);
    expect(mayApprove({ ...rule, approve: [] }, ana)).toBe(false);
  });
});
