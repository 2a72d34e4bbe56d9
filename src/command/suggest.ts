import { distance } from "fastest-levenshtein";
import type { FlagChanges, TargetReference } from "../domain/command.ts";
import { type RoutingFlag, routingFlags } from "../domain/routing/routing-flag.ts";
import { catalog } from "./catalog.ts";

/** A change that is only half told. */
export type Wish = { set: FlagChanges; targets: readonly TargetReference[] };

/** How a flag is said in a request, after "enable" or "disable". */
const spoken: Record<RoutingFlag, string> = {
  allTraffic: "outboundVnetRouting.allTraffic",
  applicationTraffic: "route all",
  imagePullTraffic: "image pull",
  contentShareTraffic: "content share",
  backupRestoreTraffic: "backup/restore",
  managedIdentityTraffic: "managed identity",
};

/** A target in the words of the language. */
export function targetText(target: TargetReference): string {
  const site = target.all === true ? "all apps" : (target.host ?? target.name ?? "app-x");
  const slot =
    target.slot === undefined ? "" : target.host === undefined ? `/${target.slot}` : ` slot ${target.slot}`;
  const unbound =
    target.all === true && target.resourceGroup === undefined && target.subscription === undefined;
  if (unbound) return "all apps in resource group rg-x";
  const group = target.resourceGroup === undefined ? "" : ` in resource group ${target.resourceGroup}`;
  const subscription = target.subscription === undefined ? "" : ` in subscription ${target.subscription}`;
  return `${site}${slot}${group}${subscription}`;
}

/** A text that parses to the change that was half told; what was not told is filled in with an example. */
export function wishText(wish: Wish): string {
  const targets =
    wish.targets.length === 0 ? "app-x" : wish.targets.slice(0, 5).map(targetText).join(" and ");
  return `${actionText(wish.set)} for ${targets}`;
}

function actionText(set: FlagChanges): string {
  const told = routingFlags.filter((flag) => set[flag] !== undefined);
  if (told.length === 0) return "route all traffic";
  if (told.length === routingFlags.length && told.every((flag) => set[flag] === false))
    return "stop routing everything";
  if (told.length === 1 && set.allTraffic === true) return "route everything";
  if (told.length === 1 && set.applicationTraffic === true) return "route all traffic";
  const say = (on: boolean) => {
    const flags = told.filter((flag) => set[flag] === on).map((flag) => spoken[flag]);
    return flags.length === 0 ? [] : [`${on ? "enable" : "disable"} ${flags.join(" and ")}`];
  };
  return [...say(true), ...say(false)].join(" and ");
}

/** At most three texts that would parse, the nearest to what was written first. */
export function suggestionsFor(text: string): string[] {
  const start = text.slice(0, 60).toLowerCase();
  const scored = catalog.map((entry) => ({
    example: entry.example,
    score:
      distance(start, entry.example.toLowerCase().slice(0, 60)) /
      Math.max(start.length, entry.example.length, 1),
  }));
  return scored
    .toSorted((left, right) => left.score - right.score)
    .slice(0, 3)
    .map((entry) => entry.example);
}
