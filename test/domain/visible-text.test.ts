import fc from "fast-check";
import { expect, test } from "vitest";
import { visibleJson, visibleLine } from "../../src/domain/visible-text.ts";

/** What ECMA-48 gives a meaning to (C0, DEL, C1), what breaks lines, and what Unicode turns the direction of writing with. */
function isObeyed(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code === 9) return false;
  const turns = [0x61c, 0x200e, 0x200f, ...range(0x202a, 0x202e), ...range(0x2066, 0x2069)];
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    code === 0x2028 ||
    code === 0x2029 ||
    turns.includes(code)
  );
}
function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        "\u001b[2J",
        "\u009b31m",
        "\u001b]0;x\u0007",
        "\r\n",
        "\u202e",
        "\u2066",
        "\u{e0041}",
        "app-x",
        "é",
        "👩\u200d🚒",
      ),
      {
        maxLength: 8,
      },
    )
    .map((parts) => parts.join("")),
);

test("a line holds nothing that a terminal obeys, and every letter", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const shown = visibleLine(text);
      expect([...shown].filter(isObeyed)).toEqual([]);
      const letters = (words: string) => words.match(/[\p{L}\p{N}\p{P}\p{S}]/gu) ?? [];
      expect(letters(shown)).toEqual(letters(text));
    }),
  );
});

test("JSON holds none either, and says the same to a program, on one line or on several", () => {
  fc.assert(
    fc.property(fc.dictionary(hostile, hostile), fc.constantFrom(0, 2), (value, indent) => {
      const json = visibleJson(JSON.stringify(value, null, indent));
      expect([...json].filter((character) => character !== "\n" && isObeyed(character))).toEqual([]);
      expect(JSON.parse(json)).toEqual(value);
    }),
  );
});

test("joiners of emoji stay", () => {
  expect(visibleLine("👩\u200d🚒")).toBe("👩\u200d🚒");
});
