import type { TargetReference } from "../domain/command.ts";
import type { Refusal } from "../domain/failure.ts";
import { type ResolvedTarget, targetKey } from "../domain/target.ts";
import { failureView, note, refusalView } from "../reply/answers.ts";
import type { Answer } from "./answer-message.ts";
import { askToChoose } from "./ask-to-choose.ts";
import { type Asked, checked, type FoundSites, withTarget } from "./find-site.ts";
import type { Flow } from "./flow.ts";
import { askerOf } from "./sight.ts";

/**
 * Every site of the scope that the command's reference at `index` names ("all apps in rg-x"), or why not: too many, some
 * that the asker may not see (all would then not be all), or a group of this name in more than one subscription.
 */
export async function listAllSites(flow: Flow, asked: Asked, index: number): Promise<FoundSites> {
  const { message, command, signal } = asked;
  const reference = command.targets[index];
  if (reference === undefined) throw new Error(`the command has no target ${index}`);
  const { resourceGroup, subscription, slot } = reference;
  if (resourceGroup === undefined && subscription === undefined) return refused(noScope);
  if (slot !== undefined) return refused(noSlots);
  const asker = await askerOf(flow, message);
  const found = await flow.routing.find(reference, { ...asker.sight, signal });
  switch (found.kind) {
    case "failed":
      return answer(failureView(found.failure));
    case "none":
      return answer(note("attention", `I know no site in ${scopeOf(reference)}. Check the name.`));
    case "found":
    case "several":
      throw new Error("all sites of a scope were looked for");
    case "all":
      break;
    default:
      return found satisfies never;
  }
  const { targets } = found;
  if (targets.some((target) => !asker.sight.sees(target))) return refused(notAllYours(reference));
  const places = subscriptionsOf(targets);
  if (resourceGroup !== undefined && subscription === undefined && places.size > 1) {
    const choices = [...places].map(([id, name]) => ({
      label: `${resourceGroup} in ${name}`,
      command: withTarget(command, index, { ...reference, subscription: id }),
    }));
    const question = `There is a resource group ${resourceGroup} in ${places.size} subscriptions. Which one is meant?`;
    const hint = "It may be in yet another one: write the name of the subscription.";
    return answer(await askToChoose(flow, message, { question, choices, hint }));
  }
  const { maxSites } = flow.limits;
  if (targets.length > maxSites) return refused(tooMany(reference, targets.length, maxSites));
  const [first, ...others] = targets.toSorted((a, b) => (targetKey(a) < targetKey(b) ? -1 : 1));
  if (first === undefined) throw new Error("a scope without sites was listed");
  return checked(flow, asked, asker, [first, ...others]);
}

/** Names by id, in the order of the names. */
function subscriptionsOf(targets: readonly ResolvedTarget[]): ReadonlyMap<string, string> {
  const names = targets.map(
    ({ subscriptionId, subscriptionName }) => [subscriptionId, subscriptionName ?? subscriptionId] as const,
  );
  return new Map(names.toSorted(([, a], [, b]) => a.localeCompare(b)));
}

function scopeOf({ resourceGroup, subscription }: TargetReference): string {
  const group = resourceGroup === undefined ? [] : [`resource group ${resourceGroup}`];
  const whole = subscription === undefined ? [] : [`subscription ${subscription}`];
  return [...group, ...whole].join(" of ");
}

function answer(view: Answer): FoundSites {
  return { kind: "answer", view };
}

function refused(refusal: Refusal): FoundSites {
  return answer(refusalView(refusal));
}

const noScope: Refusal = {
  code: "site-ambiguous",
  message: 'All apps of which resource group or subscription? Write for example "all apps in rg-shop".',
};

const noSlots: Refusal = {
  code: "not-supported",
  message:
    'Slots are named one by one, such as "app-x/staging": all apps of a group means the apps themselves.',
};

function notAllYours(reference: TargetReference): Refusal {
  return {
    code: "not-allowed-to-request",
    message: `Not all sites in ${scopeOf(reference)} are yours to ask for. Name those that are meant.`,
  };
}

function tooMany(reference: TargetReference, count: number, limit: number): Refusal {
  return {
    code: "too-many-sites",
    message: `There are ${count} sites in ${scopeOf(reference)}, and one request may name ${limit} at most (ROUTEBOT_MAX_SITES). Name a smaller group, or the sites themselves.`,
  };
}
