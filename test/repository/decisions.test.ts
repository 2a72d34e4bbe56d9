import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("../../docs/adr/", import.meta.url);

test("the list of decisions has every one of them, by its title, in order", () => {
  const names = readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.md$/.test(name))
    .sort();
  const lines = names.map((name) => {
    const [title = ""] = readFileSync(new URL(name, folder), "utf8").split("\n");
    return `- [${title.replace(/^# */, "")}](${name})`;
  });
  const listed = readFileSync(new URL("index.md", folder), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("- "));
  expect(listed).toEqual(lines);
});
