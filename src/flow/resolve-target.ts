import type { TargetReference } from "../domain/command.ts";
import { type ResolvedTarget, targetKey } from "../domain/target.ts";
import { failureView, note, whichSiteView } from "../reply/answers.ts";
import type { View } from "../reply/view.ts";
import type { Flow } from "./flow.ts";

export type Resolved =
  /** One site or slot, or several, in the order in which they were named; none of them twice. */
  | { readonly kind: "targets"; readonly targets: readonly [ResolvedTarget, ...ResolvedTarget[]] }
  /** Not clear, or too many: what to say instead. */
  | { readonly kind: "answer"; readonly view: View };

/**
 * From what was typed to exactly the sites and slots that are meant. Two that fit, or a name that is only similar, are asked
 * back: nothing is ever chosen for people. "All in a group" is every production site of it.
 */
export async function resolveTarget(
  flow: Flow,
  references: readonly TargetReference[],
  signal: AbortSignal,
): Promise<Resolved> {
  const targets = new Map<string, ResolvedTarget>();
  for (const reference of references) {
    const resolved = await resolveOne(flow, reference, signal);
    if (resolved.kind === "answer") return resolved;
    for (const target of resolved.targets) targets.set(targetKey(target), target);
  }
  const [first, ...others] = targets.values();
  if (!first) return answer(note("attention", "Say which site is meant."));
  const most = flow.limits.maxSites;
  if (others.length >= most) {
    const text = `These are ${others.length + 1} sites, and I take at most ${most} at a time. Nothing was done.`;
    return answer(note("attention", text));
  }
  return { kind: "targets", targets: [first, ...others] };
}

async function resolveOne(flow: Flow, reference: TargetReference, signal: AbortSignal): Promise<Resolved> {
  const found = await flow.routing.find(reference, signal);
  switch (found.kind) {
    case "found":
      return { kind: "targets", targets: [found.target] };
    case "all": {
      const [first, ...others] = found.targets.toSorted(byName);
      if (!first) throw new Error("all sites are at least one");
      return { kind: "targets", targets: [first, ...others] };
    }
    case "several":
      return answer(whichSiteView(typedName(reference), found.candidates, "several"));
    case "none":
      return answer(
        reference.all
          ? note("attention", "I see no site there.")
          : whichSiteView(typedName(reference), found.suggestions, "none"),
      );
    case "failed":
      return answer(failureView(found.failure));
    default:
      return found satisfies never;
  }
}

function byName(one: ResolvedTarget, other: ResolvedTarget): number {
  return targetKey(one) < targetKey(other) ? -1 : 1;
}

function answer(view: View): Resolved {
  return { kind: "answer", view };
}

function typedName({ name, slot, host }: TargetReference): string {
  const site = host ?? name ?? "";
  return slot === undefined ? site : `${site}/${slot}`;
}
