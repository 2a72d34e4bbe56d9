import type { ChangePlan, PlanEntry } from "../domain/change/plan.ts";
import { azCommandForChange, azCommandForEdit } from "../domain/routing/az-command.ts";
import { flagNames } from "../domain/routing/flag-names.ts";
import { routingFlags } from "../domain/routing/routing-flag.ts";
import type { Block, Span } from "./view.ts";
import { code, plain } from "./words.ts";

/** More sites than that are said as short as can be: each one must fit on the card, or nobody could approve it. */
export const fewSites = 4;

/** What changes, in the words of Azure's API, of the article that people have read, and of the portal. */
export function propertyNames({ entries }: ChangePlan): readonly Block[] {
  const [{ before }] = entries;
  const flags = routingFlags.filter((flag) => entries.some(({ changes }) => changes[flag] !== undefined));
  if (flags.length === 0) return [];
  const value = flags.flatMap((flag, index): Span[] => {
    const { property, alsoCalled, portal } = flagNames(before, flag);
    const box = portal === undefined ? "not in the portal" : `in the portal "${portal}"`;
    return [
      ...(index > 0 ? [plain(", ")] : []),
      code(property),
      plain(" ("),
      ...(alsoCalled === undefined ? [] : [plain("also called "), code(alsoCalled), plain("; ")]),
      plain(`${box})`),
    ];
  });
  return [{ kind: "facts", facts: [{ label: "In Azure", value }] }];
}

/** The `az` command lines that do the same; of many sites the first one's. */
export function commandsByHand({ entries }: ChangePlan): string {
  const shown = entries.length <= fewSites ? entries : entries.slice(0, 1);
  const rest = entries.length - shown.length;
  return [...shown.flatMap(commands), ...(rest > 0 ? [`# and so on for the ${rest} others`] : [])].join("\n");
}

function commands({ before, changes, settings }: PlanEntry): readonly string[] {
  return [
    ...(Object.keys(changes).length > 0 ? [azCommandForChange(before, changes)] : []),
    ...settings.map((edit) => azCommandForEdit(before, edit)),
  ];
}
