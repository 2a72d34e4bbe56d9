import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseCommand } from "../../src/command/parse.ts";

const page = readFileSync(new URL("../../docs/commands.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/^```text (\w+)\n([\s\S]*?)^```$/gm)].flatMap(
  ([, kind = "", block = ""]) =>
    block
      .trim()
      .split("\n")
      .map((text) => [text, kind] as const),
);

describe("docs/commands.md", () => {
  test.each(examples)("%s is a %s", (text, kind) => {
    expect(parseCommand(text).command.kind).toBe(kind);
  });

  test("shows every kind that can be asked for", () => {
    const kinds = new Set(examples.map(([, kind]) => kind));
    expect([...kinds].sort()).toEqual(
      "audit cancel change clarify decision end explain extend freeze help history pending status undo unfreeze withdraw".split(
        " ",
      ),
    );
  });
});
