import type { SettingEdit } from "../change/plan.ts";
import { documentedOn, type LegacySetting } from "./legacy-setting.ts";
import { type FlagValues, legacyPropertyOf, routingFlags } from "./routing-flag.ts";
import type { SiteObservation } from "./site-observation.ts";

/**
 * The `az` command line that makes the same change, for people who want to compare or to do it themselves. The site is named
 * by `--ids`, because `--resource-type Microsoft.Web/sites/slots` with a name does not find slots (azure-docs #116262).
 */
export function azCommandForChange(site: SiteObservation, changes: FlagValues): string {
  const settings = routingFlags.flatMap((flag) => {
    const value = changes[flag];
    const property = site.generation === "modern" ? `outboundVnetRouting.${flag}` : legacyPropertyOf[flag];
    return value === undefined || property === undefined ? [] : [`properties.${property}=${value}`];
  });
  return [
    "az resource update",
    `--ids ${quoted(site.target.resourceId)}`,
    `--api-version ${quoted(site.apiVersion)}`,
    `--set ${settings.join(" ")}`,
  ].join(" ");
}

/** The `az` command line that makes the same edit of a legacy app setting. It restarts the site. */
export function azCommandForEdit(site: SiteObservation, { setting, to }: SettingEdit): string {
  if (to === "absent") return azCommandToRemoveSetting(site, setting);
  return `az webapp config appsettings set ${siteOptions(site)} --settings ${setting}=${documentedOn[setting]}`;
}

/** The `az` command line that removes a legacy app setting. It restarts the site. */
export function azCommandToRemoveSetting(site: SiteObservation, setting: LegacySetting): string {
  return `az webapp config appsettings delete ${siteOptions(site)} --setting-names ${setting}`;
}

function siteOptions({ target: { resourceGroup, site: name, slot } }: SiteObservation): string {
  return [
    option("--resource-group", resourceGroup),
    option("--name", name),
    ...(slot === undefined ? [] : [option("--slot", slot)]),
  ].join(" ");
}

/** An option with its value, which `az` would take for another option if it began with a hyphen (resource groups may). */
function option(name: string, value: string): string {
  return `${name}${value.startsWith("-") ? "=" : " "}${quoted(value)}`;
}

/** One word for a POSIX shell; quoted only where it has to be (resource groups may contain parentheses). */
function quoted(text: string): string {
  return /^[\w./@:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
