import { createHash } from "node:crypto";
import { parseDocument } from "yaml";
import { z } from "zod";
import type { Policy, Reminders, Rule } from "../domain/change/approval-policy.ts";
import type { ChannelBinding, ChannelKey } from "../domain/channel-binding.ts";
import { checkPolicy, type Numbered } from "./check-policy.ts";
import { accountsOf } from "./policy-accounts.ts";
import type { PolicyContext } from "./policy-context.ts";
import {
  type ChannelEntry,
  channelSchema,
  type DelegateEntry,
  delegateSchema,
  type FreezeEntry,
  freezeSchema,
  type GroupEntry,
  groupSchema,
  type PersonEntry,
  personSchema,
  policySchema,
  type RuleEntry,
  ruleSchema,
} from "./policy-schema.ts";
import type { Problem } from "./problem.ts";

/** What became of reading a policy file. `warnings` are sentences about what is allowed but hardly meant. */
export type PolicyResult =
  | { readonly kind: "policy"; readonly policy: Policy; readonly warnings: readonly string[] }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** Where one of these is no list at all, every name elsewhere in the file would seem wrong. */
const listsOfNames: ReadonlySet<string> = new Set(["people", "groups", "freezes"]);

/** Reads the text of a policy file; every problem of it is reported at once. */
export function readPolicy(text: string, context: PolicyContext): PolicyResult {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    return {
      kind: "invalid",
      problems: document.errors.map((error) => problem(lineOf(error), brief(error.message))),
    };
  }
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 100 });
  } catch {
    return { kind: "invalid", problems: [problem("the file", "has too many aliases; write the values out")] };
  }

  const form = policySchema.safeParse(content);
  const entries = entriesOf(content);
  const findings = checkPolicy(entries, context);
  const issues = form.success ? [] : form.error.issues;
  const problems = onePerName(issues.map(({ path, message }) => problem(pathText(path), message)));
  if (!problems.some(({ name }) => listsOfNames.has(name))) {
    // What has the wrong form is told once, and not again as a name that nobody has.
    const told = new Set(problems.map(({ name }) => name));
    const others = findings.problems.filter(({ name }) => !told.has(name));
    problems.push(...others.map(({ name, message }) => problem(name, message)));
  }
  if (!form.success || problems.length > 0) return { kind: "invalid", problems };

  const policy: Policy = {
    version: createHash("sha256").update(text).digest("hex"),
    people: form.data.people.map((person) => ({
      id: person.id,
      name: person.name,
      accounts: accountsOf(person, context),
    })),
    rules: form.data.rules.map((rule) => ({
      name: rule.name,
      sites: {
        subscriptions: anyIfEmpty(rule.sites?.subscriptions),
        resourceGroups: anyIfEmpty(rule.sites?.resourceGroups),
        names: anyIfEmpty(rule.sites?.names),
        ...(rule.sites && rule.sites.slots.length > 0 && { slots: rule.sites.slots }),
        ...(rule.sites?.tags && { tags: rule.sites.tags }),
      },
      ...(rule.flags.length > 0 && { flags: rule.flags }),
      ...(rule.direction && { direction: rule.direction }),
      ...(rule.see && { see: rule.see }),
      request: rule.request,
      approve: rule.approve,
      quorum: rule.quorum,
      decideWithinMs: rule.decideWithin,
      applyWithinMs: rule.applyWithin,
      ownSite: rule.ownSite,
      ...(rule.freeze.length > 0
        ? { freeze: (form.data.freezes ?? []).filter(({ name }) => rule.freeze.includes(name)) }
        : {}),
      ...(rule.breakGlass.length > 0 ? { breakGlass: rule.breakGlass } : {}),
      ...(rule.remind === undefined ? {} : { remind: reminderOf(rule.remind) }),
      ...(rule.stepUp && { stepUp: true }),
      selfApproval: rule.selfApproval,
      notify: rule.notify,
      ...afterwardsOf(rule),
    })),
    channels: (form.data.channels ?? []).map(bindingOf),
    groups: (form.data.groups ?? []).map(({ name, members = [], entra, slack }) => ({
      name,
      members,
      entra: entra.map((id) => id.toLowerCase()),
      slack,
      // Somebody in both directories would otherwise be two people.
      slackListedOnly: context.teamsTenants.length > 0,
    })),
    delegates: form.data.delegates ?? [],
    ...(form.data.stop.length > 0 ? { stop: form.data.stop } : {}),
  };
  return { kind: "policy", policy, warnings: findings.warnings };
}

/** What happens after a change. */
function afterwardsOf({ watch, quickUndo, maxDuration, onFailure }: RuleEntry): Partial<Rule> {
  return {
    ...(watch.for > 0
      ? { watch: { forMs: watch.for, ...(watch.probe === undefined ? {} : { probe: watch.probe }) } }
      : {}),
    ...(quickUndo.length > 0 ? { quickUndo } : {}),
    ...(maxDuration === undefined ? {} : { maxDurationMs: maxDuration }),
    ...(onFailure === "stop" ? {} : { onFailure }),
  };
}

/** The entries that are well formed, so that they can be checked against each other although others are not. */
function entriesOf(content: unknown) {
  const lists = z
    .looseObject({
      people: z.array(z.unknown()).catch([]),
      rules: z.array(z.unknown()).catch([]),
      channels: z.array(z.unknown()).catch([]),
      freezes: z.array(z.unknown()).catch([]),
      stop: z.union([z.string().transform((id) => [id]), z.array(z.string())]).catch([]),
      groups: z.array(z.unknown()).catch([]),
      delegates: z.array(z.unknown()).catch([]),
    })
    .catch({ people: [], rules: [], channels: [], freezes: [], stop: [], groups: [], delegates: [] })
    .parse(content);
  const namedIds = namesIn(lists.people, "id");
  return {
    people: wellFormed<PersonEntry>(lists.people, personSchema),
    rules: wellFormed<RuleEntry>(lists.rules, ruleSchema),
    channels: wellFormed<ChannelEntry>(lists.channels, channelSchema),
    groups: wellFormed<GroupEntry>(lists.groups, groupSchema),
    delegates: wellFormed<DelegateEntry>(lists.delegates, delegateSchema),
    freezes: wellFormed<FreezeEntry>(lists.freezes, freezeSchema),
    freezeNames: namesIn(lists.freezes, "name").map((name) => name.trim()),
    stop: lists.stop,
    namedIds,
    namedGroups: namesIn(lists.groups, "name"),
  };
}

/** What entries call themselves, those too that have another mistake. */
function namesIn(entries: readonly unknown[], key: string): readonly string[] {
  return entries.flatMap((entry) => {
    const named = z.record(z.string(), z.unknown()).safeParse(entry).data?.[key];
    return typeof named === "string" ? [named] : [];
  });
}

function reminderOf({ after, escalate, escalateAfter }: NonNullable<RuleEntry["remind"]>): Reminders {
  return {
    afterMs: after,
    escalate,
    ...(escalateAfter === undefined ? {} : { escalateAfterMs: escalateAfter }),
  };
}

function wellFormed<T>(entries: readonly unknown[], schema: z.ZodType<T>): readonly Numbered<T>[] {
  return entries.flatMap((entry, index) => {
    const parsed = schema.safeParse(entry);
    return parsed.success ? [{ index, entry: parsed.data }] : [];
  });
}

function bindingOf(entry: ChannelEntry): ChannelBinding {
  return {
    channels: [
      ...entry.teams.map((conversation): ChannelKey => ({ platform: "teams", conversation })),
      ...entry.slack.map((written): ChannelKey => {
        const [tenant = "", conversation = ""] = written.split("/");
        return { platform: "slack", tenant, conversation };
      }),
    ],
    subscriptions: anyIfEmpty(entry.subscriptions),
    resourceGroups: anyIfEmpty(entry.resourceGroups),
  };
}

/** A list of patterns that was left out, or left empty, restricts nothing. */
function anyIfEmpty(patterns: readonly string[] | undefined): readonly string[] {
  return patterns === undefined || patterns.length === 0 ? ["*"] : patterns;
}

/** `rules[0].sites.names`. */
function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the file";
  return path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");
}

function problem(name: string, message: string): Problem {
  return { source: "policy file", name, message };
}

function lineOf(error: { readonly linePos?: readonly { readonly line: number }[] }): string {
  const line = error.linePos?.[0]?.line;
  return line === undefined ? "the file" : `line ${line}`;
}

/** An empty list in the place of a text is no text, and too short besides: the first is enough to mend it. */
function onePerName(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.toReversed().map((one) => [one.name, one])).values()].toReversed();
}

/** The YAML parser's first line, without the excerpt of the file that follows it. */
function brief(message: string): string {
  const [first = ""] = message.split("\n");
  const sentence = first.replace(/ at line \d+, column \d+:?$/, "").replace(/[.:]$/, "");
  return `is not valid YAML (${sentence}); mend it there`;
}
