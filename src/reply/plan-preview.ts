import type { OnFailure } from "../domain/change/approval-policy.ts";
import type { ChangeRequest } from "../domain/change/change-request.ts";
import { shortFingerprint } from "../domain/change/fingerprint.ts";
import type { ChangePlan, PlanEntry, PlanNote } from "../domain/change/plan.ts";
import { sourceOfNote } from "../domain/routing/sources.ts";
import { targetLabel } from "../domain/target.ts";
import { commandsByHand, fewSites, propertyNames } from "./in-azure.ts";
import { changesLine, type PlanStage, planTable } from "./routing-table.ts";
import { siteFacts, siteLine } from "./site-facts.ts";
import type { Block, Text } from "./view.ts";
import { code, plain, sourceWords, strong, utcTime } from "./words.ts";

type PlanTerms = { readonly onFailure?: OnFailure | undefined; readonly stage?: PlanStage };

/** What a request would do, below its head: its plan, or that it writes nothing. */
export function requestBlocks(request: ChangeRequest): readonly Block[] {
  const { plan, terms, state, extends: extension } = request;
  if (!extension) return planBlocks(plan, { onFailure: terms.onFailure, stage: stageOf(state) });
  const { of, from, until } = extension;
  const text = `${of} is turned back at ${utcTime(from)} as it stands; approved, at ${utcTime(until)}. Nothing is written: the sites stay as they are now.`;
  const [first, ...others] = plan.entries;
  return [{ kind: "paragraph", text }, ...(others.length === 0 ? [siteFacts(first.before)] : [])];
}

function stageOf(state: ChangeRequest["state"]): PlanStage {
  if (state === "pending" || state === "approved") return "open";
  return state === "confirmed" ? "done" : "past";
}

/** What would change: the sites, flags before and after, the remarks, and the fingerprint that a decision is bound to. */
export function planBlocks(
  plan: ChangePlan,
  { onFailure = "stop", stage = "open" }: PlanTerms = {},
): readonly Block[] {
  const [entry, ...others] = plan.entries;
  return [
    ...(others.length === 0 ? oneSite(entry, stage) : severalSites(plan, onFailure)),
    ...notes(plan),
    ...propertyNames(plan),
    {
      kind: "paragraph",
      text: [plain("Plan "), code(shortFingerprint(plan.fingerprint)), plain(". The same by hand:")],
    },
    { kind: "code", text: commandsByHand(plan) },
  ];
}

function oneSite(entry: PlanEntry, stage: PlanStage): readonly Block[] {
  return [siteFacts(entry.before), planTable(entry, stage), ...settingLines(entry)];
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

function severalSites(plan: ChangePlan, onFailure: OnFailure): readonly Block[] {
  const failing =
    onFailure === "continue"
      ? "One that fails does not stop the others."
      : "The first that fails stops the rest.";
  const text = `${plan.entries.length} sites, one after the other in this order. ${failing}`;
  return [
    { kind: "paragraph", text },
    { kind: "list", items: plan.entries.map((entry, index) => entryLine(entry, index + 1, plan)) },
  ];
}

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
    text: `${sites.length === entries.length ? "" : `${sites.join(", ")}: `}${note.text}${sourceOf(note)}`,
  }));
  const inOrder = made.toSorted((a, b) => Number(b.level === "warning") - Number(a.level === "warning"));
  return [{ kind: "notes", notes: inOrder }];
}

function sourceOf({ code }: PlanNote): string {
  const source = sourceOfNote[code] ?? "own";
  return source === "own" ? "" : sourceWords(source);
}
