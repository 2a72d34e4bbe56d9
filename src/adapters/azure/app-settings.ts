import type { StringDictionary } from "@azure/arm-appservice";
import {
  type LegacySettingState,
  type LegacyStates,
  readLegacySetting,
} from "../../domain/routing/legacy-setting.ts";
import type { SiteObservation } from "../../domain/routing/site-observation.ts";
import { type ResolvedTarget, targetKey } from "../../domain/target.ts";
import type { AzureTools } from "./azure-settings.ts";
import { failureOfError, serviceErrorOf } from "./errors.ts";
import type { ResourceManager } from "./resource-manager.ts";

/** All that is kept of a site's app settings: the rest are secrets, and leave this file neither in values nor in logs. */
export type RoutingSettings = Pick<SiteObservation, "legacy" | "contentSettings">;

/** Without the right to list app settings (it shows every secret, so many deny it), it is not asked for this long. */
const deniedForMs = 15 * 60_000;
const deniedCapacity = 5_000;
/** A reading of the site does not wait longer for them. */
const timeoutMs = 10_000;

/** Both names have to be there for content to be on a share. */
const contentNames = ["WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", "WEBSITE_CONTENTSHARE"] as const;

export const unreadableSettings: RoutingSettings = {
  legacy: allLegacy("unknown"),
  contentSettings: "unknown",
};

/** Reads the routing settings among the app settings of a site. What cannot be read is `unknown`, never `absent`. */
export function createSettingsReader(
  arm: ResourceManager,
  { clock, log }: AzureTools,
): (target: ResolvedTarget, apiVersion: string, signal?: AbortSignal) => Promise<RoutingSettings> {
  const deniedUntil = new Map<string, number>();
  return async (target, apiVersion, signal) => {
    const key = targetKey(target);
    const now = clock.now().getTime();
    if ((deniedUntil.get(key) ?? 0) > now) return unreadableSettings;
    try {
      const { properties } = await list(target, apiVersion, signal);
      deniedUntil.delete(key);
      return keepRouting(properties ?? {});
    } catch (error) {
      signal?.throwIfAborted();
      const status = serviceErrorOf(error)?.status;
      if (status === 403) {
        if (deniedUntil.size >= deniedCapacity) deniedUntil.clear();
        deniedUntil.set(key, now + deniedForMs);
      }
      log.warn("azure-app-settings-unreadable", {
        site: target.resourceId,
        status,
        reason: failureOfError(error, clock.now()).code,
      });
      return unreadableSettings;
    }
  };

  async function list(
    { subscriptionId, resourceGroup, site, slot }: ResolvedTarget,
    apiVersion: string,
    signal: AbortSignal | undefined,
  ): Promise<StringDictionary> {
    const { webApps } = await arm.sitesOf(subscriptionId, apiVersion);
    const timeout = AbortSignal.timeout(timeoutMs);
    const options = { abortSignal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) };
    return slot === undefined
      ? await webApps.listApplicationSettings(resourceGroup, site, options)
      : await webApps.listApplicationSettingsSlot(resourceGroup, site, slot, options);
  }
}

/** Names of app settings are case-insensitive on Windows and exact on Linux; only the exact ones are documented. */
function keepRouting(settings: Readonly<Record<string, string>>): RoutingSettings {
  return {
    legacy: {
      WEBSITE_VNET_ROUTE_ALL: readLegacySetting("WEBSITE_VNET_ROUTE_ALL", settings.WEBSITE_VNET_ROUTE_ALL),
      WEBSITE_PULL_IMAGE_OVER_VNET: readLegacySetting(
        "WEBSITE_PULL_IMAGE_OVER_VNET",
        settings.WEBSITE_PULL_IMAGE_OVER_VNET,
      ),
      WEBSITE_CONTENTOVERVNET: readLegacySetting("WEBSITE_CONTENTOVERVNET", settings.WEBSITE_CONTENTOVERVNET),
    },
    contentSettings: contentNames.every((name) => settings[name] !== undefined) ? "present" : "absent",
  };
}

function allLegacy(state: LegacySettingState): LegacyStates {
  return {
    WEBSITE_VNET_ROUTE_ALL: state,
    WEBSITE_PULL_IMAGE_OVER_VNET: state,
    WEBSITE_CONTENTOVERVNET: state,
  };
}
