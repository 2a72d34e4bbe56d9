import { shortFingerprint } from "../domain/change/fingerprint.ts";
import type { ChangePlan, PlanEntry, PlanNote } from "../domain/change/plan.ts";
import { azCommandForChange, azCommandForEdit } from "../domain/routing/az-command.ts";
import { flagNames } from "../domain/routing/flag-names.ts";
import { routingFlags } from "../domain/routing/routing-flag.ts";
import { targetLabel } from "../domain/target.ts";
import { changesLine, planTable } from "./routing-table.ts";
import { siteFacts, siteLine } from "./site-facts.ts";
import type { Block, Span, Text } from "./view.ts";
import { code, plain, strong } from "./words.ts";

/** What would change: the sites, flags before and after, the remarks, and the fingerprint that a decision is bound to. */
export function planBlocks(plan: ChangePlan): readonly Block[] {
  const [entry, ...others] = plan.entries;
  return [
    ...(others.length === 0 ? oneSite(entry) : severalSites(plan)),
    ...notes(plan),
    ...propertyNames(plan),
    {
      kind: "paragraph",
      text: [plain("Plan "), code(shortFingerprint(plan.fingerprint)), plain(". The same by hand:")],
    },
    { kind: "code", text: byHand(plan) },
  ];
}

function oneSite(entry: PlanEntry): readonly Block[] {
  return [siteFacts(entry.before), planTable(entry), ...settingLines(entry)];
}

/** Each edit of an app setting is a line of its own: it restarts the site, and has an outcome of its own. */
function settingLines({ changes, settings }: PlanEntry): readonly Block[] {
  if (settings.length === 0) return [];
  const when = Object.keys(changes).length > 0 ? "After the flags: " : "";
  const items = settings.map(
    ({ setting, to }): Text => [
      strong(`${when}${to === "on" ? "set" : "remove"} `),
      code(setting),
      plain(" (the site restarts)"),
    ],
  );
  return [{ kind: "list", items }];
}

function severalSites(plan: ChangePlan): readonly Block[] {
  const text = `${plan.entries.length} sites, one after the other in this order. The first that fails stops the rest.`;
  return [
    { kind: "paragraph", text },
    { kind: "list", items: plan.entries.map((entry, index) => entryLine(entry, index + 1, plan)) },
  ];
}

/** More sites than that are said as short as can be: each one must fit on the card, or nobody could approve it. */
const fewSites = 4;

function entryLine(entry: PlanEntry, number: number, { entries }: ChangePlan): Text {
  if (entries.length <= fewSites)
    return [...siteLine(entry.before, number), plain(`: ${changesLine(entry)}`)];
  const { target } = entry;
  const place = `${target.slot === undefined ? "production" : "slot"}, ${target.resourceGroup}`;
  return `${number}. ${targetLabel(target)} (${place}): ${changesLine(entry)}`;
}

/** Of several sites, a remark that holds for some of them is made once and names them. */
function notes({ entries }: ChangePlan): readonly Block[] {
  const found = new Map<string, { readonly note: PlanNote; readonly sites: string[] }>();
  for (const { target, notes: ofSite } of entries) {
    for (const note of ofSite) {
      const known = found.get(note.text) ?? { note, sites: [] };
      found.set(note.text, { note, sites: [...known.sites, targetLabel(target)] });
    }
  }
  if (found.size === 0) return [];
  const made = [...found.values()].map(({ note, sites }) => ({
    level: note.level,
    text: sites.length === entries.length ? note.text : `${sites.join(", ")}: ${note.text}`,
  }));
  const inOrder = made.toSorted((a, b) => Number(b.level === "warning") - Number(a.level === "warning"));
  return [{ kind: "notes", notes: inOrder }];
}

/** What changes, in the words of Azure's API and of its portal. */
function propertyNames({ entries }: ChangePlan): readonly Block[] {
  const [{ before }] = entries;
  const flags = routingFlags.filter((flag) => entries.some(({ changes }) => changes[flag] !== undefined));
  if (flags.length === 0) return [];
  const value = flags.flatMap((flag, index): Span[] => {
    const { property, portal } = flagNames(before, flag);
    const box = portal === undefined ? " (not in the portal)" : ` (in the portal "${portal}")`;
    return [...(index > 0 ? [plain(", ")] : []), code(property), plain(box)];
  });
  return [{ kind: "facts", facts: [{ label: "In Azure", value }] }];
}

function byHand({ entries }: ChangePlan): string {
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
