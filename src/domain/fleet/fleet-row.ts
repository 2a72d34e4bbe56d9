import type { AuditFilter } from "../command.ts";
import { type EffectiveRoute, effectiveValues } from "../routing/effective-value.ts";
import {
  type LegacySetting,
  type LegacySettingState,
  type LegacyStates,
  legacySettings,
} from "../routing/legacy-setting.ts";
import { policyPreview, type RoutingPolicySubject } from "../routing/policy-preview.ts";
import { type FlagValues, type RoutingFlag, routingFlags } from "../routing/routing-flag.ts";
import type { Integration, SiteObservation } from "../routing/site-observation.ts";
import { targetLabel } from "../target.ts";

/** What is asked about many sites: those that are routed, are not, use a legacy setting, or (without `where`) fail a policy. */
export type FleetQuestion = { readonly where?: AuditFilter; readonly flags?: readonly RoutingFlag[] };

/** One site or slot among many: what a survey keeps of it. */
export type FleetRow = {
  /** `shop-web` or `shop-web/staging`. */
  readonly label: string;
  readonly resourceGroup: string;
  /** Display name of the subscription, or its id where the name could not be read. */
  readonly subscription: string;
  readonly location: string;
  readonly sku: string;
  readonly integration: Integration["kind"];
  readonly stored: FlagValues;
  readonly effective: Readonly<Record<RoutingFlag, EffectiveRoute>>;
  /** Whether it complies with Azure's built-in policies; nothing about those that do not apply to it. */
  readonly policies: Partial<Record<RoutingPolicySubject, boolean>>;
  /** Absent when app settings were not asked for. */
  readonly legacy?: LegacyStates;
};

/** `withSettings`: the app settings of the site were asked for, whatever came of it. */
export function fleetRow(site: SiteObservation, { withSettings }: { withSettings: boolean }): FleetRow {
  const { target } = site;
  const effective = effectiveValues(site);
  return {
    label: targetLabel(target),
    resourceGroup: target.resourceGroup,
    subscription: target.subscriptionName ?? target.subscriptionId,
    location: site.location,
    sku: site.sku,
    integration: site.integration.kind,
    stored: site.flags,
    effective: {
      allTraffic: effective.allTraffic.route,
      applicationTraffic: effective.applicationTraffic.route,
      imagePullTraffic: effective.imagePullTraffic.route,
      contentShareTraffic: effective.contentShareTraffic.route,
      backupRestoreTraffic: effective.backupRestoreTraffic.route,
      managedIdentityTraffic: effective.managedIdentityTraffic.route,
    },
    policies: Object.fromEntries(policyPreview(site).map(({ subject, after }) => [subject, after])),
    ...(withSettings ? { legacy: site.legacy } : {}),
  };
}

/** The flags that a question is about when it names none: what "routed" means to most people. */
const usualFlags: readonly RoutingFlag[] = ["applicationTraffic"];

export function flagsOf({ flags }: FleetQuestion): readonly RoutingFlag[] {
  return flags === undefined || flags.length === 0 ? usualFlags : flags;
}

/** Whether a site is one of those that were asked for. */
export function isAskedFor(row: FleetRow, question: FleetQuestion): boolean {
  const flags = flagsOf(question);
  switch (question.where) {
    case "routed":
      return flags.every((flag) => isThroughVnet(row.effective[flag]));
    case "not-routed":
      return !isElsewhere(row) && flags.some((flag) => !isThroughVnet(row.effective[flag]));
    case "legacy":
      return legacySettings.some((setting) => isSet(row.legacy?.[setting]));
    case undefined:
      return Object.values(row.policies).includes(false);
    default:
      return question.where satisfies never;
  }
}

export function isThroughVnet(route: EffectiveRoute): boolean {
  return route === "vnet" || route === "likely-vnet";
}

/** Sites that routing flags mean nothing to: they route in another way. */
export function isElsewhere({ effective }: FleetRow): boolean {
  return effective.applicationTraffic === "not-applicable";
}

/** Whether a legacy setting is there, with whatever value. */
export function isSet(state: LegacySettingState | undefined): boolean {
  return state === "on" || state === "on-likely" || state === "off";
}

/** Sites counted. */
export type FleetCounts = {
  readonly sites: number;
  /** Those that were asked for. */
  readonly askedFor: number;
  /** Without integration: routing flags have no effect. */
  readonly notIntegrated: number;
  /** Routing flags do not apply. */
  readonly elsewhere: number;
  readonly routed: Readonly<Record<RoutingFlag, number>>;
  /** Sites that do not comply with a built-in policy. */
  readonly failing: Readonly<Record<RoutingPolicySubject, number>>;
  /** Sites whose app settings were asked for and could not be read. */
  readonly settingsUnread: number;
  readonly settings: Readonly<Record<LegacySetting, number>>;
};

export const noCounts: FleetCounts = {
  sites: 0,
  askedFor: 0,
  notIntegrated: 0,
  elsewhere: 0,
  routed: {
    allTraffic: 0,
    applicationTraffic: 0,
    imagePullTraffic: 0,
    contentShareTraffic: 0,
    backupRestoreTraffic: 0,
    managedIdentityTraffic: 0,
  },
  failing: { "application-routing": 0, "configuration-routing": 0 },
  settingsUnread: 0,
  settings: { WEBSITE_VNET_ROUTE_ALL: 0, WEBSITE_PULL_IMAGE_OVER_VNET: 0, WEBSITE_CONTENTOVERVNET: 0 },
};

/** The counts with further sites. */
export function counted(
  counts: FleetCounts,
  rows: readonly FleetRow[],
  question: FleetQuestion,
): FleetCounts {
  const routed = { ...counts.routed };
  const failing = { ...counts.failing };
  const settings = { ...counts.settings };
  let { askedFor, notIntegrated, elsewhere, settingsUnread } = counts;
  for (const row of rows) {
    if (isAskedFor(row, question)) askedFor += 1;
    if (isElsewhere(row)) elsewhere += 1;
    else if (row.integration === "none") notIntegrated += 1;
    for (const flag of routingFlags) if (isThroughVnet(row.effective[flag])) routed[flag] += 1;
    if (row.policies["application-routing"] === false) failing["application-routing"] += 1;
    if (row.policies["configuration-routing"] === false) failing["configuration-routing"] += 1;
    for (const setting of legacySettings) if (isSet(row.legacy?.[setting])) settings[setting] += 1;
    if (row.legacy?.WEBSITE_VNET_ROUTE_ALL === "unknown") settingsUnread += 1;
  }
  const sites = counts.sites + rows.length;
  return { sites, askedFor, notIntegrated, elsewhere, routed, failing, settingsUnread, settings };
}
