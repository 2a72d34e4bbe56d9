import type { TargetReference } from "../domain/command.ts";
import type { ResolvedTarget } from "../domain/target.ts";
import { failureView, note, whichSiteView } from "../reply/answers.ts";
import type { View } from "../reply/view.ts";
import type { Flow } from "./flow.ts";

export type Resolved =
  | { readonly kind: "target"; readonly target: ResolvedTarget }
  /** Not one site: what to say instead. */
  | { readonly kind: "answer"; readonly view: View };

/**
 * From what was typed to exactly one site or slot. Two that fit, or a name that is only similar, are asked back: nothing
 * is ever chosen for people.
 */
export async function resolveTarget(
  flow: Flow,
  references: readonly TargetReference[],
  signal: AbortSignal,
): Promise<Resolved> {
  const [reference, ...others] = references;
  if (!reference) return answer(note("attention", "Say which site is meant."));
  if (others.length > 0 || reference.all) {
    return answer(
      note("attention", "I take one site or slot at a time. Write one message for each; nothing was done."),
    );
  }
  const found = await flow.routing.find(reference, signal);
  switch (found.kind) {
    case "found":
      return { kind: "target", target: found.target };
    case "several":
      return answer(whichSiteView(typedName(reference), found.candidates, "several"));
    case "none":
      return answer(whichSiteView(typedName(reference), found.suggestions, "none"));
    case "failed":
      return answer(failureView(found.failure));
    default:
      return found satisfies never;
  }
}

function answer(view: View): Resolved {
  return { kind: "answer", view };
}

function typedName({ name, slot, host }: TargetReference): string {
  const site = host ?? name ?? "";
  return slot === undefined ? site : `${site}/${slot}`;
}
