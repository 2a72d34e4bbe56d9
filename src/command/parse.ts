import type {
  ChangeCommand,
  Command,
  Explanation,
  ParsedCommand,
  TargetReference,
} from "../domain/command.ts";
import { clarify, gravest } from "./clarify.ts";
import { longestText, marks, type NormalText, normalize } from "./normalize.ts";
import { readAct } from "./read-act.ts";
import { readAz, startsAz } from "./read-az.ts";
import { readQuestion } from "./read-question.ts";
import { readReason } from "./read-reason.ts";
import { readRequest } from "./read-request.ts";
import { isStrongName } from "./read-targets.ts";
import { emptyDraft, type Issue, type RequestDraft, sameTarget } from "./request.ts";
import { type SettledRequest, settleRequest } from "./settle-request.ts";
import { isContext, isSmallTalk, type Sentence, splitSentences } from "./split-sentences.ts";
import { suggestionsFor } from "./suggest.ts";
import { has, hasAny, type Token, tokenize } from "./token.ts";

/**
 * Reads a chat message as a command. Pure, synchronous, linear in the length of the text, and never throws: the same
 * text always gives the same command, and the explanation says which words decided it.
 */
export function parseCommand(text: string): ParsedCommand {
  if (text.length > longestText) {
    const issue: Issue = { code: "too-long", words: "" };
    return { command: clarify({ issue, suggestions: ["help"] }), explanation: [] };
  }
  const normal = normalize(text);
  const body = normal.text.replace(/^\/route-?bot\b/i, "").trim();
  if (body === "") return unknown(text);
  return readPasted(body) ?? readMessage({ ...normal, text: body });
}

function unknown(text: string): ParsedCommand {
  return { command: { kind: "unknown", suggestions: suggestionsFor(text) }, explanation: [] };
}

// A pasted command line.

const azAnywhere = /(?:^|[\s`\uE004\uE005>$])az(?:\.cmd)?\s+[a-z]/i;
const otherTools =
  /\b(?:Set-AzWebApp|Set-AzResource|Update-Az\w+|New-Az\w+|Remove-Az\w+|terraform (?:apply|destroy)|Invoke-AzRest\w*|kubectl|azd up)\b/i;

function readPasted(text: string): ParsedCommand | undefined {
  if (otherTools.test(text))
    return blocked([{ code: "unsupported", words: otherTools.exec(text)?.[0] ?? "" }]);
  const found = azAnywhere.exec(text);
  if (found === null) return undefined;
  const start = found.index + found[0].search(/az/i);
  const fenced = text.lastIndexOf(marks.fence, start) >= 0 || text.lastIndexOf(marks.code, start) >= 0;
  const rest = text.slice(start);
  const close = fenced ? rest.search(/[\uE004\uE005]/) : endOfCommand(rest);
  const command = (close < 0 ? rest : rest.slice(0, close)).trim();
  if (!startsAz(command)) return undefined;
  const around = `${text.slice(0, start)}\n${close < 0 ? "" : rest.slice(close)}`
    .replace(/[\uE004\uE005]/g, " ")
    .replace(/(^|\s)(\$|PS>|#)(?=\s|$)/g, " ");
  const reading = readAz(command);
  const frame = readAround(around);
  if ("issue" in frame) return blocked([frame.issue]);
  if ("code" in reading) return blocked([{ code: reading.code, words: reading.words.slice(0, 80) }]);
  const change: ChangeCommand = {
    kind: "change",
    set: reading.set,
    targets: reading.targets,
    via: "property",
    dryRun: frame.dryRun,
    breakGlass: frame.breakGlass,
    ...(frame.reason === undefined ? {} : { reason: frame.reason }),
    ...(frame.revertAfter === undefined ? {} : { revertAfter: frame.revertAfter }),
  };
  return { command: change, explanation: [{ words: command, meaning: "pasted Azure CLI command" }] };
}

/** A bare command ends with its line, unless the line says that it goes on. */
function endOfCommand(text: string): number {
  for (let line = text.indexOf("\n"); line >= 0; line = text.indexOf("\n", line + 1)) {
    const before = text.slice(0, line).trimEnd();
    const next = text.slice(line + 1).trimStart();
    if (!/[\\`^]$/.test(before) && !next.startsWith("-") && !next.startsWith("—")) return line;
  }
  return -1;
}

const runWords =
  /^(run|execute|apply|do|this|following|command|it|the|for|is|here|that|paste|perform|make|change|below|these|commands|script|snippet)$/;

/** What is written around a pasted command may only ask to run it. */
function readAround(
  text: string,
): { dryRun: boolean; breakGlass: boolean; reason?: string; revertAfter?: string } | { issue: Issue } {
  const tokens = tokenize(text);
  const sentences = splitSentences(tokens);
  if (
    sentences.some(
      (sentence) => sentence.question && !sentence.tokens.some((token) => hasAny(token, ["ask", "dryRun"])),
    )
  )
    return { issue: { code: "doubt", words: text.trim() } };
  const kept = tokens.filter(
    (token) =>
      !(token.kind === "word" && (runWords.test(token.lower) || hasAny(token, ["ask", "want", "lets"]))) &&
      token.kind !== "stop" &&
      token.kind !== "line",
  );
  const draft = readRequest(kept, text);
  const worst = gravest(draft.issues);
  if (worst !== undefined) return { issue: worst };
  const more = draft.actions.length > 0 || draft.targets.length > 0;
  if (more) return { issue: { code: "several-requests", words: text.trim() } };
  return draft;
}

// A message in words.

type Part =
  | { kind: "small" }
  | { kind: "context" }
  | { kind: "request"; draft: RequestDraft; sentence: Sentence }
  | { kind: "fragment"; draft: RequestDraft }
  | { kind: "answer"; parsed: ParsedCommand }
  | { kind: "act"; parsed: ParsedCommand }
  | { kind: "blocked"; issues: Issue[]; sentence: Sentence };

function readMessage(normal: NormalText): ParsedCommand {
  const tokens = tokenize(normal.text);
  const sentences = splitSentences(tokens);
  if (sentences.length > 0 && sentences.every((sentence) => sentence.tokens.length === 0)) {
    return { command: { kind: "help" }, explanation: [{ words: normal.text, meaning: "question: help" }] };
  }
  const parts = sentences
    .filter((sentence) => sentence.tokens.length > 0)
    .map((sentence) => readSentence(sentence, normal.text));
  return combine(parts, sentences, normal);
}

function readSentence(sentence: Sentence, text: string): Part {
  const { tokens, question } = sentence;
  if (isSmallTalk(tokens)) return { kind: "small" };
  const request = { tokens, text, question };
  const dry = tokens.some((token) => has(token, "dryRun"));
  if (readReason({ tokens, from: 0, text }) !== undefined) return readAsRequest(sentence, text);
  const act = dry ? undefined : readAct(request);
  if (act !== undefined) {
    if ("issue" in act) return { kind: "blocked", issues: [act.issue], sentence };
    return {
      kind: "act",
      parsed: { command: act.command, explanation: [{ words: act.words, meaning: act.command.kind }] },
    };
  }
  const answer = dry ? undefined : readQuestion(request);
  if (answer !== undefined) return { kind: "answer", parsed: answer };
  return readAsRequest(sentence, text);
}

function readAsRequest(sentence: Sentence, text: string): Part {
  const draft = readRequest(sentence.tokens, text);
  doubtQuestion(draft, sentence);
  const acts = draft.actions.length > 0;
  if (acts) {
    if (isClean(settleRequest(draft), draft)) return { kind: "request", draft, sentence };
    const cut = cutContext(sentence, text);
    return { kind: "request", draft: cut ?? draft, sentence };
  }
  const tells =
    draft.targets.length > 0 ||
    draft.reason !== undefined ||
    draft.revertAfter !== undefined ||
    draft.dryRun ||
    draft.breakGlass;
  if (draft.issues.length === 0 && tells) return { kind: "fragment", draft };
  const cut = cutContext(sentence, text);
  if (cut !== undefined) return { kind: "request", draft: cut, sentence };
  return { kind: "blocked", issues: draft.issues, sentence };
}

/** A question mark behind a request that was not framed as one is a doubt. */
function doubtQuestion(draft: RequestDraft, sentence: Sentence): void {
  if (sentence.question && !draft.asked && !draft.dryRun) draft.issues.push({ code: "doubt", words: "?" });
}

/** Issues that another sentence of the message can mend. */
const mendable = new Set(["missing-target", "missing-flag"]);

function isClean(settled: SettledRequest, draft: RequestDraft): boolean {
  return draft.issues.length === 0 && settled.issues.every((issue) => mendable.has(issue.code));
}

/** "We are being audited, please route ...": a request after, or before, a comma and words that only tell. */
function cutContext(sentence: Sentence, text: string): RequestDraft | undefined {
  const { tokens, question } = sentence;
  let tries = 0;
  for (const [index, token] of tokens.entries()) {
    const sign =
      token.kind === "comma" ||
      token.kind === "dash" ||
      token.kind === "colon" ||
      (token.kind === "word" && ["so", "and", "-", "therefore"].includes(token.lower));
    if (!sign || index === 0 || ++tries > 6) continue;
    const head: Sentence = { tokens: tokens.slice(0, index), question: false };
    const tail: Sentence = { tokens: tokens.slice(index + 1), question };
    if (token.kind !== "colon" && isContext(head, true)) {
      const draft = readRequest(tail.tokens, text);
      doubtQuestion(draft, tail);
      const settled = settleRequest(draft);
      if (draft.actions.some((action) => action.verb !== undefined) && isClean(settled, draft)) {
        mendFrom(draft, head.tokens);
        return draft;
      }
    }
    if (token.kind !== "colon" && isContext(tail, false)) {
      const draft = readRequest(head.tokens, text);
      doubtQuestion(draft, { ...head, question });
      if (draft.actions.some((action) => action.verb !== undefined) && isClean(settleRequest(draft), draft))
        return draft;
    }
  }
  return undefined;
}

/** "app-x cannot reach its database, please route all traffic for it": what "it" is. */
function mendFrom(draft: RequestDraft, context: readonly Token[]): void {
  if (draft.targets.length > 0 || !draft.pointsBack) return;
  const names = new Set(context.filter((token) => isStrongName(token)).map((token) => token.text));
  const [name] = names;
  if (name !== undefined && names.size === 1) draft.targets.push({ name });
}

function blocked(issues: readonly Issue[], settled?: SettledRequest): ParsedCommand {
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
  if (part.kind !== "request" || isClean(settleRequest(part.draft), part.draft)) return part;
  return { kind: "blocked", issues: settleRequest(part.draft).issues, sentence: part.sentence };
}

function combine(all: readonly Part[], sentences: readonly Sentence[], normal: NormalText): ParsedCommand {
  const clean = all.some((part) => part.kind === "request" && isClean(settleRequest(part.draft), part.draft));
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
  if (requests.length > 0) return combineRequests(told, normal);
  if (acts.length > 0) return combineActs(told, acts);
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

function combineRequests(parts: readonly Part[], normal: NormalText): ParsedCommand {
  const whole = emptyDraft();
  let seen = false;
  for (const part of parts) {
    if (part.kind === "request") {
      mergeDraft(whole, part.draft, seen);
      seen = true;
    } else if (part.kind === "fragment") mergeFragment(whole, part.draft, seen);
    else if (part.kind === "blocked") {
      if (isContext(part.sentence, !seen)) mendNames(whole, part.sentence, seen);
      else
        whole.issues.push(
          ...(part.issues.length > 0 ? part.issues : [{ code: "unplaced-words" as const, words: "" }]),
        );
    } else if (part.kind === "answer" || part.kind === "act")
      whole.issues.push({ code: "several-requests", words: "" });
  }
  return toChange(whole, parts, normal);
}

const antecedents = new WeakMap<RequestDraft, Set<string>>();

function mendNames(whole: RequestDraft, sentence: Sentence, seen: boolean): void {
  if (seen) return;
  const names = antecedents.get(whole) ?? new Set<string>();
  for (const token of sentence.tokens) if (isStrongName(token)) names.add(token.text);
  antecedents.set(whole, names);
}

function mergeDraft(whole: RequestDraft, draft: RequestDraft, seen: boolean): void {
  whole.actions.push(...draft.actions);
  for (const target of draft.targets)
    if (!whole.targets.some((other) => sameTarget(other, target))) whole.targets.push(target);
  whole.issues.push(...draft.issues);
  whole.explanation.push(...draft.explanation);
  whole.pointsBack ||= draft.pointsBack;
  whole.dryRun ||= draft.dryRun;
  whole.breakGlass ||= draft.breakGlass;
  whole.temporary ||= draft.temporary;
  if (draft.scope !== undefined) whole.scope = draft.scope;
  whole.polite ||= draft.polite;
  if (!seen || whole.frame === "plain") whole.frame = draft.frame;
  if (draft.reason !== undefined) whole.reason = draft.reason;
  if (draft.revertAfter !== undefined) whole.revertAfter = draft.revertAfter;
}

/** "App: app-x", "Reason: audit", "for 2 hours" as sentences of their own. */
function mergeFragment(whole: RequestDraft, draft: RequestDraft, seen: boolean): void {
  const more = draft.targets.some((target) => !whole.targets.some((other) => sameTarget(other, target)));
  if (seen && more && whole.targets.length > 0) whole.issues.push({ code: "several-requests", words: "" });
  mergeDraft(whole, { ...draft, actions: [], frame: whole.frame }, seen);
}

function toChange(draft: RequestDraft, parts: readonly Part[], normal: NormalText): ParsedCommand {
  const names = antecedents.get(draft);
  if (draft.targets.length === 0 && draft.pointsBack && names?.size === 1)
    draft.targets.push(...[...names].map((name) => ({ name })));
  const settled = settleRequest(draft);
  if (settled.issues.length > 0)
    return { ...blocked(settled.issues, settled), explanation: draft.explanation };
  void parts;
  void normal;
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
        command.kind === "cancel" ||
        command.kind === "undo" ||
        command.kind === "freeze" ||
        command.kind === "unfreeze"
      )
        command = { ...command, reason: part.draft.reason };
    } else if (part.kind === "blocked") {
      if (!isContext(part.sentence, index < seenAt))
        issues.push(
          ...(part.issues.length > 0 ? part.issues : [{ code: "unplaced-words" as const, words: "" }]),
        );
    } else issues.push({ code: "several-requests", words: "" });
  }
  return issues.length > 0 ? blocked(issues) : { command, explanation };
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
