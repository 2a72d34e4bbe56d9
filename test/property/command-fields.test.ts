import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCommand } from "../../src/command/parse.ts";
import type { Command } from "../../src/domain/command.ts";

type Change = Extract<Command, { kind: "change" }>;
type Field = { says: readonly string[]; held: (change: Change) => boolean };

/** Words that carry a field of a change, and what has to hold of a change that comes of a text with them. */
const fields: Record<string, Field> = {
  "break glass": {
    says: [
      "break glass",
      "breakglass",
      "using break glass",
      "as a break-glass change",
      "under break glass",
      "emergency override",
      "break glass needed",
      "this is break glass",
      "we break glass",
      "break glass approved by the CTO",
    ],
    held: ({ breakGlass }) => breakGlass,
  },
  "no break glass": {
    says: ["no break glass", "no break glass needed", "without break glass", "break glass is not needed"],
    held: ({ breakGlass }) => !breakGlass,
  },
  "dry run": {
    says: ["dry run", "dry-run", "as a dry run", "this is a dry run", "just a preview", "we want a dry run"],
    held: ({ dryRun }) => dryRun,
  },
  "a length of time": {
    says: ["for 2 hours", "temporarily for 2 hours", "we need it for 2 hours", "for the next 2 hours"],
    held: ({ revertAfter, reason }) => revertAfter === "PT2H" || reason?.includes("2 hours") === true,
  },
  "the app setting": {
    says: ["via the app setting", "use the app setting", "with WEBSITE_VNET_ROUTE_ALL"],
    held: ({ via }) => via === "appSetting",
  },
};
const requests = [
  "route all traffic for app-x",
  "turn off image pull on app-x",
  "please enable backups for app-x",
];
const tells = ["prod is down", "the bank is unreachable", "we are stuck", "customers complain"];
const joins = [" ", ", ", " - ", ": ", ". ", "; ", "\n", " and ", " so ", "! ", " because ", " while "];
/** `R` is the request, `T` what explains it, `F` the field, `-` what joins them. */
const orders = ["R-F", "F-R", "R-T-F", "R-F-T", "T-F-R", "F-T-R", "T-R-F", "F-R-T"];

const text = (says: readonly string[]) =>
  fc
    .record({
      order: fc.constantFrom(...orders),
      request: fc.constantFrom(...requests),
      told: fc.constantFrom(...tells),
      field: fc.constantFrom(...says),
      first: fc.constantFrom(...joins),
      second: fc.constantFrom(...joins),
    })
    .map(({ order, request, told, field, first, second }) => {
      const words: Record<string, string> = { R: request, T: told, F: field };
      const [one = "", two = "", three] = order.split("-").map((letter) => words[letter] ?? "");
      return three === undefined ? `${one}${first}${two}` : `${one}${first}${two}${second}${three}`;
    });

describe("words that carry a field", () => {
  test.each(Object.entries(fields))(
    "%s is never passed over, wherever it stands",
    (_name, { says, held }) => {
      fc.assert(
        fc.property(text(says), (said) => {
          const { command } = parseCommand(said);
          if (command.kind === "change" && !held(command))
            throw new Error(`${said}: ${JSON.stringify(command)}`);
        }),
        { numRuns: 1_000 },
      );
    },
  );

  test.each([
    ["approve CR-3, break glass"],
    ["approve CR-3 as a dry run"],
    ["undo CR-3, break glass"],
    ["cancel CR-3, dry run"],
    ["freeze changes for app-x, break glass"],
  ])("%s is asked back: no act has that field", (said) => {
    expect(parseCommand(said).command.kind).toBe("clarify");
  });
});
