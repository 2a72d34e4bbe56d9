import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { missingActions, needs, needsOfPut } from "../../src/adapters/azure/rights.ts";
import { sources } from "../../src/domain/routing/sources.ts";
import { ROLES } from "../../src/playground/azure/authority/roles.ts";

const document = (name: string) => readFileSync(`docs/${name}`, "utf8");

/** The rows of the table of hazards, as file and name of a test. */
function hazards(): readonly { readonly hazard: string; readonly file: string; readonly name: string }[] {
  const section = document("failures.md").split("## Hazards of Azure's API")[1] ?? "";
  return [...section.matchAll(/^\| (.+?) \| .+? \| (\S+\.test\.ts): (.+) \|$/gm)].map(
    ([, hazard = "", file = "", name = ""]) => ({ hazard, file: `test/${file}`, name }),
  );
}

test("every hazard of the list has a test of that name", () => {
  const rows = hazards();
  expect(rows.length).toBeGreaterThanOrEqual(18);
  const without = rows.filter(
    ({ file, name }) => !existsSync(file) || !readFileSync(file, "utf8").includes(`"${name}"`),
  );
  expect(without).toEqual([]);
});

test("every journey about Azure's hazards is in the list", () => {
  const listed = new Set(hazards().map(({ name }) => name));
  const journeys = [
    ...readFileSync("test/journey/hazards.test.ts", "utf8").matchAll(/^test\("(.+)", async/gm),
  ];
  expect(journeys.map(([, name = ""]) => name).filter((name) => !listed.has(name))).toEqual([]);
});

test("the documented role is the one that the local Azure enforces, and every needed action is documented", () => {
  const text = document("operations.md");
  const json = /```json\n(\{\s+"Name": "Routebot operator".*?\})\n```/s.exec(text)?.[1] ?? "{}";
  expect(JSON.parse(json)).toMatchObject({
    Actions: ROLES.find(({ name }) => name === "Routebot operator")?.actions,
  });
  const written = [...text.matchAll(/["`](Microsoft\.[\w/]+)["`]/g)].map(([, action = ""]) => action);
  const needed = [...needs, ...needsOfPut].flatMap(({ actions }) => actions);
  expect(missingActions([{ actions: written, notActions: [] }], needed)).toEqual([]);
});

test("the sources in docs/routing.md are those of the code", () => {
  const section = document("routing.md").split("## What is looked at before the card")[1] ?? "";
  const named = [...section.matchAll(/^\|.*\| ([a-zA-Z, ]+) \|$/gm)].flatMap(([, cell = ""]) =>
    cell.split(", "),
  );
  const known = new Set<string>([...Object.keys(sources), "source"]);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
  expect(named.length).toBeGreaterThan(10);
});
