import type { RoutingFlag } from "./routing/routing-flag.ts";

/**
 * What a person asked for, before anything was looked up. A command is made from text alone: it knows nothing of
 * Azure, of a chat platform, of the clock or of who may do what.
 */

/**
 * A site as it was named: names as typed, case kept. Every field is optional because people leave out what is
 * obvious to them; `{ all: true, resourceGroup }` is every site of a group.
 */
export type TargetReference = {
  /** Name of the site. From a host name or URL it is the first label; `host` says what was really typed. */
  name?: string;
  slot?: string;
  resourceGroup?: string;
  /** Name or id of a subscription. */
  subscription?: string;
  /** Every site of the scope named by the other fields. */
  all?: true;
  /** The whole host name that was typed, lower case; the inventory's `defaultHostName` decides what it is. */
  host?: string;
};

/** `CR-<n>`, upper case: the id people type. */
export type TypedChangeId = `CR-${number}`;

/** Routing flag to the value that was asked for. Flags that were not mentioned are absent. */
export type FlagChanges = Partial<Record<RoutingFlag, boolean>>;

/** Which way a change is written: the site property, or the legacy app setting that was named literally. */
export type ChangeVia = "property" | "appSetting";

/** Where an audit looks: sites whose traffic is routed, is not, or hangs on a legacy setting. */
export const auditFilters = ["routed", "not-routed", "legacy"] as const;
export type AuditFilter = (typeof auditFilters)[number];

/** Why a text was not carried out but asked back. */
export const clarifyCodes = [
  "missing-target",
  "missing-flag",
  "missing-direction",
  "missing-change",
  "missing-duration",
  "invalid-target",
  "ambiguous-target",
  "ambiguous-flag",
  "contradiction",
  "negation",
  "doubt",
  "condition",
  "not-a-request",
  "quotation",
  "taken-back",
  "scheduling",
  "several-requests",
  "unplaced-words",
  "unsupported",
  "hostile",
  "too-long",
] as const;
export type ClarifyCode = (typeof clarifyCodes)[number];

/**
 * What was understood of a text that has to be asked back, so that a thread, a pick list or an answer can complete
 * it. It is never carried out by itself.
 */
export type PartialRequest = {
  set?: FlagChanges;
  /** The direction alone, of "turn it off again". */
  enable?: boolean;
  targets?: TargetReference[];
  /** The text points back with "it", "that app", "same", "again". */
  pointsBack?: true;
  /** "Do the same for app-y": what was said last, for these sites. */
  same?: true;
  /** "The opposite", "reverse it": the flags of before, the other way round. */
  opposite?: true;
};

export type ChangeCommand = {
  kind: "change";
  set: FlagChanges;
  targets: TargetReference[];
  via: ChangeVia;
  dryRun: boolean;
  breakGlass: boolean;
  reason?: string;
  /** ISO 8601 duration in the unit that was typed ("90 minutes" is `PT90M`). */
  revertAfter?: string;
};

/** State of sites. No targets: the subject of the conversation is meant. */
export type StatusCommand = { kind: "status"; targets: TargetReference[]; flags?: RoutingFlag[] };

export type AuditCommand = {
  kind: "audit";
  targets?: TargetReference[];
  flags?: RoutingFlag[];
  where?: AuditFilter;
};

/** What was done: on sites, by a person (`me` is the asker), or in one change request; none of them: lately. */
export type HistoryCommand = {
  kind: "history";
  targets?: TargetReference[];
  person?: string;
  changeId?: TypedChangeId;
};

export type PendingCommand = { kind: "pending"; targets?: TargetReference[]; mine?: true };

/** Exactly one of `changeId` and `targets` is there. */
export type UndoCommand = {
  kind: "undo";
  changeId?: TypedChangeId;
  targets?: TargetReference[];
  reason?: string;
};

export type CancelCommand = { kind: "cancel"; changeId: TypedChangeId; reason?: string };

/** A temporary change is to last longer by `revertAfter`. */
export type ExtendCommand = {
  kind: "extend";
  changeId: TypedChangeId;
  revertAfter: string;
  reason?: string;
};

/** A temporary change is to end now. */
export type EndCommand = { kind: "end"; changeId: TypedChangeId; reason?: string };

export const decisions = ["approve", "reject"] as const;
export type Decision = (typeof decisions)[number];

export type DecisionCommand = {
  kind: "decision";
  decision: Decision;
  changeId: TypedChangeId;
  reason?: string;
};

/** Takes one's own approval of a change request back. */
export type WithdrawCommand = { kind: "withdraw"; changeId: TypedChangeId; reason?: string };

export type ExplainCommand = {
  kind: "explain";
  question: "who-can-approve" | "why-not";
  targets?: TargetReference[];
  changeId?: TypedChangeId;
};

/** No targets: everything. */
export type FreezeCommand = { kind: "freeze"; targets?: TargetReference[]; reason?: string };
export type UnfreezeCommand = { kind: "unfreeze"; targets?: TargetReference[]; reason?: string };

export type HelpCommand = { kind: "help"; topic?: string };

export type ClarifyCommand = {
  kind: "clarify";
  code: ClarifyCode;
  /** One sentence for a person. */
  question: string;
  /** At most three texts that would parse. */
  suggestions: string[];
  partial?: PartialRequest;
};

export type UnknownCommand = { kind: "unknown"; suggestions: string[] };

export type Command =
  | ChangeCommand
  | StatusCommand
  | AuditCommand
  | HistoryCommand
  | PendingCommand
  | UndoCommand
  | CancelCommand
  | ExtendCommand
  | EndCommand
  | DecisionCommand
  | WithdrawCommand
  | ExplainCommand
  | FreezeCommand
  | UnfreezeCommand
  | HelpCommand
  | ClarifyCommand
  | UnknownCommand;

export type CommandKind = Command["kind"];

/** The kinds that would do something: these are only made from a clear request. */
export const actingKinds = [
  "change",
  "undo",
  "cancel",
  "extend",
  "end",
  "decision",
  "withdraw",
  "freeze",
  "unfreeze",
] as const satisfies readonly CommandKind[];

/** Whether carrying out a command would do something, rather than answer. */
export function isActing(command: Command): boolean {
  return (actingKinds as readonly string[]).includes(command.kind);
}

/** One finding of the parser: these words, read as this. */
export type ExplainedWords = { words: string; meaning: string };

/** Which words decided what, in the order of the text. */
export type Explanation = ExplainedWords[];

/** A command together with the words that made it what it is. */
export type ParsedCommand = { command: Command; explanation: Explanation };
