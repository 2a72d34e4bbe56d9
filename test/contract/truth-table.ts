import type { EffectiveRoute } from "../../src/domain/routing/effective-value.ts";
import { type LegacySetting, legacySettingOf } from "../../src/domain/routing/legacy-setting.ts";
import { type RoutingFlag, routingFlags } from "../../src/domain/routing/routing-flag.ts";
import type { SiteState } from "./site-state.ts";

/**
 * The table of effective values: `allTraffic`, the flag, its legacy setting, and what the traffic then does. Rows 1 to 7 are
 * those of an integrated site; 8 and 9 are about the kind of site, and stand in `rowsOfKind`.
 */
export type Saying = "absent" | "on" | "other-spelling" | "off" | "denied";
export type Cell = {
  readonly all: boolean;
  readonly flag: boolean | "unset";
  /** `none`: there is no legacy setting for this flag. */
  readonly setting: Saying | "none";
};

export type Row = {
  readonly row: string;
  readonly fits: (cell: Cell) => boolean;
  readonly route: EffectiveRoute;
};

export const truthTable: readonly Row[] = [
  { row: "1 allTraffic covers everything", fits: ({ all }) => all, route: "vnet" },
  {
    row: "2 a flag that is on wins over any setting",
    fits: ({ all, flag }) => !all && flag === true,
    route: "vnet",
  },
  {
    row: "3 an unset flag leaves it to the setting",
    fits: ({ all, flag, setting }) => !all && flag === "unset" && setting === "on",
    route: "vnet",
  },
  {
    row: "3a the same in another spelling than the documented one",
    fits: ({ all, flag, setting }) => !all && flag === "unset" && setting === "other-spelling",
    route: "likely-vnet",
  },
  {
    row: "4 off, and no setting",
    fits: ({ all, flag, setting }) => !all && flag === false && setting === "absent",
    route: "public",
  },
  {
    row: "4a not reported, and no setting",
    fits: ({ all, flag, setting }) => !all && flag === "unset" && setting === "absent",
    route: "public",
  },
  {
    row: "5 off, but the setting is on",
    fits: ({ all, flag, setting }) =>
      !all && flag === false && (setting === "on" || setting === "other-spelling"),
    route: "likely-vnet",
  },
  {
    row: "6 a setting that does not say on",
    fits: ({ all, flag, setting }) => !all && flag !== true && setting === "off",
    route: "public",
  },
  {
    row: "7 off, and there is no such setting",
    fits: ({ all, flag, setting }) => !all && flag === false && setting === "none",
    route: "public",
  },
  {
    row: "7a not reported, and there is no such setting",
    fits: ({ all, flag, setting }) => !all && flag === "unset" && setting === "none",
    route: "unknown",
  },
  {
    row: "unreadable: off, and the settings are not readable",
    fits: ({ all, flag, setting }) => !all && flag === false && setting === "denied",
    route: "likely-public",
  },
  {
    row: "unreadable: not reported, and the settings are not readable",
    fits: ({ all, flag, setting }) => !all && flag === "unset" && setting === "denied",
    route: "unknown",
  },
];

export type FlagOfTraffic = Exclude<RoutingFlag, "allTraffic">;
const flagsOfTraffic = routingFlags.filter((flag): flag is FlagOfTraffic => flag !== "allTraffic");

/** Every cell of the table for every flag, and the site that is in it. */
export function cells(): readonly { readonly flag: FlagOfTraffic; readonly cell: Cell }[] {
  return flagsOfTraffic.flatMap((flag) => {
    const sayings: readonly Cell["setting"][] =
      legacySettingOf(flag) === undefined ? ["none"] : ["absent", "on", "other-spelling", "off", "denied"];
    return [true, false].flatMap((all) =>
      ([true, false, "unset"] as const).flatMap((stored) =>
        sayings.map((setting) => ({ flag, cell: { all, flag: stored, setting } })),
      ),
    );
  });
}

const spellings: Record<LegacySetting, Record<Exclude<Saying, "absent" | "denied">, string>> = {
  WEBSITE_VNET_ROUTE_ALL: { on: "1", "other-spelling": " True ", off: "0" },
  WEBSITE_PULL_IMAGE_OVER_VNET: { on: "true", "other-spelling": "1", off: "false" },
  WEBSITE_CONTENTOVERVNET: { on: "1", "other-spelling": "true", off: "" },
};

export function stateOf(flag: FlagOfTraffic, { all, flag: stored, setting }: Cell): SiteState {
  const name = legacySettingOf(flag);
  const hasValue = setting === "on" || setting === "other-spelling" || setting === "off";
  return {
    flags: { allTraffic: all, [flag]: stored },
    ...(name !== undefined && hasValue ? { settings: { [name]: spellings[name][setting] } } : {}),
    ...(setting === "denied" ? { settingsDenied: true } : {}),
  };
}

/** Rows 8 and 9, and the kinds of sites whose flags say nothing: the same for every stored value. */
export const rowsOfKind: readonly {
  readonly row: string;
  readonly state: SiteState;
  readonly routes: Partial<Record<RoutingFlag, EffectiveRoute>>;
}[] = [
  {
    row: "8 an App Service Environment always pulls images over its network",
    state: { integration: "environment", sku: "IsolatedV2" },
    routes: { imagePullTraffic: "vnet", applicationTraffic: "not-applicable", allTraffic: "not-applicable" },
  },
  {
    row: "9 not integrated: no flag has an effect",
    state: { integration: "none", flags: { allTraffic: true, applicationTraffic: true } },
    routes: {
      allTraffic: "not-integrated",
      applicationTraffic: "not-integrated",
      imagePullTraffic: "not-integrated",
    },
  },
  {
    row: "9a not integrated, whatever a legacy setting says",
    state: { integration: "none", settings: { WEBSITE_VNET_ROUTE_ALL: "1" } },
    routes: { applicationTraffic: "not-integrated" },
  },
  {
    row: "gateway-required integration does not know the flags",
    state: { integration: "gateway", flags: { applicationTraffic: true } },
    routes: { allTraffic: "not-applicable", applicationTraffic: "not-applicable" },
  },
  {
    row: "Flex Consumption does its own networking: never shown as public",
    state: { sku: "FlexConsumption", app: "function" },
    routes: { applicationTraffic: "not-applicable", contentShareTraffic: "not-applicable" },
  },
  {
    row: "a perimeter enforces routing although a flag reads off",
    state: { perimeter: true },
    routes: { applicationTraffic: "likely-vnet", managedIdentityTraffic: "likely-vnet" },
  },
];
