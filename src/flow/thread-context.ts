import type { Command, PartialRequest, StatusCommand, TargetReference } from "../domain/command.ts";
import { routingFlags } from "../domain/routing/routing-flag.ts";
import type { ResolvedTarget } from "../domain/target.ts";
import type { Place } from "../ports/chat.ts";
import type { SiteCommand, Subject } from "../ports/subjects.ts";
import { type Asked, exactReference } from "./find-site.ts";
import type { Flow } from "./flow.ts";
import { saysTheSame, slotAlone } from "./says-the-same.ts";
import { subjectKey } from "./subject-key.ts";

/** In a direct chat, where everything is one long conversation, the last subject counts for so long. */
const directMs = 10 * 60_000;
/** So far back a thread is looked through. */
const threadLimit = 20;

/** Writes down what a conversation is about, once it is clear which sites are meant. */
export async function rememberSubject(
  flow: Flow,
  { message, command }: Asked,
  targets: readonly ResolvedTarget[],
): Promise<void> {
  const conversation = subjectKey(message.place);
  if (conversation === undefined) return;
  await flow.subjects.remember({
    message: message.id,
    conversation,
    at: flow.clock.now(),
    command: { ...command, targets: targets.map(exactReference) },
  });
}

/**
 * The commands that a text can mean where it was said, completed by what was said there before: one when that is clear,
 * several when two things could be meant, none when the conversation says nothing about it. A text that is complete, or is
 * asked back for another reason than what it leaves out, has none.
 */
export async function completions(
  flow: Flow,
  message: Said,
  command: Command,
): Promise<readonly SiteCommand[]> {
  const left = whatIsLeftOut(command, message.text);
  if (left === undefined) return [];
  const subjects = await recall(flow, message);
  const all = subjects.flatMap((subject, age) => {
    if (left.kind === "status") return [{ ...left, targets: subject.command.targets }];
    const complete = completeRequest(left, { subject, isLast: age === 0 });
    return complete === undefined ? [] : [complete];
  });
  const distinct = new Map(all.map((one) => [JSON.stringify({ ...one, reason: undefined }), one]));
  return [...distinct.values()];
}

type Said = { readonly id: string; readonly place: Place; readonly text: string };
/** `same`: it says nothing but that the same is wanted for other sites. */
type HalfRequest = {
  readonly kind: "request";
  readonly partial: PartialRequest;
  readonly same: boolean;
};

function whatIsLeftOut(command: Command, text: string): StatusCommand | HalfRequest | undefined {
  switch (command.kind) {
    case "status":
      return command.targets.length === 0 ? command : undefined;
    case "clarify": {
      const { code, partial } = command;
      if (partial === undefined) return undefined;
      const same = partial.same === true || saysTheSame(text, partial);
      // Whatever else is asked back (a negation, a doubt, a condition) is not a matter of what it is about.
      const isLeftOut = code === "missing-target" || code === "missing-flag";
      return isLeftOut || same ? { kind: "request", partial, same } : undefined;
    }
    case "unknown": {
      const slot = slotAlone(text);
      return slot === undefined
        ? undefined
        : { kind: "request", partial: { targets: [{ slot }] }, same: true };
    }
    default:
      return undefined;
  }
}

type Before = { readonly subject: Subject; readonly isLast: boolean };

/** A request whose site, or whose flags, are those that were spoken of before. */
function completeRequest(
  { partial, same }: HalfRequest,
  { subject, isLast }: Before,
): SiteCommand | undefined {
  const before = subject.command;
  const targets = completeTargets(partial.targets ?? [], before.targets);
  if (targets === undefined) return undefined;
  const wish = { via: "property", dryRun: false, breakGlass: false } as const;
  if (partial.set !== undefined && Object.keys(partial.set).length > 0) {
    return { kind: "change", set: partial.set, targets, ...wish };
  }
  if (partial.opposite === true) {
    if (!isLast || before.kind !== "change") return undefined;
    const turned = routingFlags.flatMap((flag) => {
      const on = before.set[flag];
      return on === undefined ? [] : [[flag, !on] as const];
    });
    return { kind: "change", set: Object.fromEntries(turned), targets, ...wish };
  }
  if (partial.enable !== undefined) {
    // "Route app-y" names its own site and not the flag: that it is the flag of before would be a guess.
    const pointsBack = partial.pointsBack === true || partial.targets === undefined;
    if (before.kind !== "change" || !pointsBack) return undefined;
    const { enable } = partial;
    const flags = routingFlags.filter((flag) => before.set[flag] !== undefined);
    return { kind: "change", set: Object.fromEntries(flags.map((flag) => [flag, enable])), targets, ...wish };
  }
  // "Same for app-y" is the last thing that was said, whatever was said before it.
  if (!isLast || !same) return undefined;
  return before.kind === "change" ? { ...before, targets, breakGlass: false } : { ...before, targets };
}

/** What was named, a slot without its site being one of the site spoken of; or, where nothing was named, what was spoken of. */
function completeTargets(
  named: readonly TargetReference[],
  before: readonly TargetReference[],
): TargetReference[] | undefined {
  if (named.length === 0) return [...before];
  const [site, ...others] = before;
  const complete = named.map((reference) => {
    if (reference.name !== undefined || reference.host !== undefined || reference.all) return reference;
    return site === undefined || others.length > 0 ? undefined : { ...site, ...reference };
  });
  return complete.every((reference) => reference !== undefined) ? complete : undefined;
}

/** A message that is answered a second time, after a crash, is not its own subject. */
async function recall(flow: Flow, { id, place }: Said): Promise<readonly Subject[]> {
  const conversation = subjectKey(place);
  if (conversation === undefined) return [];
  const direct = place.kind === "direct";
  const subjects = await flow.subjects.recall({
    conversation,
    limit: threadLimit,
    ...(direct && { since: new Date(flow.clock.now().getTime() - directMs) }),
  });
  const others = subjects.filter(({ message }) => message !== id);
  return direct ? others.slice(0, 1) : others;
}
