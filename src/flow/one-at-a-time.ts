import type { Refusal } from "../domain/failure.ts";
import type { ResolvedTarget } from "../domain/target.ts";

/** Why several sites in one request are not taken, if there are several. */
export function severalSites(targets: readonly ResolvedTarget[]): Refusal | undefined {
  if (targets.length === 1) return undefined;
  return {
    code: "several-sites",
    message: "I take one site or slot at a time. Write one message for each; nothing was done.",
  };
}
