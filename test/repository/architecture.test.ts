import { describe, expect, test } from "vitest";
import { importViolations, packageUsers, roomsSeenBy } from "./import-rules.ts";
import { scanSource } from "./scan-source.ts";
import { sourceFiles } from "./source-files.ts";

const src = sourceFiles("src");
const ours = [...src, ...sourceFiles("test", "bench", "scripts")];

/** Places of what a rule forbids, as `file:line`. */
const places = (files: typeof ours, linesOf: (file: (typeof ours)[number]) => readonly number[]) =>
  files.flatMap((file) => linesOf(file).map((line) => `${file.path}:${line}`));

describe("who imports whom", () => {
  test("every import of src is one that the table allows", () => {
    expect(src.length).toBeGreaterThan(100);
    expect(src.flatMap(({ path, scanned }) => importViolations(path, scanned))).toEqual([]);
  });

  test("every room of the table exists, and every package in it is used", () => {
    const specifiers = new Set(
      src.flatMap(({ scanned }) => scanned.imports.map(({ specifier }) => specifier ?? "")),
    );
    const unused = Object.keys(packageUsers).filter(
      (name) => ![...specifiers].some((specifier) => specifier === name || specifier.startsWith(`${name}/`)),
    );
    expect(unused).toEqual([]);
    const empty = Object.keys(roomsSeenBy).filter(
      (room) => !src.some(({ path }) => path.startsWith(`src/${room}/`) || path === `src/${room}.ts`),
    );
    expect(empty).toEqual([]);
  });

  test.each([
    ["src/domain/a.ts", 'import "../flow/b.ts";', "imports flow"],
    ["src/domain/a.ts", 'import type { B } from "../ports/b.ts";', "imports ports"],
    ["src/domain/a.ts", 'import "zod";', "imports zod, whose home is"],
    ["src/domain/a.ts", 'import "node:fs";', "does no I/O"],
    ["src/flow/a.ts", 'let b: import("../adapters/azure/b.ts").B;', "imports adapters/azure"],
    ["src/flow/a.ts", 'import "../config/config.ts";', "imports config"],
    ["src/adapters/teams/a.ts", 'import "../../flow/b.ts";', "imports flow"],
    ["src/adapters/teams/a.ts", 'export * from "../slack/b.ts";', "imports adapters/slack"],
    ["src/adapters/teams/a.ts", 'import "../../command/parse.ts";', "imports command"],
    [
      "src/adapters/slack/a.ts",
      'await import("botbuilder");',
      "imports botbuilder, whose home is adapters/teams",
    ],
    [
      "src/adapters/slack/a.ts",
      'import "@azure/identity/x";',
      "imports @azure/identity, whose home is adapters/azure",
    ],
    ["src/config/a.ts", 'import "../ports/log.ts";', "imports ports"],
    ["src/playground/a.ts", 'import type { C } from "../domain/actor.ts";', "imports domain"],
    ["src/cli/a.ts", 'import "../playground/control/shapes.ts";', "imports the inside of the playground"],
    ["src/cli/a.ts", 'import "../../test/support/b.ts";', "which is no part of src"],
    ["src/flow/a.ts", 'import "../../package.json";', "which is no part of src"],
    ["src/flow/a.ts", 'import "left-pad";', "which nobody may use yet"],
    ["src/flow/a.ts", "await import(name);", "only shows at run time"],
    ["src/helpers/a.ts", "", "is in no room"],
    ["src/adapters/mail/a.ts", "", "is in no room"],
  ])("%s may not say %s", (file, text, objection) => {
    expect(importViolations(file, scanSource(text))).toEqual([expect.stringContaining(objection)]);
  });

  test.each([
    ["src/compose.ts", 'import "./flow/a.ts"; import "./adapters/teams/b.ts";'],
    [
      "src/flow/a.ts",
      'import "./b.ts"; import "../command/parse.ts"; import type { C } from "../ports/clock.ts";',
    ],
    [
      "src/adapters/store/a/b.ts",
      'import "../c.ts"; import "kysely/migration"; import "../../../ports/log.ts";',
    ],
    ["src/domain/a.ts", 'import { createHash } from "node:crypto";'],
  ])("%s may say %s", (file, text) => {
    expect(importViolations(file, scanSource(text))).toEqual([]);
  });
});

describe("how a file is written", () => {
  test("its name, and the names of its folders, are kebab-case", () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
    const wrong = ours.filter(
      // A migration is ordered by its number, a test is named after what it tests.
      ({ path }) =>
        !path
          .replace(/((\.[a-z]+)?\.test)?(\.d)?\.ts$/, "")
          .split("/")
          .every((part) => kebab.test(part)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test("names that say nothing are not used", () => {
    // Azure's own name for its management API is no such word.
    const empty = /(^|-)(utils?|helpers?|misc|common)$|(?<!resource)-manager$|^(manager|index)$/;
    const parts = (path: string) => path.replace(/(\.test)?\.ts$/, "").split("/");
    expect(
      ours.map(({ path }) => path).filter((path) => parts(path).some((part) => empty.test(part))),
    ).toEqual([]);
  });

  test("no file is longer than 400 lines: split it by what its parts know", () => {
    const long = ours.filter(({ text }) => text.split("\n").length > 401);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  test("exports have names, so that one thing is called the same everywhere", () => {
    expect(places(ours, ({ scanned }) => scanned.defaultExports)).toEqual([]);
  });

  test("there are no barrels: who uses something imports the file that has it", () => {
    expect(ours.filter(({ scanned }) => scanned.isBarrel).map(({ path }) => path)).toEqual([]);
  });

  test("nothing is any: what comes from outside is unknown and gets parsed", () => {
    expect(places(ours, ({ scanned }) => scanned.anys)).toEqual([]);
  });

  test("a cast stands only where a package's types stop, in a file that says why", () => {
    const edges = [
      // Emscripten's hooks and file system, which PGlite does not describe.
      "src/adapters/store/embedded/durable-files.ts",
      // The rows of a statement, of which PGlite takes the caller's word in one of its calls and not in the other.
      "src/adapters/store/embedded/prepared-statements.ts",
      // An activity, which botbuilder wants as its own type before it was checked.
      "src/adapters/teams/outbound/bot-adapter.ts",
      // The renderer can only be loaded as CommonJS, which has no types.
      "src/playground/teams/adaptive-cards-library.ts",
    ];
    const elsewhere = src.filter(({ path }) => !edges.includes(path));
    expect(places(elsewhere, ({ scanned }) => scanned.casts)).toEqual([]);
  });

  test("type errors are mended, not suppressed", () => {
    expect(places(ours, ({ scanned }) => scanned.suppressions)).toEqual([]);
  });
});
