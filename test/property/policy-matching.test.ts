import fc from "fast-check";
import { expect, test } from "vitest";
import { type Policy, type Rule, ruleFor, ruleForAll } from "../../src/domain/change/approval-policy.ts";
import type { ChangePart } from "../../src/domain/change/plan-parts.ts";
import { routingFlags } from "../../src/domain/routing/routing-flag.ts";
import type { ResolvedTarget } from "../../src/domain/target.ts";

/** Few names and few patterns, so that rules often fit, nearly fit and hide each other. */
const name = fc.constantFrom("a", "b", "ab");
const pattern = fc.constantFrom("a", "b", "a*", "*", "*b");
const patterns = fc.array(pattern, { minLength: 1, maxLength: 2 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const person = fc.constantFrom("p", "q", "r");

const target: fc.Arbitrary<ResolvedTarget> = fc
  .record({
    group: name,
    site: name,
    slot: maybe(name),
    subscriptionName: maybe(name),
    tag: maybe(maybe(name)),
    read: fc.boolean(),
  })
  .map(({ group, site, slot, subscriptionName, tag, read }) => ({
    resourceId: "/x",
    subscriptionId: "00000000-0000-4000-8000-000000000000",
    ...(subscriptionName !== undefined && { subscriptionName }),
    resourceGroup: group,
    site,
    ...(slot !== undefined && { slot }),
    ...(read && { tags: Object.fromEntries(tag === undefined ? [] : [["env", tag]]) }),
  }));

const rule: fc.Arbitrary<Rule> = fc
  .record({
    subscriptions: patterns,
    resourceGroups: patterns,
    names: patterns,
    slots: maybe(patterns),
    tags: maybe(patterns),
    flags: maybe(fc.subarray([...routingFlags], { minLength: 1 })),
    direction: maybe(fc.constantFrom("on", "off")),
    request: fc.array(fc.oneof(person, fc.constant("*")), { maxLength: 2 }),
    approve: fc.array(person, { maxLength: 3 }),
    quorum: fc.integer({ min: 1, max: 3 }),
    decideWithinMs: fc.integer({ min: 1, max: 9 }),
    selfApproval: fc.boolean(),
  })
  .map(({ subscriptions, resourceGroups, names, slots, tags, flags, direction, ...rest }) => ({
    ...rest,
    name: "",
    applyWithinMs: 1,
    sites: {
      subscriptions,
      resourceGroups,
      names,
      ...(slots && { slots }),
      ...(tags && { tags: { Env: tags } }),
    },
    ...(flags && { flags }),
    ...(direction && { direction }),
  }));

const policy: fc.Arbitrary<Policy> = fc.array(rule, { maxLength: 5 }).map((rules) => ({
  version: "1",
  people: [],
  rules: rules.map((one, index) => ({ ...one, name: `rule ${index}` })),
}));

const part: fc.Arbitrary<ChangePart> = fc.record({
  flag: fc.constantFrom(...routingFlags),
  on: fc.boolean(),
});

/** An independent reading of the documentation, in three values: `undefined` is "not known". */
function about(one: Rule, site: ResolvedTarget, { flag, on }: ChangePart): boolean | undefined {
  const like = (wanted: readonly string[] | undefined, value: string) =>
    wanted === undefined || wanted.some((text) => new RegExp(`^${text.replaceAll("*", ".*")}$`).test(value));
  const certain =
    like(one.sites.resourceGroups, site.resourceGroup) &&
    like(one.sites.names, site.site) &&
    like(one.sites.slots, site.slot ?? "production") &&
    (one.flags?.includes(flag) ?? true) &&
    (one.direction === undefined || one.direction === (on ? "on" : "off"));
  if (!certain) return false;
  const subscription = [site.subscriptionId, site.subscriptionName].some(
    (value) => value !== undefined && like(one.sites.subscriptions, value),
  );
  const bySubscription = subscription || (site.subscriptionName === undefined ? undefined : false);
  const wanted = one.sites.tags?.Env;
  const env = site.tags?.env;
  const byTag =
    wanted === undefined || (site.tags === undefined ? undefined : env !== undefined && like(wanted, env));
  if (bySubscription === false || byTag === false) return false;
  return bySubscription && byTag;
}

function expectedRule({ rules }: Policy, site: ResolvedTarget, of: ChangePart): Rule | undefined {
  const first = rules.find((one) => about(one, site, of) !== false);
  return first && about(first, site, of) === true ? first : undefined;
}

test("the first rule that fits counts, and one that may fit hides those after it", () => {
  fc.assert(
    fc.property(policy, target, part, (all, site, of) => {
      expect(ruleFor(all, site, of)).toBe(expectedRule(all, site, of));
    }),
    { numRuns: 1_000 },
  );
});

test("of several flags and sites the strictest of each rule counts; without one for each part there is none", () => {
  const set = fc
    .uniqueArray(fc.constantFrom(...routingFlags), { minLength: 1, maxLength: 3 })
    .chain((flags) => fc.record(Object.fromEntries(flags.map((flag) => [flag, fc.boolean()]))));
  fc.assert(
    fc.property(policy, fc.array(target, { minLength: 1, maxLength: 3 }), set, (all, sites, flags) => {
      const found = sites.flatMap((site) =>
        routingFlags.flatMap((flag) => {
          const on = flags[flag];
          return on === undefined ? [] : [expectedRule(all, site, { flag, on })];
        }),
      );
      const joined = ruleForAll(all, sites, flags);
      const rules = found.filter((one) => one !== undefined);
      if (rules.length < found.length) {
        expect(joined).toBeUndefined();
        return;
      }
      expect(joined?.quorum).toBe(Math.max(...rules.map(({ quorum }) => quorum)));
      expect(joined?.decideWithinMs).toBe(Math.min(...rules.map((one) => one.decideWithinMs)));
      expect(joined?.selfApproval === true).toBe(rules.every(({ selfApproval }) => selfApproval === true));
      for (const id of ["p", "q", "r"]) {
        expect(joined?.approve.includes(id)).toBe(rules.every(({ approve }) => approve.includes(id)));
        const asks = (one: Rule | undefined) =>
          one?.request.includes(id) === true || one?.request.includes("*") === true;
        expect(asks(joined)).toBe(rules.every(asks));
      }
    }),
    { numRuns: 500 },
  );
});
