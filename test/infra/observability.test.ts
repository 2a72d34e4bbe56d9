import { readFileSync } from "node:fs";
import { collectDefaultMetrics, Registry } from "prom-client";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { buildInfo, counters, histograms } from "../../src/adapters/telemetry/instruments.ts";
import { gaugesOf } from "../../src/compose/observability.ts";
import { sourceFiles } from "../repository/source-files.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const { groups } = z
  .object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            for: z.string().optional(),
            labels: z.object({ severity: z.enum(["critical", "warning"]) }),
            annotations: z.object({ summary: z.string() }),
          }),
        ),
      }),
    ),
  })
  .parse(parse(read("infra/observability/routebot-alerts.yml")));
const rules = groups.flatMap((group) => group.rules);
const { panels } = z
  .object({
    panels: z.array(
      z.looseObject({
        title: z.string(),
        targets: z.array(z.looseObject({ expr: z.string() })).default([]),
      }),
    ),
  })
  .parse(JSON.parse(read("infra/observability/grafana-dashboard.json")));

const nothing = () => Promise.reject(new Error("nobody is asked here"));
const gauges = gaugesOf({
  figures: nothing,
  readiness: { look: nothing },
  policyRefused: () => false,
  sealed: true,
});
const own = [
  ...Object.values(histograms),
  ...Object.values(counters),
  buildInfo,
  ...gauges.map(({ name, labels = [] }) => ({ name, labels })),
];

/** Every metric with its labels, by its name in the text, where a histogram has three. */
const known = new Map<string, readonly string[]>(
  own.flatMap(({ name, labels }) =>
    name.endsWith("_seconds") && Object.values(histograms).some((one) => one.name === name)
      ? [
          [`${name}_bucket`, [...labels, "le"]],
          [`${name}_count`, labels],
          [`${name}_sum`, labels],
        ]
      : [[name, labels]],
  ),
);
beforeAll(async () => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const { name } of await registry.getMetricsAsJSON()) known.set(name, []);
});

const ofPrometheus = new Set(["up"]);
/** What Prometheus itself adds to each series. */
const added = ["job", "instance"];

type Named = { readonly name: string; readonly labels: readonly string[]; readonly by: readonly string[] };

/** The metrics that an expression names, the labels that it selects by, and those that it groups by. */
function namedIn(expr: string): readonly Named[] {
  const by = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/,\s*/));
  return [...expr.matchAll(/\b((?:routebot|process|nodejs)_\w+|up)\b(?:\{([^}]*)\})?/g)].map(
    ([, name = "", selected = ""]) => ({
      name,
      labels: [...selected.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label),
      by,
    }),
  );
}

describe.each([
  ...rules.map(({ alert, expr }) => ({ what: `alert ${alert}`, expr })),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ what: `panel ${title}`, expr }))),
])("$what", ({ expr }) => {
  test("names metrics and labels that there are", () => {
    const named = namedIn(expr);
    expect(named.length).toBeGreaterThan(0);
    for (const { name, labels, by } of named) {
      if (ofPrometheus.has(name)) continue;
      const has = known.get(name);
      expect(has, `there is no ${name}`).toBeDefined();
      const all = [...(has ?? []), ...added];
      expect([...labels, ...by].filter((label) => !all.includes(label))).toEqual([]);
    }
    expect((expr.match(/\(/g) ?? []).length).toBe((expr.match(/\)/g) ?? []).length);
  });
});

test("events of the log that an alert names are written somewhere", () => {
  const written = sourceFiles("src")
    .map(({ path }) => read(path))
    .join("\n");
  const events = rules.flatMap(({ expr }) =>
    [...expr.matchAll(/event=~?"([^"]+)"/g)].flatMap(([, list = ""]) => list.split("|")),
  );
  expect(events.length).toBeGreaterThan(5);
  expect(events.filter((event) => !written.includes(`"${event}"`))).toEqual([]);
});

describe("docs/operations.md", () => {
  const text = read("docs/operations.md");

  test("says of each alert what it means and what to do, and of no other", () => {
    const explained = [...text.matchAll(/^\| `(Routebot\w+)` \|/gm)].map(([, name]) => name);
    expect(explained.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
    expect(new Set(explained).size).toBe(explained.length);
  });

  test("names every metric, and no other", () => {
    const section = text.split("### Metrics")[1]?.split("\n### ")[0] ?? "";
    const named = [...section.matchAll(/^\| `(routebot_\w+)`/gm)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(own.map(({ name }) => name).toSorted());
  });
});
