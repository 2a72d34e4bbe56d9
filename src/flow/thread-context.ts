import type { ClarifyCommand, Command, StatusCommand, TargetReference } from "../domain/command.ts";
import { routingFlags } from "../domain/routing/routing-flag.ts";
import type { ResolvedTarget } from "../domain/target.ts";
import type { Place } from "../ports/chat.ts";
import type { SiteCommand, Subject } from "../ports/subjects.ts";
import { type Asked, exactReference } from "./find-site.ts";
import type { Flow } from "./flow.ts";
import { saysTheSame } from "./says-the-same.ts";

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
  const { text } = message;
  if (!isIncomplete(command, text)) return [];
  const subjects = await recall(flow, message);
  const all = subjects.flatMap((subject, age) => {
    if (command.kind === "status") return [{ ...command, targets: subject.command.targets }];
    const complete = completeRequest(command, text, { subject, isLast: age === 0 });
    return complete === undefined ? [] : [complete];
  });
  const distinct = new Map(all.map((one) => [JSON.stringify({ ...one, reason: undefined }), one]));
  return [...distinct.values()];
}

type Said = { readonly id: string; readonly place: Place; readonly text: string };
type Incomplete = StatusCommand | ClarifyCommand;

function isIncomplete(command: Command, text: string): command is Incomplete {
  switch (command.kind) {
    case "status":
      return command.targets.length === 0 || isBareStatus(command, text);
    case "clarify":
      // Whatever else is asked back (a negation, a doubt, a condition) is not a matter of what it is about.
      return command.partial !== undefined && (isLeftOut(command) || saysTheSame(text, command.partial));
    default:
      return false;
  }
}

function isLeftOut({ code }: ClarifyCommand): boolean {
  return code === "missing-target" || code === "missing-flag";
}

/** "status" alone may be the name of a site; where a conversation is about another one, it is the question. */
function isBareStatus({ targets }: StatusCommand, text: string): boolean {
  const [only] = targets;
  return (
    targets.length === 1 && only?.name?.toLowerCase() === "status" && /^\W*status\W*$/i.test(text.trim())
  );
}

type Before = { readonly subject: Subject; readonly isLast: boolean };

/** A request whose site, or whose flags, are those that were spoken of before. */
function completeRequest(
  { partial = {} }: ClarifyCommand,
  text: string,
  { subject, isLast }: Before,
): SiteCommand | undefined {
  const before = subject.command;
  const targets = completeTargets(partial.targets ?? [], before.targets);
  if (targets === undefined) return undefined;
  const wish = { via: "property", dryRun: false, breakGlass: false } as const;
  if (partial.set !== undefined && Object.keys(partial.set).length > 0) {
    return { kind: "change", set: partial.set, targets, ...wish };
  }
  if (partial.enable !== undefined) {
    if (before.kind !== "change") return undefined;
    const { enable } = partial;
    const flags = routingFlags.filter((flag) => before.set[flag] !== undefined);
    return { kind: "change", set: Object.fromEntries(flags.map((flag) => [flag, enable])), targets, ...wish };
  }
  // "Same for app-y" is the last thing that was said, whatever was said before it.
  if (!isLast || !saysTheSame(text, partial)) return undefined;
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

/** What shares a subject: a thread, or a direct chat. Elsewhere many people talk about many things at once. */
function subjectKey(place: Place): string | undefined {
  const { platform, tenant, kind, conversation, thread } = place;
  if (kind === "direct") return JSON.stringify([platform, tenant, conversation]);
  return thread === undefined ? undefined : JSON.stringify([platform, tenant, conversation, thread]);
}
