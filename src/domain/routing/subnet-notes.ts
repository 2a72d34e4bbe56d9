import type { PlanNote } from "../change/plan.ts";
import type { FlagValues } from "./routing-flag.ts";
import type { SiteObservation } from "./site-observation.ts";
import { type SubnetInspection, verdictForStorage } from "./subnet-inspection.ts";

/** Whether the network around the integration subnet matters for a change: only then it is read. */
export function needsInspection(site: SiteObservation, changes: FlagValues): boolean {
  return turnsOnContentShare(site, changes) || turnsOnTokens(site, changes);
}

/** What the network around the subnet means for a change, for the card. */
export function notesOnSubnet(
  site: SiteObservation,
  changes: FlagValues,
  inspection: SubnetInspection,
): readonly PlanNote[] {
  if (inspection.kind === "unreadable") return [notReadable(inspection.missingAction)];
  return [
    ...(turnsOnContentShare(site, changes) ? contentSharePorts(inspection) : []),
    ...(inspection.defaultRouteTable === undefined
      ? []
      : defaultRoute(inspection.defaultRouteTable, turnsOnTokens(site, changes))),
  ];
}

function turnsOnContentShare(site: SiteObservation, changes: FlagValues): boolean {
  if (changes.contentShareTraffic === true) return true;
  return changes.allTraffic === true && site.contentSettings !== "absent";
}

function turnsOnTokens(site: SiteObservation, changes: FlagValues): boolean {
  return site.managedIdentity && (changes.allTraffic === true || changes.managedIdentityTraffic === true);
}

/** SMB needs 445, REST needs 443. Source: learn.microsoft.com, virtual network integration routing (2025-11-24). */
function contentSharePorts({
  securityGroup,
}: Extract<SubnetInspection, { kind: "read" }>): readonly PlanNote[] {
  if (securityGroup === undefined) return [];
  return [443, 445].flatMap((port): PlanNote[] => {
    const verdict = verdictForStorage(securityGroup.rules, port);
    const group = `The network security group ${securityGroup.name} of the integration subnet`;
    switch (verdict.kind) {
      case "allowed":
        return [];
      case "denied":
        return [
          {
            level: "warning",
            code: "content-share-port-denied",
            text: `${group} denies outbound port ${port} (rule ${verdict.rule}), which a content share needs: the site may not start any more.`,
          },
        ];
      case "depends":
        return [
          {
            level: "warning",
            code: "content-share-port-depends",
            text: `${group} lets outbound port ${port} through for some storage accounts only (rule ${verdict.rule}): check that the site's own is among them.`,
          },
        ];
      default:
        return verdict satisfies never;
    }
  });
}

function defaultRoute(table: string, tokens: boolean): readonly PlanNote[] {
  return [
    tokens
      ? {
          level: "warning",
          code: "tokens-behind-appliance",
          text: `The route table ${table} sends 0.0.0.0/0 to an appliance, and the site has a managed identity: if that appliance does not let Microsoft Entra ID through, the site gets no more tokens.`,
        }
      : {
          level: "info",
          code: "firewall-not-checked",
          text: `The route table ${table} sends 0.0.0.0/0 to an appliance, whose rules cannot be checked from here.`,
        },
  ];
}

function notReadable(missingAction: string | undefined): PlanNote {
  const why = missingAction === undefined ? "" : ` (Routebot's identity lacks ${missingAction})`;
  return {
    level: "info",
    code: "subnet-not-readable",
    text: `Network security group and routes of the integration subnet could not be read${why}, so nothing is known of what they let through.`,
  };
}
