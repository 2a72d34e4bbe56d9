import { posix } from "node:path";
import { expect, test } from "vitest";
import { sourceFiles } from "./source-files.ts";

const files = new Map(sourceFiles("src").map((file) => [file.path, file]));

/** The packages that are loaded before the first line of a file runs. */
function loadedWith(start: string): readonly string[] {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    const file = files.get(path);
    if (file === undefined || seen.has(path)) return;
    seen.add(path);
    for (const { specifier, eager } of file.scanned.imports) {
      if (!eager || specifier === undefined || specifier.startsWith("node:")) continue;
      if (specifier.startsWith(".")) visit(posix.normalize(posix.join(posix.dirname(path), specifier)));
      else
        packages.add(
          specifier
            .split("/")
            .slice(0, specifier.startsWith("@") ? 2 : 1)
            .join("/"),
        );
    }
  };
  visit(start);
  return [...packages].sort();
}

test("the command line itself loads nothing but commander: a command loads what it needs", () => {
  expect(loadedWith("src/main.ts")).toEqual(["commander"]);
});

test("parsing loads no chat, no Azure and no database", () => {
  const allowed = ["commander", "fastest-levenshtein", "zod"];
  expect(loadedWith("src/cli/parse.ts").filter((name) => !allowed.includes(name))).toEqual([]);
});

test("serve reads the whole configuration before it loads anything that works with it", () => {
  expect(loadedWith("src/cli/serve.ts")).toEqual(["fastest-levenshtein", "pino", "yaml", "zod"]);
});

test("a platform that is off is not loaded, and Azure not before it is asked", () => {
  const loaded = loadedWith("src/compose.ts");
  expect(loaded.filter((name) => /slack|botbuilder|botframework|teams|azure/.test(name))).toEqual([]);
});
