import type { StatusCommand } from "../domain/command.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import { targetLabel } from "../domain/target.ts";
import { failureView, note, statusView } from "../reply/answers.ts";
import type { Answer } from "./answer-message.ts";
import type { Asked } from "./find-site.ts";
import type { Flow } from "./flow.ts";
import { resolveTarget } from "./resolve-target.ts";

/** How sites or slots route their traffic, read from Azure now. */
export async function answerStatus(flow: Flow, asked: Asked<StatusCommand>): Promise<Answer> {
  const resolved = await resolveTarget(flow, asked);
  if (resolved.kind === "answer") return resolved.view;
  const sites: SiteObservation[] = [];
  for (const target of resolved.targets) {
    const observed = await flow.routing.observe(target, { signal: asked.signal });
    if (observed.kind === "failed") return failureView(observed.failure);
    if (observed.kind === "gone") return note("attention", `${targetLabel(target)} is no longer there.`);
    sites.push(observed.observation);
  }
  return statusView(sites);
}
