import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);

/** `test/x.test.ts`: "one", "two"; `test/y.test.ts`: "*" (all of that file). */
const proofs = [
  ...readFileSync(new URL("docs/security.md", root), "utf8").matchAll(
    /`(test\/[\w./-]+\.test\.ts)`: ((?:"[^"]+"(?:, )?)+)/g,
  ),
].map(([, file = "", names = ""]) => ({
  file,
  names: [...names.matchAll(/"([^"]+)"/g)].map(([, name]) => name),
}));

test("every threat of docs/security.md names a test", () => {
  const rows = readFileSync(new URL("docs/security.md", root), "utf8")
    .split("\n")
    .filter((line) => /^\| (?!threat|---)/.test(line) && line.split("|").length === 5);
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.filter((row) => !/`test\/[\w./-]+\.test\.ts`: "/.test(row))).toEqual([]);
});

test.each(proofs)("$file has the tests that docs/security.md names", ({ file, names }) => {
  const path = new URL(file, root);
  expect(existsSync(path), `${file} is not there; name the test that took its place`).toBe(true);
  const text = readFileSync(path, "utf8");
  for (const name of names) {
    if (name !== "*") expect(text, `${file} has no test ${name}`).toContain(`"${name}"`);
  }
});
