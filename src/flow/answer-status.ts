import { holdOnSite } from "../domain/change/hold.ts";
import type { StatusCommand } from "../domain/command.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import { type ResolvedTarget, targetLabel } from "../domain/target.ts";
import type { ObserveResult } from "../ports/routing-service.ts";
import { failureView, manyStatusView, note, statusView, type Unread } from "../reply/answers.ts";
import { holdWords, sentence } from "../reply/hold-words.ts";
import type { Block } from "../reply/view.ts";
import type { Answer } from "./answer-message.ts";
import type { Asked } from "./find-site.ts";
import type { Flow } from "./flow.ts";
import { resolveTarget } from "./resolve-target.ts";

/** How sites or slots route their traffic, read from Azure now: one in full, several in one table. */
export async function answerStatus(flow: Flow, asked: Asked<StatusCommand>): Promise<Answer> {
  const resolved = await resolveTarget(flow, asked);
  if (resolved.kind === "answer") return resolved.view;
  const { targets } = resolved;
  const sites: SiteObservation[] = [];
  const unread: Unread[] = [];
  for (const target of targets) {
    const observed = await flow.routing.observe(target, { signal: asked.signal });
    const label = targetLabel(target);
    if (observed.kind === "observed") sites.push(observed.observation);
    else if (targets.length === 1) return notReadView(label, observed);
    else unread.push({ label, why: whyNot(observed) });
  }
  const [site] = sites;
  const view = site && targets.length === 1 ? statusView(site) : manyStatusView(sites, unread);
  return { ...view, blocks: [...(await holdNotes(flow, targets)), ...view.blocks] };
}

type NotRead = Exclude<ObserveResult, { kind: "observed" }>;

function notReadView(label: string, result: NotRead): Answer {
  return result.kind === "failed"
    ? failureView(result.failure)
    : note("attention", `${label} is no longer there.`);
}

function whyNot(result: NotRead): string {
  return result.kind === "failed" ? result.failure.message : "no longer there.";
}

/** That a change of these sites would have to wait now, and why. */
async function holdNotes(flow: Flow, targets: readonly ResolvedTarget[]): Promise<readonly Block[]> {
  const stops = await flow.stops.active();
  const policy = await flow.directory.policy();
  const at = flow.clock.now();
  const holds = targets.flatMap((target) => holdOnSite(target, { stops, policy, at }) ?? []);
  const notes = [...new Set(holds.map((hold) => sentence(holdWords(hold))))];
  if (notes.length === 0) return [];
  return [{ kind: "notes", notes: notes.map((text) => ({ level: "warning", text })) }];
}
