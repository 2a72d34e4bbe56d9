import type { StatusCommand } from "../domain/command.ts";
import { targetLabel } from "../domain/target.ts";
import { failureView, note, statusView } from "../reply/answers.ts";
import type { View } from "../reply/view.ts";
import type { Flow } from "./flow.ts";
import { resolveTarget } from "./resolve-target.ts";

/** How one site or slot routes its traffic, read from Azure now. */
export async function answerStatus(flow: Flow, command: StatusCommand, signal: AbortSignal): Promise<View> {
  const resolved = await resolveTarget(flow, command.targets, signal);
  if (resolved.kind === "answer") return resolved.view;
  const observed = await flow.routing.observe(resolved.target, { signal });
  switch (observed.kind) {
    case "observed":
      return statusView(observed.observation);
    case "gone":
      return note("attention", `${targetLabel(resolved.target)} is no longer there.`);
    case "failed":
      return failureView(observed.failure);
    default:
      return observed satisfies never;
  }
}
