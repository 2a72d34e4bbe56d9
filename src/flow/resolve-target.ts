import type { Refusal } from "../domain/failure.ts";
import { type ResolvedTarget, targetKey } from "../domain/target.ts";
import { note, refusalView } from "../reply/answers.ts";
import type { Answer } from "./answer-message.ts";
import { type Asked, findSite } from "./find-site.ts";
import type { Flow } from "./flow.ts";
import { listAllSites } from "./list-all-sites.ts";
import { rememberSubject } from "./thread-context.ts";

export type Resolved =
  /** One site or slot, or several, in the order in which they were named; none of them twice. */
  | { readonly kind: "targets"; readonly targets: readonly [ResolvedTarget, ...ResolvedTarget[]] }
  /** Not clear, or too many: what to say instead. */
  | { readonly kind: "answer"; readonly view: Answer };

/**
 * From what was typed to exactly the sites and slots that are meant. Two that fit, or a name that is only similar, are asked
 * back: nothing is ever chosen for people. "All in a group" is every production site of it. What was found is what the
 * conversation is about from now on.
 */
export async function resolveTarget(flow: Flow, asked: Asked): Promise<Resolved> {
  const targets = new Map<string, ResolvedTarget>();
  for (const [index, reference] of asked.command.targets.entries()) {
    const found = reference.all ? await listAllSites(flow, asked, index) : await findSite(flow, asked, index);
    if (found.kind === "answer") return found;
    for (const target of found.targets) targets.set(targetKey(target), target);
  }
  const [first, ...others] = targets.values();
  if (!first) return { kind: "answer", view: note("attention", "Say which site is meant.") };
  const { maxSites } = flow.limits;
  if (targets.size > maxSites) return { kind: "answer", view: refusalView(tooMany(targets.size, maxSites)) };
  await rememberSubject(flow, asked, [first, ...others]);
  return { kind: "targets", targets: [first, ...others] };
}

function tooMany(count: number, limit: number): Refusal {
  return {
    code: "too-many-sites",
    message: `These are ${count} sites, and one request may name ${limit} at most (ROUTEBOT_MAX_SITES). Nothing was done.`,
  };
}
