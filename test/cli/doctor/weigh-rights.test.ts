import { describe, expect, test } from "vitest";
import { missingActions, needs, needsOfPut } from "../../../src/adapters/azure/rights.ts";
import { type Rights, weighRights } from "../../../src/cli/doctor/weigh-rights.ts";
import { ROLES } from "../../../src/playground/azure/authority/roles.ts";

const everything = [{ actions: ["*"], notActions: [] }];
const group = (name: string, rights: Partial<Rights> = {}): Rights => ({
  where: "group",
  scope: `/subscriptions/1/resourceGroups/${name}`,
  ...rights,
});

describe("an action is allowed", () => {
  test.each<[string, readonly { actions: string[]; notActions: string[] }[], boolean]>([
    ["by its name, in any case", [{ actions: ["microsoft.web/SITES/write"], notActions: [] }], true],
    ["by a star", [{ actions: ["Microsoft.Web/sites/*"], notActions: [] }], true],
    ["by a star in the middle", [{ actions: ["Microsoft.Web/*/write"], notActions: [] }], true],
    ["not by another one", [{ actions: ["Microsoft.Web/sites/read"], notActions: [] }], false],
    ["not when its role leaves it out", [{ actions: ["*"], notActions: ["Microsoft.Web/*/write"] }], false],
    [
      "when one role leaves it out and another has it",
      [
        { actions: ["*"], notActions: ["Microsoft.Web/*"] },
        { actions: ["Microsoft.Web/sites/write"], notActions: [] },
      ],
      true,
    ],
    ["not by nothing", [], false],
    [
      "not by a name that it only begins with",
      [{ actions: ["Microsoft.Web/sites/w"], notActions: [] }],
      false,
    ],
  ])("%s", (_how, permissions, allowed) => {
    expect(missingActions(permissions, ["Microsoft.Web/sites/write"])).toEqual(
      allowed ? [] : ["Microsoft.Web/sites/write"],
    );
  });
});

describe("rights are weighed", () => {
  test("an owner lacks nothing", () => {
    const findings = weighRights(
      [
        group("rg-a", { permissions: everything }),
        { ...group("rg-b"), where: "subnet", permissions: everything },
      ],
      [...needs, ...needsOfPut],
    );
    expect(findings).toHaveLength(needs.length + needsOfPut.length);
    expect(findings.every(({ result }) => result === "ok")).toBe(true);
  });

  test("a reader may not write: which action, and on which groups", () => {
    const reader = [{ actions: ["*/read"], notActions: [] }];
    const groups = ["rg-a", "rg-b", "rg-c", "rg-d"].map((name) => group(name, { permissions: reader }));
    const findings = weighRights(groups, needs);
    expect(findings.filter(({ result }) => result === "problem")).toEqual([
      expect.objectContaining({
        text: expect.stringMatching(/Microsoft\.Web\/sites\/write, .* on rg-a, rg-b, rg-c and 1 more\.$/),
      }),
    ]);
  });

  test("what could not be read is said, and never taken for a right", () => {
    const findings = weighRights([group("rg-a", { unread: "Nobody answered." })], needs);
    expect(findings).toEqual([
      expect.objectContaining({ result: "warning", text: expect.stringContaining("rg-a. Nobody answered.") }),
    ]);
  });
});

test("the roles of the local Azure have all that is needed", () => {
  const ofBot = ROLES.filter(({ name }) => name.startsWith("Routebot"));
  const permissions = ofBot.map(({ actions }) => ({ actions, notActions: [] }));
  expect(
    missingActions(
      permissions,
      needs.flatMap(({ actions }) => actions),
    ),
  ).toEqual([]);
});
