import type { CommandKind } from "../domain/command.ts";
import { type CatalogEntry, catalog } from "./catalog.ts";

/** Words that people use for a topic of help, by the kind of command. */
const topics: readonly [RegExp, CommandKind][] = [
  [/(withdraw|take back|revoke|retract).*approv|unapprove/, "withdraw"],
  [/approv|reject|deny|decision/, "decision"],
  [/undo|roll|revert/, "undo"],
  [/cancel|withdraw/, "cancel"],
  [/extend|longer/, "extend"],
  [/\bend\b|temporary/, "end"],
  [/unfreez|lift/, "unfreeze"],
  [/freez/, "freeze"],
  [/histor|who changed/, "history"],
  [/audit|report|complian/, "audit"],
  [/pending|waiting|open/, "pending"],
  [/status|state|show|check/, "status"],
  [/who can|why/, "explain"],
  [/rout|traffic|image|content|backup|identity|enable|disable|turn|flag|preview|glass/, "change"],
];

/** The entries of the catalogue that answer a topic; all of them when there is none, or none that is known. */
export function helpEntries(topic: string | undefined): readonly CatalogEntry[] {
  if (topic === undefined) return catalog;
  const lower = topic.toLowerCase();
  const kind = topics.find(([words]) => words.test(lower))?.[1];
  const found = catalog.filter((entry) => entry.kind === kind);
  return found.length === 0 ? catalog : found;
}
