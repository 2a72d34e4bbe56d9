import { shortFingerprint } from "../domain/change/fingerprint.ts";
import type { ChangePlan } from "../domain/change/plan.ts";
import { azCommandForChange } from "../domain/routing/az-command.ts";
import { planTable } from "./routing-table.ts";
import { siteFacts } from "./site-facts.ts";
import type { Block } from "./view.ts";
import { code, plain } from "./words.ts";

/** What would change: the site, all flags before and after, the remarks, and the fingerprint that a decision is bound to. */
export function planBlocks(plan: ChangePlan): readonly Block[] {
  const entry = plan.entries[0];
  return [
    siteFacts(entry.before),
    planTable(entry),
    ...(entry.notes.length > 0
      ? [{ kind: "notes", notes: entry.notes.map(({ level, text }) => ({ level, text })) } as const]
      : []),
    {
      kind: "paragraph",
      text: [plain("Plan "), code(shortFingerprint(plan.fingerprint)), plain(". The same by hand:")],
    },
    { kind: "code", text: azCommandForChange(entry.before, entry.changes) },
  ];
}
