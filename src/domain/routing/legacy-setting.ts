import type { RoutingFlag } from "./routing-flag.ts";

/** The three app settings that routed traffic before there were site properties; they still work. */
export const legacySettings = [
  "WEBSITE_VNET_ROUTE_ALL",
  "WEBSITE_PULL_IMAGE_OVER_VNET",
  "WEBSITE_CONTENTOVERVNET",
] as const;
export type LegacySetting = (typeof legacySettings)[number];

/**
 * What a legacy setting says: `on` is exactly its documented value, `on-likely` another spelling of it, `off` any other
 * value, `absent` not set, and `unknown` not readable with the rights that we have (which is not the same as absent).
 */
export type LegacySettingState = "on" | "on-likely" | "off" | "absent" | "unknown";

export type LegacyStates = Readonly<Record<LegacySetting, LegacySettingState>>;

/** The flag that a legacy setting stands for. */
export const flagOfLegacySetting: Record<LegacySetting, RoutingFlag> = {
  WEBSITE_VNET_ROUTE_ALL: "applicationTraffic",
  WEBSITE_PULL_IMAGE_OVER_VNET: "imagePullTraffic",
  WEBSITE_CONTENTOVERVNET: "contentShareTraffic",
};

/** The legacy setting that stands for a flag, if there is one. */
export function legacySettingOf(flag: RoutingFlag): LegacySetting | undefined {
  return legacySettings.find((setting) => flagOfLegacySetting[setting] === flag);
}

/** Documented values (learn.microsoft.com, virtual network integration routing, 2025-11-24). */
export const documentedOn: Record<LegacySetting, string> = {
  WEBSITE_VNET_ROUTE_ALL: "1",
  WEBSITE_PULL_IMAGE_OVER_VNET: "true",
  WEBSITE_CONTENTOVERVNET: "1",
};

/** Reads the value of a legacy setting. `undefined` means that the setting is not there. */
export function readLegacySetting(setting: LegacySetting, value: string | undefined): LegacySettingState {
  if (value === undefined) return "absent";
  if (value === documentedOn[setting]) return "on";
  return ["1", "true"].includes(value.trim().toLowerCase()) ? "on-likely" : "off";
}
