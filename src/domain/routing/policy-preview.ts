import { type FlagValues, flagsIn } from "./routing-flag.ts";
import type { SiteObservation } from "./site-observation.ts";

/** The two subjects that Azure's built-in policies have rules about. */
export const routingPolicySubjects = ["application-routing", "configuration-routing"] as const;
export type RoutingPolicySubject = (typeof routingPolicySubjects)[number];

/** What one built-in Azure Policy says of the site before and after a change, assigned or not. */
export type PolicyPreview = {
  readonly subject: RoutingPolicySubject;
  /** Name of the built-in policy definition, a GUID. */
  readonly definition: string;
  readonly before: boolean;
  readonly after: boolean;
};

/** Definition names (Azure/azure-policy, built-in definitions of App Service, release 3.2026.0417.1). */
const definitions = {
  "application-routing": {
    app: "a691eacb-474d-47e4-b287-b4813ca44222",
    appSlot: "f5c0bfb3-acea-47b1-b477-b0edcdf6edc1",
    function: "32a913ec-5ed7-4b31-a5b0-198450d8fb13",
    functionSlot: "75c42c42-dfb3-453d-8fd5-9f978e1b1106",
  },
  "configuration-routing": {
    app: "801543d1-1953-4a90-b8b0-8cf6d41473a5",
    appSlot: "5747353b-1ca9-42c1-a4dd-b874b894f3d4",
    function: "5e57f5ad-995a-485b-9f42-4748935ee5d9",
    functionSlot: "f380edf5-de79-4862-bd57-ee407d8bd8b6",
  },
} as const satisfies Record<RoutingPolicySubject, Record<string, string>>;

/**
 * What the built-in policies would say, computed from the stored flags alone, as the policies do: they know neither
 * `managedIdentityTraffic` nor app settings. Empty where they do not apply: logic apps, Consumption and Flex Consumption.
 */
export function policyPreview(
  site: SiteObservation,
  wanted: Readonly<Record<string, unknown>> = site.storedMap,
): readonly PolicyPreview[] {
  const { workload, sku } = site;
  if (workload.workflow || ["flexconsumption", "dynamic"].includes(sku.toLowerCase())) return [];
  const slot = site.target.slot !== undefined;
  const kind = workload.function ? (slot ? "functionSlot" : "function") : slot ? "appSlot" : "app";
  const after = flagsIn(wanted);
  return routingPolicySubjects.map((subject) => ({
    subject,
    definition: definitions[subject][kind],
    before: complies(subject, site.flags),
    after: complies(subject, after),
  }));
}

function complies(subject: RoutingPolicySubject, flags: FlagValues): boolean {
  if (flags.allTraffic === true) return true;
  switch (subject) {
    case "application-routing":
      return flags.applicationTraffic === true;
    case "configuration-routing":
      return (
        flags.imagePullTraffic === true &&
        flags.contentShareTraffic === true &&
        flags.backupRestoreTraffic === true
      );
    default:
      return subject satisfies never;
  }
}
