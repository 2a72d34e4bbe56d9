import {
  type Command,
  type Explanation,
  isActing,
  type ParsedCommand,
  type TargetReference,
} from "../domain/command.ts";
import { clarify, gravest } from "./clarify.ts";
import { conclusions, extensions, type Mild, noMild, regrets } from "./explanation-words.ts";
import { isAdvice, isContext } from "./judge-context.ts";
import { entryOf } from "./lexicon-index.ts";
import { lostField, lostInAct, reasonTold } from "./lost-words.ts";
import type { NormalText } from "./normalize.ts";
import type { Part } from "./read-sentence.ts";
import { emptyDraft, type Issue, type RequestDraft, sameTarget } from "./request.ts";
import { type SettledRequest, settleRequest } from "./settle-request.ts";
import type { Sentence } from "./split-sentences.ts";
import { mendFromTold } from "./spoken-site.ts";
import { suggestionsFor } from "./suggest.ts";
import { suggestInKind } from "./suggest-kind.ts";
import { suggestWhatIsMeant } from "./suggest-meant.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

export function unknown(text: string): ParsedCommand {
  return { command: { kind: "unknown", suggestions: suggestionsFor(text) }, explanation: [] };
}

export function blocked(issues: readonly Issue[], settled?: SettledRequest): ParsedCommand {
  const issue = gravest(issues) ?? { code: "unplaced-words", words: "" };
  const { set, targets, partial } = settled ?? {};
  return {
    command: clarify({
      issue,
      ...(set === undefined ? {} : { set }),
      ...(targets === undefined ? {} : { targets }),
      ...(partial === undefined ? {} : { partial }),
    }),
    explanation: issues
      .filter(({ words }) => words !== "")
      .map(({ code, words }) => ({ words, meaning: code })),
  };
}

/** A sentence that was no clean request beside one that is may only tell about the situation. */
function demote(part: Part): Part {
  if (part.kind !== "request" || part.clean) return part;
  return { kind: "blocked", issues: settleRequest(part.draft).issues, sentence: part.sentence };
}

export function combine(
  all: readonly Part[],
  sentences: readonly Sentence[],
  normal: NormalText,
): ParsedCommand {
  const parsed = suggestInKind(combineParts(all, sentences, normal), sentences);
  return suggestWhatIsMeant(parsed, sentences);
}

function combineParts(
  all: readonly Part[],
  sentences: readonly Sentence[],
  normal: NormalText,
): ParsedCommand {
  const order = all.findIndex((part) => part.kind === "act" || part.kind === "request");
  const decides = all.some((part) => part.kind === "act");
  const unsure = all.some(
    (part, index) =>
      part.kind === "small" &&
      (asksBack(part.sentence, decides) || (index > order && hesitates(part.sentence))),
  );
  if (order >= 0 && unsure) return blocked([{ code: "doubt", words: "?" }]);
  const clean = all.some((part) => part.kind === "act" || (part.kind === "request" && part.clean));
  const parts = clean ? all.map(demote) : all;
  const told = parts.filter((part) => part.kind !== "small");
  if (told.length === 0) {
    const greeting = sentences.some((sentence) =>
      sentence.tokens.some((token) => ["hi", "hello", "hey"].includes(token.lower.split(" ")[0] ?? "")),
    );
    const asksHelp = sentences.some((sentence) => sentence.tokens.some((token) => has(token, "help")));
    return (greeting || asksHelp) && !normal.quoted
      ? { command: { kind: "help" }, explanation: [] }
      : unknown(normal.text);
  }
  const requests = told.filter((part) => part.kind === "request");
  const acts = told.filter((part) => part.kind === "act");
  const answers = told.filter((part) => part.kind === "answer");
  if (requests.length > 0) return keepFields(combineRequests(told), sentences, normal.text);
  if (acts.length > 0) return keepFields(combineActs(told, acts), sentences, normal.text);
  if (answers[0] !== undefined) return combineAnswers(told, answers);
  const issues = told.flatMap((part) => (part.kind === "blocked" ? part.issues : []));
  const fragments = told.filter((part) => part.kind === "fragment");
  if (fragments.length > 0 && fragments.length === told.length)
    return readFragments(
      fragments.map((part) => part.draft),
      normal,
    );
  const telling = issues.filter((issue) => issue.code !== "unplaced-words" && issue.code !== "not-a-request");
  if (telling.length === 0 && !isOurs(sentences)) return unknown(normal.text);
  return blocked(issues);
}

/** No word that carries a field is passed over: the command has it, or it is asked about. */
function keepFields(parsed: ParsedCommand, sentences: readonly Sentence[], text: string): ParsedCommand {
  const { command } = parsed;
  if (command.kind !== "change") {
    const lost = isActing(command) && !rejects(command) ? lostInAct(sentences) : undefined;
    return lost === undefined ? parsed : blocked([lost]);
  }
  const lost = lostField(sentences, command);
  const { set, targets, via } = command;
  if (lost !== undefined)
    return blocked([lost], { set, targets, via, issues: [lost], asks: true, partial: { set, targets } });
  const reason = command.reason ?? reasonTold(sentences, text);
  return reason === undefined ? parsed : { ...parsed, command: { ...command, reason } };
}

/** Whether a text speaks of this bot's matters at all. */
function isOurs(sentences: readonly Sentence[]): boolean {
  return sentences.some((sentence) =>
    sentence.tokens.some(
      (token) =>
        token.kind === "change" ||
        token.kind === "arm" ||
        token.kind === "host" ||
        token.entry?.act !== undefined ||
        hasAny(token, [
          "vnet",
          "traffic",
          "routing",
          "routeAll",
          "imagePull",
          "contentShare",
          "backup",
          "identity",
        ]),
    ),
  );
}

/** Sites with nothing said about them: one question mark makes it a status; else it is asked what about them. */
function readFragments(drafts: readonly RequestDraft[], normal: NormalText): ParsedCommand {
  const targets = drafts.flatMap((draft) => draft.targets);
  if (targets.length === 0) return unknown(normal.text);
  return blocked([{ code: "missing-flag", words: "" }], {
    set: {},
    via: "property",
    targets,
    issues: [],
    partial: { targets },
    asks: false,
  });
}

function combineRequests(parts: readonly Part[]): ParsedCommand {
  const whole = emptyDraft();
  const told: (readonly Token[])[] = [];
  let seen = false;
  for (const part of parts) {
    if (part.kind === "request") {
      // "shop-web. Route all traffic for app-x.": which one?
      const named = whole.targets;
      const other =
        !seen && part.draft.targets.some((target) => !named.some((one) => sameTarget(one, target)));
      if (named.length > 0 && other) whole.issues.push({ code: "ambiguous-target", words: "" });
      if (seen && whole.dryRun !== part.draft.dryRun)
        whole.issues.push({ code: "several-requests", words: "" });
      mergeDraft(whole, part.draft, seen);
      seen = true;
    } else if (part.kind === "fragment") mergeFragment(whole, part, seen);
    else if (part.kind === "blocked") {
      if (!isContext(part.sentence, !seen)) whole.issues.push(...issuesOf(part));
      else if (!seen) told.push(part.sentence.tokens);
    } else if (part.kind === "answer" && seen && isContext(part.sentence, false)) {
      // "Customers cannot log in." speaks of a log, but asks for none.
    } else if (part.kind === "answer" || part.kind === "act") {
      whole.issues.push({ code: "several-requests", words: "" });
    }
  }
  return toChange(whole, told);
}

/** Why a sentence was not carried out; there is always a reason. */
function issuesOf(part: { issues: readonly Issue[] }): readonly Issue[] {
  return part.issues.length > 0 ? part.issues : [{ code: "unplaced-words", words: "" }];
}

/** "Turn off image pull for app-x. Route all too.": one more setting to turn off, or an order of its own? */
function mayListRouteAll(whole: RequestDraft, draft: RequestDraft): boolean {
  const off = whole.actions.some(
    (action) => action.on === false || action.flags.some((flag) => flag.on === false),
  );
  const bare = draft.actions.some(
    ({ verb, via, flags }) =>
      verb?.lemma === "route" &&
      via === undefined &&
      flags.length > 0 &&
      flags.every((flag) => flag.raw !== true && flag.on === undefined),
  );
  return off && bare;
}

function mergeDraft(whole: RequestDraft, draft: RequestDraft, seen: boolean): void {
  if (seen && mayListRouteAll(whole, draft))
    whole.issues.push({ code: "ambiguous-flag", words: "route all" });
  whole.actions.push(...draft.actions);
  for (const target of draft.targets) {
    if (!whole.targets.some((other) => sameTarget(other, target))) whole.targets.push(target);
  }
  whole.issues.push(...draft.issues);
  whole.explanation.push(...draft.explanation);
  // "app-x: image pull on. app-y: image pull on.": a list of how things are.
  if ((seen && whole.titled && draft.titled) || draft.reports === true) whole.reports = true;
  whole.titled ||= draft.titled;
  whole.assigned ||= draft.assigned;
  whole.left.push(...draft.left);
  whole.pointsBack ||= draft.pointsBack;
  whole.dryRun ||= draft.dryRun;
  whole.breakGlass ||= draft.breakGlass;
  whole.temporary ||= draft.temporary;
  whole.polite ||= draft.polite;
  if (draft.scope !== undefined) whole.scope = draft.scope;
  if (!seen || whole.frame === "plain") whole.frame = draft.frame;
  if (draft.reason !== undefined) whole.reason = draft.reason;
  if (draft.revertAfter !== undefined) whole.revertAfter = draft.revertAfter;
}

/** "App: app-x", "Reason: audit", "for 2 hours" as sentences of their own. */
function mergeFragment(
  whole: RequestDraft,
  { draft, sentence }: Extract<Part, { kind: "fragment" }>,
  seen: boolean,
): void {
  const more = draft.targets.some((target) => !whole.targets.some((other) => sameTarget(other, target)));
  if (seen && more && whole.targets.length > 0 && !addsSites(sentence, draft))
    whole.issues.push({ code: "several-requests", words: "" });
  mergeDraft(whole, { ...draft, actions: [], frame: whole.frame }, seen);
  if (draft.scope !== undefined && whole.targets.length > 0) {
    if (draft.scope.slot !== undefined && whole.targets.length > 1)
      whole.issues.push({ code: "ambiguous-target", words: draft.scope.slot });
    whole.targets = whole.targets.map((target) => ({ ...draft.scope, ...target }));
    delete whole.scope;
  }
}

/** "Yes?", "Huh?": asks what others think of it; "Please?", and behind a change "Ok?", only ask for it. */
function asksBack({ tokens, question }: Sentence, decides: boolean): boolean {
  const asks = (token: Token) =>
    token.kind !== "word" ||
    has(token, "polite") ||
    (!decides && isWord(token, "ok", "okay", "k", "alright"));
  return question && !tokens.every(asks);
}

/** "Hmm." behind an order. */
function hesitates({ tokens }: Sentence): boolean {
  return (
    tokens.length > 0 && tokens.every((token) => isWord(token, "hm", "hmm", "hmmm", "um", "umm", "uh", "er"))
  );
}

/** "And app-y.", "Same for app-y.", "app-y too.": more sites for what was asked for. */
function addsSites({ tokens, question }: Sentence, draft: RequestDraft): boolean {
  const said = tokens.filter((token) => token.kind === "word" && !has(token, "polite"));
  const adds =
    has(said[0], "and") ||
    isWord(said[0], "also", "the same", "same") ||
    isWord(said.at(-1), "too", "also", "as well", "likewise");
  const alone = draft.reason === undefined && draft.revertAfter === undefined && draft.scope === undefined;
  return adds && alone && !question && !draft.dryRun && !draft.breakGlass;
}

/** `told`: what was told before; "it", or an order without a site, can only be for the one that it speaks of. */
function toChange(draft: RequestDraft, told: readonly (readonly Token[])[]): ParsedCommand {
  mendFromTold(draft, told);
  const settled = settleRequest(draft);
  if (settled.issues.length > 0)
    return { ...blocked(settled.issues, settled), explanation: draft.explanation };
  const targets: TargetReference[] = settled.targets;
  const command: Command = {
    kind: "change",
    set: settled.set,
    targets,
    via: settled.via,
    dryRun: draft.dryRun,
    breakGlass: draft.breakGlass,
    ...(draft.reason === undefined || draft.reason === "" ? {} : { reason: draft.reason }),
    ...(draft.revertAfter === undefined ? {} : { revertAfter: draft.revertAfter }),
  };
  return { command, explanation: draft.explanation };
}

function combineActs(parts: readonly Part[], acts: readonly Extract<Part, { kind: "act" }>[]): ParsedCommand {
  const [first] = acts;
  if (first === undefined) return unknown("");
  const seenAt = parts.indexOf(first);
  const issues: Issue[] = [];
  let command = first.parsed.command;
  const explanation: Explanation = [...first.parsed.explanation];
  for (const [index, part] of parts.entries()) {
    if (part === first) continue;
    if (
      part.kind === "fragment" &&
      part.draft.reason !== undefined &&
      part.draft.targets.length === 0 &&
      "reason" in command === false
    ) {
      if (
        command.kind === "decision" ||
        command.kind === "withdraw" ||
        command.kind === "cancel" ||
        command.kind === "undo" ||
        command.kind === "freeze" ||
        command.kind === "unfreeze"
      )
        command = { ...command, reason: part.draft.reason };
    } else if (part.kind === "blocked") {
      const advised = rejects(command) && index > seenAt && isAdvice(part.sentence);
      if (!advised && !isContext(speakingOf(part.sentence, command), index < seenAt, mildFor(command)))
        issues.push(
          ...(part.issues.length > 0 ? part.issues : [{ code: "unplaced-words" as const, words: "" }]),
        );
    } else issues.push({ code: "several-requests", words: "" });
  }
  return issues.length > 0 ? blocked(issues) : { command, explanation };
}

/** "I have seen CR-3 and I'm happy with it. Approve CR-3.": the request itself, as "it". */
function speakingOf(sentence: Sentence, command: Command): Sentence {
  const id = "changeId" in command ? command.changeId : undefined;
  if (id === undefined || !sentence.tokens.some((token) => token.kind === "change")) return sentence;
  const it = entryOf("it");
  if (it === undefined) return sentence;
  const tokens = sentence.tokens.map(
    (token): Token =>
      token.kind === "change" && token.text === id
        ? { ...token, kind: "word", lower: "it", roles: it.roles, entry: it }
        : token,
  );
  return { ...sentence, tokens };
}

function rejects(command: Command): boolean {
  return command.kind === "decision" && command.decision === "reject";
}

function mildFor(command: Command): Mild {
  if (["cancel", "undo", "withdraw"].includes(command.kind) || rejects(command)) return regrets;
  if (command.kind === "extend") return extensions;
  return command.kind === "end" ? conclusions : noMild;
}

/** A question beside words that were no request: the question is answered, since that does no harm. */
function combineAnswers(
  parts: readonly Part[],
  answers: readonly Extract<Part, { kind: "answer" }>[],
): ParsedCommand {
  const best =
    answers.find((part) => part.parsed.command.kind !== "help" && part.parsed.command.kind !== "clarify") ??
    answers[0];
  const acting = parts
    .flatMap((part) => (part.kind === "blocked" ? part.issues : []))
    .filter((issue) => ["negation", "condition", "doubt", "taken-back", "hostile"].includes(issue.code));
  if (
    acting.length > 0 &&
    parts.some(
      (part) =>
        part.kind === "blocked" &&
        part.sentence.tokens.some(
          (token) => token.entry?.verb?.forms.has("base") || token.entry?.act?.form === "base",
        ),
    )
  )
    return blocked(acting);
  const fragment = parts.find((part) => part.kind === "fragment");
  const command = best?.parsed.command;
  if (command?.kind === "status" && command.targets.length === 0 && fragment?.kind === "fragment") {
    return {
      command: { ...command, targets: fragment.draft.targets },
      explanation: best?.parsed.explanation ?? [],
    };
  }
  return best?.parsed ?? unknown("");
}
