import { readdirSync } from "node:fs";
import { performance } from "node:perf_hooks";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostileTexts } from "../../bench/parse.ts";
import { readCorpus } from "../../src/cli/parse-corpus.ts";
import { parseCommand } from "../../src/command/parse.ts";
import { isActing } from "../../src/domain/command.ts";

const folder = new URL("../corpus/", import.meta.url);
const corpus = readdirSync(folder).flatMap((file) => readCorpus(new URL(file, folder).pathname));
const texts = corpus.map(({ text }) => text);
const words = [...new Set(texts.flatMap((text) => text.split(/\s+/)))];

describe("any text", () => {
  test("is answered, the same each time, and never throws", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 400 }),
      fc.string({ unit: "grapheme", maxLength: 400 }),
      fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((all) => all.join(" ")),
      fc
        .array(
          fc.constantFrom(...words, "<", ">", "&gt;", "*", "_", "`", "\n", '"', "'", "(", ")", "/", "|"),
          { maxLength: 40 },
        )
        .map((all) => all.join("")),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const first = parseCommand(text);
        expect(parseCommand(text)).toEqual(first);
        if (first.command.kind === "clarify" || first.command.kind === "unknown") {
          expect(first.command.suggestions.length).toBeLessThanOrEqual(3);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("a word that means nothing, put into a request, never changes what it does", () => {
    const requests = corpus.filter(
      ({ text }) =>
        isActing(parseCommand(text).command) &&
        !/because|reason|due to|,|since|so |as per|:|-|\(|az |\n/i.test(text),
    );
    fc.assert(
      fc.property(fc.constantFrom(...requests), fc.nat(), ({ text }, seed) => {
        const parts = text.split(" ");
        const at = seed % (parts.length + 1);
        const spoiled = [...parts.slice(0, at), "qwxzv9%", ...parts.slice(at)].join(" ");
        const { command } = parseCommand(spoiled);
        expect(isActing(command), `${spoiled}: ${JSON.stringify(command)}`).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe("time", () => {
  /** Best of several, so that another process does not count. */
  const best = (text: string) => {
    let least = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 5; turn++) {
      const start = performance.now();
      parseCommand(text);
      least = Math.min(least, performance.now() - start);
    }
    return least;
  };

  test("grows no faster than the text, up to the longest that is read", () => {
    for (const hostile of hostileTexts()) {
      best(hostile.slice(0, 1_000));
      const quarter = best(hostile.slice(0, 1_000));
      const whole = best(hostile.slice(0, 4_000));
      // Linear is 4; quadratic is 16. What is too fast to be measured does not count.
      expect(whole, hostile.slice(0, 30)).toBeLessThan(Math.max(quarter, 2) * 12);
    }
  });

  test("a hundred thousand characters are answered as what is too long for a request", () => {
    for (const hostile of hostileTexts()) {
      expect(hostile).toHaveLength(100_000);
      expect(parseCommand(hostile).command).toMatchObject({ kind: "clarify", code: "too-long" });
    }
  });
});
