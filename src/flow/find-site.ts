import { type Policy, ruleForAll } from "../domain/change/approval-policy.ts";
import type { TargetReference } from "../domain/command.ts";
import type { Refusal } from "../domain/failure.ts";
import { isOwnSite } from "../domain/own-site.ts";
import { type ResolvedTarget, targetLabel } from "../domain/target.ts";
import type { SiteCommand } from "../ports/subjects.ts";
import { failureView, note, refusalView } from "../reply/answers.ts";
import type { Answer, Message } from "./answer-message.ts";
import { askToChoose, type OfferedChoice } from "./ask-to-choose.ts";
import type { Flow } from "./flow.ts";
import type { Wish } from "./may-ask.ts";
import { type Asker, askerOf } from "./sight.ts";

/** A command about sites, as somebody wrote it or chose it. */
export type Asked<Wanted extends SiteCommand = SiteCommand> = {
  readonly message: Message;
  readonly command: Wanted;
  readonly signal: AbortSignal;
};

export type FoundSites =
  /** In the order of their places, at least one. */
  | { readonly kind: "targets"; readonly targets: readonly [ResolvedTarget, ...ResolvedTarget[]] }
  /** Not clear which: what to say instead. */
  | { readonly kind: "answer"; readonly view: Answer };

/**
 * The one site or slot that the command's reference at `index` means. Several that fit, and names that are only near, are
 * asked back: the choice completes the same command.
 */
export async function findSite(flow: Flow, asked: Asked, index: number): Promise<FoundSites> {
  const { message, command, signal } = asked;
  const reference = command.targets[index];
  if (reference === undefined) throw new Error(`the command has no target ${index}`);
  const asker = await askerOf(flow, message);
  const found = await flow.routing.find(reference, { ...asker.sight, signal });
  const ask = async (question: string, sites: readonly ResolvedTarget[]): Promise<FoundSites> => {
    const choices = offer(command, index, sites);
    const hint = "It may be yet another one: write its name with its resource group or subscription.";
    return { kind: "answer", view: await askToChoose(flow, message, { question, choices, hint }) };
  };
  const typed = typedName(reference);
  switch (found.kind) {
    case "found":
      return checked(flow, asked, asker, [found.target]);
    case "several":
      if (found.candidates.length === 0) return answer(note("attention", severalHidden(typed)));
      return ask(`${found.candidates.length} sites fit "${typed}". Which one is meant?`, found.candidates);
    case "none":
      if (found.suggestions.length === 0) return answer(note("attention", noSite(typed)));
      return ask(
        found.suggestions.length === 1
          ? `I know no site "${typed}". Did you mean this one?`
          : `I know no site "${typed}". Did you mean one of these?`,
        found.suggestions,
      );
    case "failed":
      return answer(failureView(found.failure));
    case "all":
      throw new Error("a single site was looked for");
    default:
      return found satisfies never;
  }
}

/** Sites that were found, unless Routebot's own is to be changed and no rule says that it may be. */
export function checked(
  flow: Flow,
  { command }: Asked,
  { policy }: Asker,
  targets: readonly [ResolvedTarget, ...ResolvedTarget[]],
): FoundSites {
  const refusal =
    command.kind === "change" ? ownSiteRefusal(flow, policy, { targets, set: command.set }) : undefined;
  return refusal ? answer(refusalView(refusal)) : { kind: "targets", targets };
}

/** Why a change of these sites is refused because Routebot's own is among them; `undefined` when it is not, or may be. */
export function ownSiteRefusal(flow: Flow, policy: Policy, { targets, set }: Wish): Refusal | undefined {
  const own = targets.find((target) => isOwnSite(flow.ownSite, target));
  return own === undefined || ruleForAll(policy, [own], set)?.ownSite === true ? undefined : ownSite(own);
}

/** A reference that means this site or slot and no other, wherever it is said. */
export function exactReference(target: ResolvedTarget): TargetReference {
  const { site, slot, resourceGroup, subscriptionId } = target;
  return {
    name: site,
    ...(slot === undefined ? {} : { slot }),
    resourceGroup,
    subscription: subscriptionId,
  };
}

/** The command with the reference at `index` replaced. */
export function withTarget(command: SiteCommand, index: number, reference: TargetReference): SiteCommand {
  return { ...command, targets: command.targets.with(index, reference) };
}

function offer(
  command: SiteCommand,
  index: number,
  sites: readonly ResolvedTarget[],
): readonly OfferedChoice[] {
  const subscriptions = new Set(sites.map(({ subscriptionId }) => subscriptionId));
  return sites.map((site) => {
    const subscription = site.subscriptionName ?? site.subscriptionId;
    const place = subscriptions.size > 1 ? `${site.resourceGroup}, ${subscription}` : site.resourceGroup;
    return {
      label: `${targetLabel(site)} in ${place}`,
      command: withTarget(command, index, exactReference(site)),
      ...(subscriptions.size > 1 ? {} : { where: `(subscription ${subscription})` }),
    };
  });
}

function answer(view: Answer): FoundSites {
  return { kind: "answer", view };
}

function typedName({ name, slot, host }: TargetReference): string {
  const site = host ?? name ?? "";
  return slot === undefined ? site : `${site}/${slot}`;
}

function noSite(typed: string): string {
  return `I know no site "${typed}" in the subscriptions that I look after. Check the name, or ask for access to be given to me.`;
}

function severalHidden(typed: string): string {
  return `Several sites fit "${typed}". Say which one is meant, with its resource group and subscription.`;
}

function ownSite(target: ResolvedTarget): Refusal {
  return {
    code: "own-site",
    message: `${targetLabel(target)} is the site that I run on: a change could cut me off in the middle. Change it in the portal, or have a rule of the policy allow it (ownSite).`,
  };
}
