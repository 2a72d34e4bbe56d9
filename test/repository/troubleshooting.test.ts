import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { failureCodes, refusalCodes } from "../../src/domain/failure.ts";
import { root, sourceFiles } from "./source-files.ts";

test("what docs/troubleshooting.md sends people to look for is written to the log, or a code that people are told", () => {
  const source = sourceFiles("src")
    .map(({ text }) => text)
    .join("\n");
  const logged = new Set(
    [...source.matchAll(/\.(?:info|warn|error)\(\s*"([a-z-]+)"/g)].map(([, event]) => event),
  );
  const codes = new Set<string>([...refusalCodes, ...failureCodes]);
  const text = readFileSync(join(root, "docs/troubleshooting.md"), "utf8");
  const named = [...text.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(25);
  expect(named.filter((name) => !logged.has(name) && !codes.has(name))).toEqual([]);
});
