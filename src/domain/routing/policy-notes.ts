import type { PlanNote } from "../change/plan.ts";
import { type PolicyPreview, policyPreview, type RoutingPolicySubject } from "./policy-preview.ts";
import type { SiteObservation } from "./site-observation.ts";

const subjects: Record<RoutingPolicySubject, string> = {
  "application-routing": "application routing",
  "configuration-routing": "configuration routing",
};

/**
 * What a change means for the built-in Azure Policies, for the card: a line for each verdict that it turns around. Whether one is
 * assigned, and whether it only audits, is not read: a Deny shows when Azure refuses the write.
 */
export function policyNotes(
  site: SiteObservation,
  wanted: Readonly<Record<string, unknown>>,
): readonly PlanNote[] {
  return policyPreview(site, wanted)
    .filter(({ before, after }) => before !== after)
    .map(policyNote);
}

function policyNote({ subject, definition, after }: PolicyPreview): PlanNote {
  const policy = `Azure's built-in policy on ${subjects[subject]} (${definition})`;
  return after
    ? { level: "info", code: "policy-met", text: `${policy}: not met now, met after this change.` }
    : {
        level: "warning",
        code: "policy-violated",
        text: `${policy}: met now, no longer met after this change; where it is assigned with the effect Deny, Azure will refuse the change.`,
      };
}
