import type { ChangeRequest } from "../domain/change/change-request.ts";
import type { Outcome } from "../domain/change/outcome.ts";
import { type PlanStep, stepsOf } from "../domain/change/plan-steps.ts";
import { targetLabel } from "../domain/target.ts";
import type { Block, Text } from "./view.ts";
import { code, plain, strong } from "./words.ts";

/** How each step of a request ended, a line for each; nothing where there is only one, or none was begun. */
export function stepLines(request: ChangeRequest): readonly Block[] {
  const steps = stepsOf(request.plan);
  if (steps.length === 1 || (request.state !== "confirmed" && request.state !== "failed")) return [];
  const items = steps.map((step, index): Text => {
    const outcome = request.outcomes[index];
    return [
      plain(`${index + 1}. `),
      code(targetLabel(step.entry.target)),
      plain(`${stepWords(step)}: `),
      strong(outcome ? words[outcome.kind] : "not begun"),
      ...(outcome?.kind === "skipped" ? [plain(`. ${outcome.why}`)] : []),
    ];
  });
  return [{ kind: "list", items }];
}

function stepWords(step: PlanStep): string {
  if (step.kind === "flags") return ", flags";
  return `, ${step.edit.setting} ${step.edit.to === "on" ? "set" : "removed"}`;
}

const words: Record<Outcome["kind"], string> = {
  confirmed: "done",
  "not-applied": "not applied",
  "accepted-not-applied": "accepted but not applied",
  "partly-applied": "partly applied",
  unknown: "outcome unknown",
  skipped: "skipped",
};
