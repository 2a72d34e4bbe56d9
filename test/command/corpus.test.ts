import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { judgeCorpus, readCorpus } from "../../src/cli/parse-corpus.ts";
import { parseCommand } from "../../src/command/parse.ts";

const folder = new URL("../corpus/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
const own = files.filter((name) => name !== "examples.jsonl");
const entriesOf = (name: string) => readCorpus(new URL(name, folder).pathname);
const acting = ["change", "undo", "cancel", "extend", "end", "decision", "withdraw", "freeze", "unfreeze"];

describe("the corpus", () => {
  test("every example of the command language is understood", () => {
    const { failures } = judgeCorpus(entriesOf("examples.jsonl"));
    expect(failures.map(({ entry }) => entry.text)).toEqual([]);
  });

  test.each(own)("%s: nothing is understood wrong", (name) => {
    const { failures } = judgeCorpus(entriesOf(name));
    expect(failures.filter(({ verdict }) => verdict === "wrong").map(({ entry }) => entry.text)).toEqual([]);
  });

  test("at most one text in a hundred is missed", () => {
    const { total, failures } = judgeCorpus(own.flatMap(entriesOf));
    const missed = failures.map(({ entry }) => entry.text);
    expect(missed.length, missed.join("\n")).toBeLessThanOrEqual(total.texts / 100);
  });

  test("what is suggested can be sent as it stands", () => {
    const suggested = own.flatMap(entriesOf).flatMap(({ text }) => {
      const { command } = parseCommand(text);
      return "suggestions" in command ? command.suggestions : [];
    });
    const asked = [...new Set(suggested)].filter((text) =>
      ["clarify", "unknown"].includes(parseCommand(text).command.kind),
    );
    expect(asked).toEqual([]);
  });

  test("it is large, without repetition, and a third of it must not do anything", () => {
    const entries = own.flatMap(entriesOf);
    expect(entries.length).toBeGreaterThanOrEqual(600);
    expect(new Set(entries.map(({ text }) => text)).size).toBe(entries.length);
    const harmless = entries.filter(({ expect: wanted }) => !acting.includes(String(wanted.kind)));
    expect(harmless.length).toBeGreaterThanOrEqual(entries.length / 3);
  });
});
