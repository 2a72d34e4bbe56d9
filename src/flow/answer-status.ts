import type { StatusCommand } from "../domain/command.ts";
import { targetLabel } from "../domain/target.ts";
import { failureView, note, refusalView, statusView } from "../reply/answers.ts";
import type { Answer } from "./answer-message.ts";
import type { Asked } from "./find-site.ts";
import type { Flow } from "./flow.ts";
import { severalSites } from "./one-at-a-time.ts";
import { resolveTarget } from "./resolve-target.ts";

/** How one site or slot routes its traffic, read from Azure now. */
export async function answerStatus(flow: Flow, asked: Asked<StatusCommand>): Promise<Answer> {
  const resolved = await resolveTarget(flow, asked);
  if (resolved.kind === "answer") return resolved.view;
  const several = severalSites(resolved.targets);
  if (several) return refusalView(several);
  const [target] = resolved.targets;
  const observed = await flow.routing.observe(target, { signal: asked.signal });
  switch (observed.kind) {
    case "observed":
      return statusView(observed.observation);
    case "gone":
      return note("attention", `${targetLabel(target)} is no longer there.`);
    case "failed":
      return failureView(observed.failure);
    default:
      return observed satisfies never;
  }
}
