import { fingerprintOf } from "../domain/change/fingerprint.ts";
import type { ChangePlan, PlanEntry, PlanNote } from "../domain/change/plan.ts";
import { undoOf, type WrittenSite } from "../domain/change/undo.ts";
import type { Failure } from "../domain/failure.ts";
import { notesOn, refusalOfKind, refusalOfMoment } from "../domain/routing/applicability.ts";
import { targetLabel } from "../domain/target.ts";
import { subnetNotes } from "./build-plan.ts";
import type { Flow } from "./flow.ts";
import { differenceFrom } from "./site-difference.ts";

/** What it takes to undo a request's work on one site. */
export type UndoneSite =
  /** `asLeft`: the site still is exactly as the request left it. */
  | { readonly kind: "entry"; readonly entry: PlanEntry; readonly asLeft: boolean }
  /** There is nothing to put back; `why` in sentences. */
  | { readonly kind: "nothing"; readonly why: string }
  /** It cannot be written to now; `passes` when that is a matter of waiting. */
  | { readonly kind: "refused"; readonly why: string; readonly passes: boolean };

export type BuiltUndo =
  | { readonly kind: "read"; readonly sites: readonly UndoneSite[] }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Reads the sites that a request wrote to afresh, and works out for each what would bring it back. */
export async function buildUndo(
  flow: Flow,
  written: readonly WrittenSite[],
  signal: AbortSignal,
): Promise<BuiltUndo> {
  const sites: UndoneSite[] = [];
  for (const one of written) {
    const observed = await flow.routing.observe(one.entry.target, { signal });
    if (observed.kind === "failed") return observed;
    const label = targetLabel(one.entry.target);
    if (observed.kind === "gone") {
      sites.push({ kind: "refused", why: `${label} is no longer there.`, passes: false });
      continue;
    }
    const now = observed.observation;
    const { changes, wanted, settings, impossible, asLeft } = undoOf(one, now);
    const foreign = asLeft ? [] : [`Since then: ${differenceFrom(one.left, now)}`];
    if (Object.keys(changes).length === 0 && settings.length === 0) {
      const put = impossible.length > 0 ? impossible.join(" ") : `${label} no longer says what was changed.`;
      sites.push({ kind: "nothing", why: [put, ...foreign].join(" ") });
      continue;
    }
    const refusal = refusalOfKind(now, changes) ?? refusalOfMoment(now);
    if (refusal) {
      const passes = refusal.code === "operation-in-progress";
      sites.push({ kind: "refused", why: refusal.message, passes });
      continue;
    }
    const around = await subnetNotes(flow, now, { changes, signal });
    const notes: readonly PlanNote[] = [
      ...impossible.map((text) => ({ level: "warning", code: "not-undone", text }) as const),
      ...foreign.map((text) => ({ level: "warning", code: "changed-since", text }) as const),
      ...settings.map(restarts),
      ...around,
      ...notesOn({ site: now, set: changes, changes }),
    ];
    const entry: PlanEntry = { target: now.target, before: now, changes, wanted, settings, notes };
    sites.push({ kind: "entry", entry, asLeft });
  }
  return { kind: "read", sites };
}

const restarts = ({ setting }: PlanEntry["settings"][number]): PlanNote => ({
  level: "warning",
  code: "setting-restarts",
  text: `Changing the app setting ${setting} restarts the site.`,
});

/** A plan of these entries; `undefined` if there is none. */
export function planOf(entries: readonly PlanEntry[]): ChangePlan | undefined {
  const [first, ...others] = entries;
  return first && { entries: [first, ...others], fingerprint: fingerprintOf(entries) };
}
