import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { renderView } from "../../src/adapters/slack/render-view.ts";
import { renderCard } from "../../src/adapters/teams/card/render-card.ts";
import {
  azCommandForChange,
  azCommandForEdit,
  azCommandToRemoveSetting,
} from "../../src/domain/routing/az-command.ts";
import type { View } from "../../src/reply/view.ts";
import { readMessage } from "../adapters/slack/read-message.ts";
import { visibleText } from "../support/adaptive-card.ts";
import { sampleSite } from "../support/observations.ts";

/**
 * The command lines that cards show are copied into shells by people with rights in Azure. A real shell says here what it makes
 * of them: `az` is a function that prints its words.
 */
function wordsOf(commands: readonly string[]): readonly (readonly string[])[] {
  const script = [`az() { printf '%s\\0' "$@"; printf '\\1'; }`, ...commands].join("\n");
  const { stdout, stderr, status } = spawnSync("sh", ["-c", script], {
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "" },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout
    .split("\u0001")
    .slice(0, -1)
    .map((words) => words.split("\0").slice(0, -1));
}

const special = "'\"`$(){}[]<>|&;\\!#~*? %=-+,@^:/._aZ0é";
const piece = fc.constantFrom(
  ...special,
  "$(touch x)",
  "`id`",
  "; rm -rf /;",
  "' || az group delete -n x '",
  "$IFS",
);
const printable = fc.array(piece, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(""));
const anything = fc.oneof(
  printable,
  fc
    .string({ unit: "binary", minLength: 1, maxLength: 20 })
    // What an argument cannot hold, and what these tests tell words apart by.
    .map((text) => text.replaceAll("\0", "x").replaceAll("\u0001", "x").toWellFormed()),
);

function commandsFor(names: { readonly site: string; readonly group: string; readonly slot: string }) {
  const site = sampleSite("app-x", {
    place: { site: names.site, resourceGroup: names.group, slot: names.slot, resourceId: `/${names.site}` },
    apiVersion: names.slot,
  });
  const options = ["--resource-group", names.group, "--name", names.site, "--slot", names.slot];
  return [
    {
      shown: azCommandForChange(site, { allTraffic: true, imagePullTraffic: false }),
      words: [
        ...["resource", "update", "--ids", `/${names.site}`, "--api-version", names.slot, "--set"],
        "properties.outboundVnetRouting.allTraffic=true",
        "properties.outboundVnetRouting.imagePullTraffic=false",
      ],
    },
    {
      shown: azCommandToRemoveSetting(site, "WEBSITE_VNET_ROUTE_ALL"),
      words: [
        "webapp",
        "config",
        "appsettings",
        "delete",
        ...options,
        "--setting-names",
        "WEBSITE_VNET_ROUTE_ALL",
      ],
    },
    {
      shown: azCommandForEdit(site, { setting: "WEBSITE_CONTENTOVERVNET", to: "on" }),
      words: [
        "webapp",
        "config",
        "appsettings",
        "set",
        ...options,
        "--settings",
        "WEBSITE_CONTENTOVERVNET=1",
      ],
    },
  ];
}

/** `--name=-x` is one word of the shell and two of `az`, which would take `-x` for an option otherwise. */
function optionsOf(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => {
    const [, name = "", value = ""] = /^(--[a-z-]+)=(-[\s\S]*)$/.exec(word) ?? [];
    return name === "" ? [word] : [name, value];
  });
}

const names = (text: fc.Arbitrary<string>) => fc.record({ site: text, group: text, slot: text });

test("a command is exactly the words that are meant, whatever sites are called", () => {
  fc.assert(
    fc.property(fc.array(names(anything), { minLength: 1, maxLength: 8 }), (several) => {
      const commands = several.flatMap(commandsFor);
      const found = wordsOf(commands.map(({ shown }) => shown));
      expect(found.map(optionsOf)).toEqual(commands.map(({ words }) => words));
    }),
    { numRuns: 40 },
  );
});

test("no value of an option is taken for an option", () => {
  fc.assert(
    fc.property(names(printable.map((text) => `-${text}`)), (hyphened) => {
      for (const { shown } of commandsFor(hyphened).slice(1)) {
        const [words = []] = wordsOf([shown]);
        const known = /^--(resource-group|name|slot|settings|setting-names)\b/;
        expect(words.filter((word) => word.startsWith("-") && !known.test(word))).toEqual([]);
      }
    }),
    { numRuns: 20 },
  );
});

/** What a person copies from the card. */
const copied: readonly (readonly [string, (view: View) => string])[] = [
  ["Teams", (view) => visibleText(JSON.parse(JSON.stringify(renderCard(view)))).replaceAll("\u2060", "")],
  ["Slack", (view) => readMessage(renderView(view)).shown],
];

test.each(copied)("copied from a card in %s it still is", (_, copy) => {
  fc.assert(
    fc.property(names(printable), (one) => {
      const commands = commandsFor(one);
      const text = commands.map(({ shown }) => shown).join("\n");
      const view: View = { tone: "neutral", blocks: [{ kind: "code", text }], actions: [], summary: "" };
      expect(wordsOf([copy(view)]).map(optionsOf)).toEqual(commands.map(({ words }) => words));
    }),
    { numRuns: 40 },
  );
});
