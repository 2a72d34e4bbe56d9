import { describe, expect, test } from "vitest";
import { type SecurityRule, verdictForStorage } from "../../../src/domain/routing/subnet-inspection.ts";
import { needsInspection, notesOnSubnet } from "../../../src/domain/routing/subnet-notes.ts";
import { sampleSite } from "../../support/observations.ts";

const rule = (
  name: string,
  priority: number,
  differences: Partial<Omit<SecurityRule, "name" | "priority">>,
): SecurityRule => ({
  name,
  priority,
  access: "deny",
  ports: ["*"],
  destinations: ["*"],
  forWholeSubnet: true,
  ...differences,
});
const platform = [
  rule("AllowVnetOutBound", 65_000, { access: "allow", destinations: ["VirtualNetwork"] }),
  rule("AllowInternetOutBound", 65_001, { access: "allow", destinations: ["Internet"] }),
  rule("DenyAllOutBound", 65_500, {}),
];
const allow = { access: "allow" } as const;

describe("rules of a network security group, for storage on port 445", () => {
  test.each<[string, readonly SecurityRule[], string]>([
    ["the platform's own let the internet through", [], "allowed"],
    ["a deny", [rule("No", 200, {})], "denied"],
    ["a deny of other ports", [rule("No", 200, { ports: ["443", "500-600"] })], "allowed"],
    ["a range that holds the port", [rule("No", 200, { ports: ["440-450"] })], "denied"],
    ["the smaller number decides", [rule("No", 300, {}), rule("Yes", 200, allow)], "allowed"],
    ["the order of the list does not", [rule("Yes", 300, allow), rule("No", 200, {})], "denied"],
    [
      "the tag of all storage, and not its private endpoints",
      [rule("Yes", 200, { ...allow, destinations: ["Storage"] }), rule("No", 300, {})],
      "depends",
    ],
    [
      "the tag of all storage, and its private endpoints",
      [rule("Yes", 200, { ...allow, destinations: ["Storage", "VirtualNetwork"] }), rule("No", 300, {})],
      "allowed",
    ],
    [
      "a deny of the internet leaves private endpoints",
      [rule("No", 200, { destinations: ["Internet"] })],
      "depends",
    ],
    [
      "a deny of the internet and of the virtual network",
      [
        rule("No", 200, { destinations: ["Internet"] }),
        rule("Nor", 210, { destinations: ["VirtualNetwork"] }),
      ],
      "denied",
    ],
    ["a deny of private endpoints", [rule("No", 200, { destinations: ["VirtualNetwork"] })], "depends"],
    [
      "the tag of a region",
      [rule("Yes", 200, { ...allow, destinations: ["Storage.WestEurope"] }), rule("No", 300, {})],
      "depends",
    ],
    [
      "private endpoints",
      [rule("Yes", 200, { ...allow, destinations: ["VirtualNetwork"] }), rule("No", 300, {})],
      "depends",
    ],
    ["an address range", [rule("No", 200, { destinations: ["10.1.0.0/16"] })], "depends"],
    ["the tag of another service", [rule("No", 200, { destinations: ["Sql"] })], "allowed"],
    ["some addresses of the subnet", [rule("No", 200, { forWholeSubnet: false })], "depends"],
  ])("%s", (_what, rules, kind) => {
    expect(verdictForStorage([...rules, ...platform], 445).kind).toBe(kind);
  });

  test("where public and private addresses differ, the rule that denies one of them is named", () => {
    const deny = rule("NoInternet", 200, { destinations: ["Internet"] });
    expect(verdictForStorage([deny, ...platform], 445)).toEqual({ kind: "depends", rule: "NoInternet" });
  });
});

describe("what the network means for a change", () => {
  const functions = sampleSite("fn", { contentSettings: "present", managedIdentity: true });
  const blocked = {
    kind: "read",
    securityGroup: { name: "nsg", rules: [rule("No445", 200, { ports: ["445"] }), ...platform] },
    defaultRouteTable: "rt",
  } as const;
  const codes = (...args: Parameters<typeof notesOnSubnet>) => notesOnSubnet(...args).map(({ code }) => code);

  test("is only asked where it matters", () => {
    expect(needsInspection(sampleSite("a"), { applicationTraffic: true })).toBe(false);
    expect(needsInspection(sampleSite("a"), { contentShareTraffic: false })).toBe(false);
    expect(needsInspection(functions, { contentShareTraffic: true })).toBe(true);
    expect(needsInspection(sampleSite("a", { managedIdentity: true }), { allTraffic: true })).toBe(true);
  });

  test("names the rule that is in the way, the appliance, and what could not be read", () => {
    expect(codes(functions, { allTraffic: true }, blocked)).toEqual([
      "content-share-port-denied",
      "tokens-behind-appliance",
    ]);
    expect(notesOnSubnet(functions, { contentShareTraffic: true }, blocked)[0]?.text).toContain("rule No445");
    expect(codes(functions, { contentShareTraffic: true }, blocked)).toContain("firewall-not-checked");
    expect(codes(functions, { allTraffic: true }, { kind: "read" })).toEqual([]);
    expect(
      notesOnSubnet(functions, { allTraffic: true }, { kind: "unreadable", missingAction: "a/read" })[0]
        ?.text,
    ).toContain("lacks a/read");
  });
});
