import type { ChangeRequest } from "../domain/change/change-request.ts";
import type { Outcome } from "../domain/change/outcome.ts";
import { type PlanStep, stepsOf } from "../domain/change/plan-steps.ts";
import { effectiveValues } from "../domain/routing/effective-value.ts";
import { flagTitles, routingFlags } from "../domain/routing/routing-flag.ts";
import { targetLabel } from "../domain/target.ts";
import type { Block, Text } from "./view.ts";
import { onOff, routeWords } from "./words.ts";

/** How each step of a request ended, a line for each; nothing where there is only one, or none was begun. */
export function stepLines(request: ChangeRequest): readonly Block[] {
  const steps = stepsOf(request.plan);
  if (steps.length < 2 || (request.state !== "confirmed" && request.state !== "failed")) return [];
  const items = steps.map((step, index): Text => {
    const outcome = request.outcomes[index];
    const result = outcome ? words[outcome.kind] : "not begun";
    return `${index + 1}. ${targetLabel(step.entry.target)}, ${stepWords(step)}: ${result}${resultWords(step, outcome)}`;
  });
  return [{ kind: "list", items }];
}

function stepWords(step: PlanStep): string {
  if (step.kind === "flags") return "flags";
  return `${step.edit.setting} ${step.edit.to === "on" ? "set" : "removed"}`;
}

/** What was read back of the flags that were to change, or why nothing was sent. */
function resultWords(step: PlanStep, outcome: Outcome | undefined): string {
  if (outcome?.kind === "skipped") return `. ${outcome.why}`;
  if (step.kind !== "flags" || !outcome || !("after" in outcome) || !outcome.after) return "";
  const { after } = outcome;
  const effective = effectiveValues(after);
  const flags = routingFlags
    .filter((flag) => step.entry.changes[flag] !== undefined)
    .map((flag) => `${flagTitles[flag]} ${onOff(after.flags[flag])} · ${routeWords[effective[flag].route]}`);
  return ` (${flags.join("; ")})`;
}

const words: Record<Outcome["kind"], string> = {
  confirmed: "done",
  "not-applied": "not applied",
  "accepted-not-applied": "accepted but not applied",
  "partly-applied": "partly applied",
  unknown: "outcome unknown",
  skipped: "skipped",
};
