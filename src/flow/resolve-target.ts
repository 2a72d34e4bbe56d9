import type { ResolvedTarget } from "../domain/target.ts";
import { note } from "../reply/answers.ts";
import type { Answer } from "./answer-message.ts";
import { type Asked, findSite } from "./find-site.ts";
import type { Flow } from "./flow.ts";
import { listAllSites } from "./list-all-sites.ts";
import { rememberSubject } from "./thread-context.ts";

export type Resolved =
  | { readonly kind: "target"; readonly target: ResolvedTarget }
  /** Not one site: what to say instead. */
  | { readonly kind: "answer"; readonly view: Answer };

/**
 * From what was typed to exactly one site or slot. Two that fit, or a name that is only similar, are asked back: nothing
 * is ever chosen for people. What was found is what the conversation is about from now on.
 */
export async function resolveTarget(flow: Flow, asked: Asked): Promise<Resolved> {
  const [reference, ...others] = asked.command.targets;
  if (!reference) return answer(note("attention", "Say which site is meant."));
  if (others.length > 0) return answer(note("attention", oneAtATime));
  const found = reference.all ? await listAllSites(flow, asked, 0) : await findSite(flow, asked, 0);
  if (found.kind === "answer") return found;
  const [target, ...more] = found.targets;
  if (more.length > 0) return answer(note("attention", oneAtATime));
  await rememberSubject(flow, asked, [target]);
  return { kind: "target", target };
}

const oneAtATime = "I take one site or slot at a time. Write one message for each; nothing was done.";

function answer(view: Answer): Resolved {
  return { kind: "answer", view };
}
