import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { desiredRouting } from "../../../src/domain/routing/desired-routing.ts";
import { sourceOfNote, sources } from "../../../src/domain/routing/sources.ts";
import { sampleSite } from "../../support/observations.ts";

/** Every file that makes remarks for a plan. */
const makers = [
  "src/domain/routing/applicability.ts",
  "src/domain/routing/desired-routing.ts",
  "src/domain/routing/desired-settings.ts",
  "src/domain/routing/policy-notes.ts",
  "src/domain/routing/subnet-notes.ts",
  "src/flow/build-plan.ts",
];

describe("sources of what is said about App Service", () => {
  test("every remark has one, or is known to have none", () => {
    const codes = makers.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/level: "(?:info|warning)",\s+code: "([a-z-]+)"/g)].map(
        ([, code]) => code,
      ),
    );
    expect(new Set(codes)).toEqual(new Set(Object.keys(sourceOfNote)));
  });

  test("are linked in docs/routing.md: pages of Microsoft, or reports with a number", () => {
    const links = new Map(
      [...readFileSync("docs/routing.md", "utf8").matchAll(/^- (\w+): \[(.+)\]\((\S+)\)$/gm)].map(
        ([, name = "", title = "", url = ""]) => [name, { title, url }] as const,
      ),
    );
    expect(Object.fromEntries([...links].map(([name, { title }]) => [name, title]))).toEqual(sources);
    for (const { title, url } of links.values()) {
      expect(url).toMatch(/^https:\/\/(learn\.microsoft\.com|azure\.github\.io|github\.com)\//);
      const number = /\/issues\/(\d+)$/.exec(url)?.[1];
      if (number !== undefined) expect(title).toContain(`#${number}`);
    }
  });

  test("each is given somewhere", () => {
    const text = makers.map((file) => readFileSync(file, "utf8")).join("\n");
    const used = new Set([
      ...Object.values(sourceOfNote),
      ...[...text.matchAll(/source: "([A-Za-z]+)"/g)].map(([, name]) => name),
    ]);
    expect(Object.keys(sources).filter((name) => !used.has(name))).toEqual([]);
  });

  test.each([
    ["no integration", { integration: { kind: "none" } }, "routing"],
    ["gateway-required", { integration: { kind: "gateway" } }, "gateway"],
    ["Flex Consumption", { sku: "FlexConsumption" }, "functions"],
    ["Consumption", { sku: "Dynamic" }, "functions"],
    ["Free", { sku: "Free" }, "integration"],
  ] as const)("a refusal because of %s says where that is written", (_why, differences, source) => {
    expect(desiredRouting(sampleSite("shop-web", differences), { applicationTraffic: true })).toMatchObject({
      kind: "refused",
      refusal: { source },
    });
  });
});
