import type { PlanNote } from "../change/plan.ts";
import type { Refusal } from "../failure.ts";
import { flagOfLegacySetting, legacySettings } from "./legacy-setting.ts";
import { type FlagValues, flagTitles, type RoutingFlag, routingFlags } from "./routing-flag.ts";
import { type SiteObservation, siteLabel } from "./site-observation.ts";

/** A change that is being weighed: the site as read, what was asked for, and the flags that would really change. */
export type WeighedChange = {
  readonly site: SiteObservation;
  readonly set: FlagValues;
  readonly changes: FlagValues;
};

/**
 * Why routing flags cannot be set on this site at all, or not these. `undefined` means that nothing speaks against it.
 * Each refusal says in one sentence what is in the way and what to do.
 */
export function refusalOfKind(site: SiteObservation, set: FlagValues): Refusal | undefined {
  return (
    refusalOfPlan(site) ??
    refusalOfIntegration(site) ??
    refusalOfCompose(site, set) ??
    refusalOfPerimeter(site, set) ??
    refusalOfGeneration(site, set)
  );
}

/** Why nothing can be changed on this site at the moment, although its flags could be set. */
export function refusalOfMoment(site: SiteObservation): Refusal | undefined {
  if (site.operationInProgress === undefined) return undefined;
  return {
    code: "operation-in-progress",
    message: `Another operation is in progress on ${siteLabel(site)}; ask again when it has finished.`,
  };
}

/** Plans without integration, by `sku` as Azure reports it: a tier name in most answers, a size in some. */
const plansWithoutIntegration: ReadonlySet<string> = new Set(["free", "shared", "f1", "d1"]);
const consumptionPlans: ReadonlySet<string> = new Set(["dynamic", "y1"]);

function refusalOfPlan(site: SiteObservation): Refusal | undefined {
  const label = siteLabel(site);
  const sku = site.sku.toLowerCase();
  if (sku === "flexconsumption") {
    return {
      code: "not-applicable",
      message: `${label} runs on Flex Consumption, where routing flags have no effect; its networking is set on the function app itself.`,
      source: "functions",
    };
  }
  if (consumptionPlans.has(sku)) {
    return {
      code: "not-applicable",
      message: `${label} runs on the Consumption plan, which cannot join a virtual network; move it to Elastic Premium, Flex Consumption or an App Service plan first.`,
      source: "functions",
    };
  }
  if (plansWithoutIntegration.has(sku)) {
    return {
      code: "not-applicable",
      message: `${label} runs on a ${site.sku} App Service plan, which cannot join a virtual network; scale the plan to Basic or higher and add the integration first.`,
      source: "integration",
    };
  }
  return undefined;
}

function refusalOfIntegration(site: SiteObservation): Refusal | undefined {
  const label = siteLabel(site);
  switch (site.integration.kind) {
    case "regional":
      return undefined;
    case "none":
      return {
        code: "not-integrated",
        message: `${label} is not joined to a virtual network, so routing flags have no effect; add virtual network integration under Networking in the portal, then ask again.`,
        source: "routing",
      };
    case "gateway":
      return {
        code: "not-applicable",
        message: `${label} uses gateway-required integration, which does not know routing flags and retires on 31 March 2027; move it to regional integration first.`,
        source: "gateway",
      };
    case "environment":
      return {
        code: "not-applicable",
        message: `${label} runs in an App Service Environment, which is inside a virtual network already; route its traffic with the environment's subnet instead.`,
        source: "integration",
      };
    default:
      return site.integration satisfies never;
  }
}

function refusalOfCompose(site: SiteObservation, set: FlagValues): Refusal | undefined {
  const turnsOn = routingFlags.some((flag) => set[flag] === true);
  if (site.workload.container !== "compose" || !turnsOn) return undefined;
  return {
    code: "not-applicable",
    message: `${siteLabel(site)} runs Docker Compose, which does not work with virtual network integration; move it to sidecar containers first.`,
    source: "integration",
  };
}

function refusalOfPerimeter(site: SiteObservation, set: FlagValues): Refusal | undefined {
  const turnsOff = routingFlags.some((flag) => set[flag] === false);
  if (!site.securedByPerimeter || !turnsOff) return undefined;
  return {
    code: "perimeter-enforced",
    message: `A network security perimeter enforces the routing of ${siteLabel(site)}, so it cannot be turned off here; change the access mode of the perimeter first.`,
    source: "perimeter",
  };
}

/** Flags that the API before 2024-11-01 has no property for. */
const inexpressibleBefore2024: readonly RoutingFlag[] = ["allTraffic", "managedIdentityTraffic"];

function refusalOfGeneration(site: SiteObservation, set: FlagValues): Refusal | undefined {
  if (site.generation === "modern") return undefined;
  const asked = routingFlags.filter((flag) => set[flag] !== undefined);
  const missing = asked.filter((flag) => inexpressibleBefore2024.includes(flag));
  const refused =
    missing.find((flag) => set[flag] === true) ?? (asked.length === missing.length && missing[0]);
  if (!refused) return undefined;
  return {
    code: "not-expressible",
    message: `This cloud's API (${site.apiVersion}) has no property for ${refused}; ask for application traffic, image pull, content share or backup by name instead.`,
    source: "apiVersions",
  };
}

/** Remarks for the card. */
export function notesOn(change: WeighedChange): PlanNote[] {
  return [
    othersLoseRouting(change),
    legacySettingUnread(change),
    managedIdentityRisk(change),
    managedByCode(change.site),
    noContainer(change),
    windowsContainer(change),
    noContentShare(change),
    impactOfApplicationTraffic(change),
    contentSharePorts(change),
    databaseBackups(change),
    atNextStart(change),
  ].filter((note) => note !== undefined);
}

/** Lowering `allTraffic` by name leaves the other flags as they are stored, which often is off. */
function othersLoseRouting({ site, set, changes }: WeighedChange): PlanNote | undefined {
  if (changes.allTraffic !== false || set.allTraffic === undefined) return undefined;
  const lost = routingFlags.filter(
    (flag) =>
      flag !== "allTraffic" &&
      set[flag] === undefined &&
      site.flags[flag] === false &&
      changes[flag] === undefined,
  );
  if (lost.length === 0) return undefined;
  return {
    level: "warning",
    code: "others-lose-routing",
    text: `Until now allTraffic covered these too, and they are off themselves: ${lost.map((flag) => flagTitles[flag]).join(", ")}. To keep one, ask for it by name.`,
  };
}

/** Nobody can say that traffic is off where a setting that may keep it on is not readable. */
function legacySettingUnread({ site, changes }: WeighedChange): PlanNote | undefined {
  const unread = legacySettings.filter(
    (setting) => changes[flagOfLegacySetting[setting]] === false && site.legacy[setting] === "unknown",
  );
  if (unread.length === 0) return undefined;
  return {
    level: "warning",
    code: "legacy-setting-unread",
    text: `${unread.join(" and ")} could not be read: where such an app setting is on, the traffic may stay in the virtual network although its flag is off; look in the portal under Environment variables.`,
  };
}

/** Reported in Azure/Azure-Functions #2653: tokens failed once everything went through a forced tunnel. */
function managedIdentityRisk({ site, changes }: WeighedChange): PlanNote | undefined {
  if (!site.managedIdentity) return undefined;
  if (changes.allTraffic !== true && changes.managedIdentityTraffic !== true) return undefined;
  return {
    level: "warning",
    code: "managed-identity-tokens",
    text: "The site has a managed identity: if a route table sends 0.0.0.0/0 to an appliance, that appliance must let Microsoft Entra ID through, or the site gets no more tokens.",
  };
}

/** Hints only: tags that tools for infrastructure as code, or the people who use them, leave behind. */
const toolNames = /terraform|opentofu|bicep|pulumi|ansible|crossplane|azd-env-name|azd-service-name/i;

function managedByCode(site: SiteObservation): PlanNote | undefined {
  const tag = Object.entries(site.target.tags ?? {}).find(([name, value]) =>
    toolNames.test(`${name} ${value}`),
  );
  if (tag === undefined) return undefined;
  return {
    level: "warning",
    code: "managed-by-code",
    text: `The tag "${tag[0]}" says that the site may be managed by infrastructure as code: change it there too, or its next run may take this back.`,
  };
}

function noContainer({ site, changes }: WeighedChange): PlanNote | undefined {
  if (changes.imagePullTraffic !== true || site.workload.container !== "none") return undefined;
  return {
    level: "warning",
    code: "no-container",
    text: "The site runs no container image, so nothing is pulled: the flag is stored and has no effect.",
  };
}

function windowsContainer({ site, changes }: WeighedChange): PlanNote | undefined {
  if (changes.imagePullTraffic !== true || site.workload.container !== "windows") return undefined;
  return {
    level: "warning",
    code: "windows-container",
    text: "Windows containers could not pull images over a virtual network in the past, and the documentation does not say that they can now: watch the next start.",
  };
}

function noContentShare({ site, changes }: WeighedChange): PlanNote | undefined {
  if (changes.contentShareTraffic !== true) return undefined;
  if (site.contentSettings === "present") return undefined;
  if (site.contentSettings === "unknown" && (site.workload.function || site.workload.workflow))
    return undefined;
  return {
    level: "warning",
    code: "no-content-share",
    text: "The site keeps no content on a share (that is for function and logic apps), so the flag is stored and no effect is expected.",
  };
}

function impactOfApplicationTraffic({ changes }: WeighedChange): PlanNote | undefined {
  if (changes.applicationTraffic === undefined && changes.allTraffic === undefined) return undefined;
  const on = changes.applicationTraffic === true || changes.allTraffic === true;
  return {
    level: "info",
    code: "impact-application-traffic",
    text: on
      ? "All outbound traffic of the app will follow the network security groups, routes and NAT of its integration subnet; storage accounts in other regions need an endpoint or a route."
      : "Traffic to the internet leaves directly again; private addresses and service endpoints still go through the virtual network.",
  };
}

function contentSharePorts({ changes }: WeighedChange): PlanNote | undefined {
  if (changes.contentShareTraffic !== true && changes.allTraffic !== true) return undefined;
  return {
    level: "info",
    code: "content-share-ports",
    text: "A content share needs outbound ports 443 and 445 open in network security groups and firewalls.",
  };
}

function databaseBackups({ changes }: WeighedChange): PlanNote | undefined {
  if (changes.backupRestoreTraffic !== true) return undefined;
  return {
    level: "info",
    code: "database-backups",
    text: "Backups of databases are not supported over a virtual network; only the site's own content is.",
  };
}

function atNextStart({ changes }: WeighedChange): PlanNote | undefined {
  const flags = (["imagePullTraffic", "contentShareTraffic"] as const).filter(
    (flag) => changes[flag] !== undefined,
  );
  if (flags.length === 0) return undefined;
  return {
    level: "info",
    code: "takes-effect-at-next-start",
    text: `${flags.map((flag) => flagTitles[flag]).join(" and ")} happens while the site starts, so the change shows at its next start; Routebot does not restart it.`,
  };
}
