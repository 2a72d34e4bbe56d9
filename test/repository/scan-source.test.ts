import { describe, expect, test } from "vitest";
import { scanSource } from "./scan-source.ts";

const specifiers = (text: string) => scanSource(text).imports.map(({ specifier }) => specifier);

describe("imports are found however they are written", () => {
  test.each([
    ["static", 'import { a } from "x";'],
    ["for its effect", 'import "x";'],
    ["default and namespace", 'import a, * as b from "x";'],
    ["over several lines", 'import {\n  a,\n  type B,\n} from "x";'],
    ["of types", 'import type { A } from "x";'],
    ["of types in braces", 'import { type A } from "x";'],
    ["inside a type", 'let a: import("x").A;'],
    ["of a type query", 'let a: typeof import("x");'],
    ["re-exported", 'export { a } from "x";'],
    ["re-exported types", 'export type { A } from "x";'],
    ["re-exported as a whole", 'export * from "x";'],
    ["dynamic", 'async () => (await import("x")).a;'],
    ["with attributes", 'import a from "x" with { type: "json" };'],
    ["required", 'const a = require("x");'],
    ["in a template", "`$" + "{import('x')}`;"],
    ["deep in a function", 'const f = () => { if (true) { return () => import("x"); } };'],
  ])("%s", (_, text) => {
    expect(specifiers(text)).toEqual(["x"]);
  });

  test.each([
    ["computed", "import(name);"],
    ["put together", 'import("x" + y);'],
    ["from a template", "import(`x$" + "{y}`);"],
    ["required, computed", "require(name);"],
  ])("%s, without a specifier", (_, text) => {
    expect(specifiers(text)).toEqual([undefined]);
  });

  test.each([
    ["a comment", '// import "x";\n/* import a from "x"; */'],
    ["a string", "const a = 'import \"x\"';"],
    ["a template", '`import "x"`;'],
    ["a regular expression", "const a = /import 'x'/;"],
    ["a property", 'a.import("x"); a.require("x");'],
  ])("but not in %s", (_, text) => {
    expect(specifiers(text)).toEqual([]);
  });

  test("each with its line", () => {
    expect(scanSource('\n\nimport "a";\n// b\nimport "c";\n').imports).toEqual([
      { specifier: "a", line: 3, eager: true },
      { specifier: "c", line: 5, eager: true },
    ]);
  });

  test.each([
    ['import { a } from "x";', true],
    ['import "x";', true],
    ['export * from "x";', true],
    // Node loads the module although every name in the braces is a type (verbatimModuleSyntax).
    ['import { type A } from "x";', true],
    ['import type { A } from "x";', false],
    ['export type { A } from "x";', false],
    ['await import("x");', false],
    ['let a: import("x").A;', false],
  ])("and with whether it is loaded at once: %s %s", (text, eager) => {
    expect(scanSource(text).imports).toMatchObject([{ specifier: "x", eager }]);
  });
});

describe("what the rules forbid is found", () => {
  test.each([
    "export default 1;",
    "export default function f() {}",
    "const a = 1; export { a as default };",
    'export { default } from "x";',
  ])("default export: %s", (text) => {
    expect(scanSource(text).defaultExports).toEqual([1]);
  });

  test.each(["let a: any;", "function f(a: Array<any>) {}", "type A = { [key: string]: any };", "f<any>();"])(
    "any: %s",
    (text) => {
      expect(scanSource(text).anys).toEqual([1]);
    },
  );

  test("any is no type in a comment, a string or a name", () => {
    expect(scanSource('// any\nconst any = "any"; type Many = "any";').anys).toEqual([]);
  });

  test("casts, but not as const, satisfies or a renamed import", () => {
    expect(scanSource("const a = b as C;").casts).toEqual([1]);
    expect(scanSource("(a as readonly C[]).includes(b);").casts).toEqual([1]);
    expect(scanSource("(a as readonly string[]).includes(b);").casts).toEqual([]);
    expect(scanSource("const a = b as unknown as C;").casts).toEqual([1, 1]);
    expect(scanSource("const a = <C>b;").casts).toEqual([1]);
    expect(
      scanSource('import { a as b } from "x"; const c = [1] as const; const d = {} satisfies E;').casts,
    ).toEqual([]);
  });

  test("suppressed type errors", () => {
    expect(scanSource("\n// @ts-expect-error: no\nlet a;").suppressions).toEqual([2]);
  });

  test("barrels", () => {
    expect(scanSource('export * from "a";\nexport { b } from "c";').isBarrel).toBe(true);
    expect(scanSource('export { b } from "c";\nexport const d = 1;').isBarrel).toBe(false);
    expect(scanSource("").isBarrel).toBe(false);
  });
});
