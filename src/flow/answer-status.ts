import { holdOnSites } from "../domain/change/hold.ts";
import type { StatusCommand } from "../domain/command.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import { type ResolvedTarget, targetLabel } from "../domain/target.ts";
import { failureView, note, statusView } from "../reply/answers.ts";
import { holdWords, sentence } from "../reply/hold-words.ts";
import type { Block } from "../reply/view.ts";
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
  const view = statusView(sites);
  return { ...view, blocks: [...(await holdNotes(flow, resolved.targets)), ...view.blocks] };
}

/** That a change of these sites would have to wait now, and why. */
async function holdNotes(flow: Flow, targets: readonly ResolvedTarget[]): Promise<readonly Block[]> {
  const stops = await flow.stops.active();
  const policy = await flow.directory.policy();
  const at = flow.clock.now();
  const holds = targets.flatMap(
    (target) => holdOnSites([target], { stops, policy, at, freezes: "all" }) ?? [],
  );
  const notes = [...new Set(holds.map((hold) => sentence(holdWords(hold))))];
  if (notes.length === 0) return [];
  return [{ kind: "notes", notes: notes.map((text) => ({ level: "warning", text })) }];
}
