import { describe, expect, test } from "vitest";
import { catalog } from "../../src/command/catalog.ts";
import { helpEntries } from "../../src/command/help.ts";
import { parseCommand } from "../../src/command/parse.ts";
import { suggestionsFor, wishText } from "../../src/command/suggest.ts";
import { routingFlags } from "../../src/domain/routing/routing-flag.ts";

describe("the catalogue", () => {
  test.each(catalog.map((entry) => [entry.example, entry] as const))(
    "%s parses to its kind",
    (example, entry) => {
      expect(parseCommand(example).command.kind).toBe(entry.kind);
    },
  );

  test("has every kind that can be asked for, and fits a menu", () => {
    const kinds = new Set(catalog.map((entry) => entry.kind));
    expect([...kinds].sort()).toEqual([
      "audit",
      "cancel",
      "change",
      "decision",
      "end",
      "explain",
      "extend",
      "freeze",
      "help",
      "history",
      "pending",
      "status",
      "undo",
      "unfreeze",
      "withdraw",
    ]);
    for (const { title, description } of catalog) {
      expect(title.length).toBeLessThanOrEqual(32);
      expect(description.length).toBeLessThanOrEqual(128);
    }
  });
});

describe("suggestions", () => {
  test("a text that means nothing gets at most three texts that would parse", () => {
    const command = parseCommand("lorem ipsum dolor").command;
    expect(command.kind).toBe("unknown");
    const suggestions = suggestionsFor("rout traffc");
    expect(suggestions).toHaveLength(3);
    for (const text of suggestions) expect(parseCommand(text).command.kind).not.toMatch(/clarify|unknown/);
  });

  test.each(routingFlags.flatMap((flag) => [[flag, true] as const, [flag, false] as const]))(
    "a wish for %s: %s is said so that it parses to it",
    (flag, on) => {
      const wish = { set: { [flag]: on }, targets: [{ name: "app-x", slot: "blue", resourceGroup: "rg-x" }] };
      expect(parseCommand(wishText(wish)).command).toMatchObject({ kind: "change", ...wish });
    },
  );
});

describe("help", () => {
  test("a topic narrows it, an unknown one does not", () => {
    expect(helpEntries("how to approve").map((entry) => entry.kind)).toEqual(["decision", "decision"]);
    expect(helpEntries("pizza")).toEqual(catalog);
    expect(helpEntries(undefined)).toEqual(catalog);
  });
});
