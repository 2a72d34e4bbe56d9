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

describe("what is asked back suggests neither the opposite nor more", () => {
  const asked = (text: string) => {
    const { command } = parseCommand(text);
    return command.kind === "clarify" ? command : { question: "", suggestions: [] };
  };

  test.each([
    "turn of route all for app-x",
    "urn off route all for app-x",
    "diable route all for app-x",
    "route all traffic for app-x off",
    "unroute app-x",
  ])("%s: turning it off is among them", (text) => {
    expect(asked(text).suggestions).toContain("disable route all for app-x");
  });

  test("a setting without a direction is suggested both ways", () => {
    const both = ["enable image pull for app-y", "disable image pull for app-y"];
    expect(asked("image pull on app-y").suggestions).toEqual(both);
  });

  test.each([
    "route all traffic for all apps in rg-shop except app-x",
    "route all for shop-web, not app-x",
    "route all traffic for shop-web instead of app-x",
  ])("%s: what was left out is not in them", (text) => {
    const { question, suggestions } = asked(text);
    expect(question).toContain("cannot leave something out");
    expect(suggestions.join()).not.toMatch(/app-x|all apps/);
    expect(suggestions).toHaveLength(1);
  });

  test("a time of day becomes a length of time", () => {
    const { question, suggestions } = asked("route all traffic for app-x until 6am");
    expect(question).toContain("for how long");
    expect(suggestions[0]).toBe("route all traffic for app-x for 2 hours");
  });

  test("an emergency stays one, and what is told beside it is not asked for", () => {
    expect(asked("everything is down route all traffic for app-x break glass").suggestions).toEqual([
      "break glass: route all traffic for app-x",
    ]);
  });

  test("a number alone may first be looked at", () => {
    expect(asked("CR-7").suggestions[0]).toBe("history of CR-7");
  });

  test("whether there is a freeze is a question", () => {
    for (const text of ["is there a freeze?", "are changes frozen", "why is it frozen"])
      expect(parseCommand(text).command, text).toEqual({ kind: "help", topic: "freeze" });
    expect(asked("freeze?").suggestions).toContain("freeze changes");
  });
});

describe("a slot that is asked about is the one that is answered about", () => {
  test.each([
    ["status app-x staging", "staging"],
    ["is app-x staging routed?", "staging"],
    ["show app-x prod", "production"],
  ])("%s", (text, slot) => {
    expect(parseCommand(text).command).toEqual({ kind: "status", targets: [{ name: "app-x", slot }] });
  });

  test("the time that is asked about is no site", () => {
    expect(parseCommand("what changed in the last hour").command).toEqual({ kind: "history" });
  });
});

describe("help", () => {
  test("a topic narrows it, an unknown one does not", () => {
    expect(helpEntries("how to approve").map((entry) => entry.kind)).toEqual(["decision", "decision"]);
    expect(helpEntries("pizza")).toEqual(catalog);
    expect(helpEntries(undefined)).toEqual(catalog);
  });
});
