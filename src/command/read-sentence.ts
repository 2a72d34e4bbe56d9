import type { ParsedCommand } from "../domain/command.ts";
import { isCause, isContext, isLabel } from "./judge-context.ts";
import { isMeanwhile, isUrging } from "./judge-explanation.ts";
import { readAct } from "./read-act.ts";
import { fieldEnd, isSign, lateSlot, markEnd } from "./read-field.ts";
import { readQuestion } from "./read-question.ts";
import { readReason, ticketShape } from "./read-reason.ts";
import { readRequest } from "./read-request.ts";
import { readScopes } from "./read-scope.ts";
import { emptyDraft, type Issue, type RequestDraft } from "./request.ts";
import { settleRequest } from "./settle-request.ts";
import { isStrongName } from "./site-name.ts";
import { isSmallTalk, type Sentence } from "./split-sentences.ts";
import { mendFromTold } from "./spoken-site.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

// A message in words.
export type Part =
  | { kind: "small"; sentence: Sentence }
  | { kind: "context" }
  | { kind: "request"; draft: RequestDraft; sentence: Sentence; clean: boolean }
  | { kind: "fragment"; draft: RequestDraft; sentence: Sentence }
  | { kind: "answer"; parsed: ParsedCommand; sentence: Sentence }
  | { kind: "act"; parsed: ParsedCommand }
  | { kind: "blocked"; issues: Issue[]; sentence: Sentence };

export function readSentence(sentence: Sentence, text: string): Part {
  const { tokens, question } = sentence;
  if (isSmallTalk(tokens) && !(question && isWord(tokens[0], "go", "over")))
    return { kind: "small", sentence };
  const request = { tokens, text, question };
  const dry = tokens.some((token) => has(token, "dryRun"));
  const where = readWhere(tokens);
  if (where !== undefined) return { kind: "fragment", draft: where, sentence };
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
  if (answer !== undefined) return { kind: "answer", parsed: answer, sentence };
  return readAsRequest(sentence, text);
}

/** "It's in rg-x.": where the site is that was spoken of. */
function readWhere(tokens: readonly Token[]): RequestDraft | undefined {
  let index = 0;
  if (isWord(tokens[index], "it", "they", "both", "this", "that")) index++;
  const pointed = index > 0 && isWord(tokens[index], "is", "are");
  // "Resource group: rg-x".
  const titled =
    hasAny(tokens[0], ["group", "subscription"]) && (tokens[1]?.kind === "colon" || isWord(tokens[1], "is"));
  if (!pointed && !titled && !has(tokens[0], "slot") && !isWord(tokens[0], "it's", "its", "that's"))
    return undefined;
  const slot = has(tokens[0], "slot") && tokens[1]?.kind === "colon" ? lateSlot(tokens, 0) : undefined;
  if (slot !== undefined && slot.end === tokens.length)
    return { ...emptyDraft(), scope: { slot: slot.slot } };
  const scope = readScopes(tokens, titled ? 0 : pointed ? index + 1 : 1);
  if (scope.end < tokens.length || scope.ambiguous === true) return undefined;
  const { resourceGroup, subscription } = scope;
  if (resourceGroup === undefined && subscription === undefined) return undefined;
  return {
    ...emptyDraft(),
    scope: {
      ...(resourceGroup === undefined ? {} : { resourceGroup }),
      ...(subscription === undefined ? {} : { subscription }),
    },
  };
}

function readAsRequest(sentence: Sentence, text: string): Part {
  const draft = readRequest(sentence.tokens, text, sentence.courteous);
  doubtQuestion(draft, sentence);
  const acts = draft.actions.some(
    (action) => action.verb !== undefined || action.flags.length > 0 || action.via !== undefined,
  );
  if (acts) {
    if (isClean(draft)) return { kind: "request", draft, sentence, clean: true };
    const cut = readWithMark(sentence, text) ?? cutContext(sentence, text);
    if (cut === undefined)
      draft.issues.push(
        ...settleRequest(draft).issues.filter(
          ({ code, words }) =>
            !mendable.has(code) &&
            !draft.issues.some((issue) => issue.code === code && issue.words === words),
        ),
      );
    return { kind: "request", draft: cut ?? draft, sentence, clean: cut !== undefined };
  }
  const tells =
    draft.targets.length > 0 ||
    draft.reason !== undefined ||
    draft.revertAfter !== undefined ||
    draft.dryRun ||
    draft.breakGlass ||
    draft.left.length > 0;
  if (draft.issues.length === 0 && tells) return { kind: "fragment", draft, sentence };
  const cut = readWithMark(sentence, text) ?? cutContext(sentence, text);
  if (cut !== undefined) return { kind: "request", draft: cut, sentence, clean: true };
  return { kind: "blocked", issues: draft.issues, sentence };
}

/** A question mark behind a request that was not framed as one is a doubt. */
function doubtQuestion(draft: RequestDraft, sentence: Sentence): void {
  const last = sentence.tokens.at(-1);
  const tag = isWord(last, "ok", "okay", "k", "alright", "please", "pls", "plz");
  if (sentence.question && !tag && !draft.asked && !draft.dryRun)
    draft.issues.push({ code: "doubt", words: "?" });
}

/** Issues that another sentence of the message can mend. */
const mendable = new Set(["missing-target", "missing-flag", "missing-duration"]);

function isClean(draft: RequestDraft): boolean {
  return draft.issues.length === 0 && settleRequest(draft).issues.every((issue) => mendable.has(issue.code));
}

/** "We are being audited, please route ...": a request after, or before, words that only tell. */
function cutContext(sentence: Sentence, text: string): RequestDraft | undefined {
  const { tokens } = sentence;
  if (tokens.length > longestCut) return undefined;
  let tries = 0;
  for (const [index, token] of tokens.entries()) {
    const sign = cutsBehind(token);
    const wants = has(token, "want") && token.text.includes(" ") && isCause(tokens.slice(0, index));
    const asks = !sign && (wants || isWord(token, "please", "kindly", "pls", "plz") || has(token, "ask"));
    const opens = asks || (!sign && opensExplanation(token));
    if ((!sign && !opens) || index === 0 || ++tries > mostCuts) continue;
    if (token.kind === "colon" && !has(tokens[index - 1], "breakGlass")) {
      const before = tokens.slice(0, index);
      const after: Sentence = { ...sentence, tokens: tokens.slice(index + 1) };
      const headed = before.every((word) =>
        hasAny(word, ["heading", "polite", "filler", "determiner", "amount"]),
      );
      if (headed || isLabel(before)) return readBare(after, text);
      const draft = explainsBelow(before, after) ? requestAfter(plainly(before), after, text) : undefined;
      const named = before.some((word) => isStrongName(word));
      const same =
        !named ||
        draft?.targets.every(
          ({ name, slot }) => slot === undefined && before.some((word) => word.text === name),
        );
      if (draft !== undefined && same === true) return draft;
      continue;
    }
    const from = sign ? index + 1 : index;
    // "and" joins two orders as well as two statements: only courtesy shows where a request begins.
    const courteous = hasAny(tokens[from], ["polite", "ask", "want", "lets"]);
    const told: Sentence = { tokens: tokens.slice(0, index), question: false, courteous: false };
    const rest: Sentence = { ...sentence, tokens: tokens.slice(from) };
    const draft =
      ((sign || asks) && (!isWord(token, "and", "but", "however") || courteous)
        ? requestAfter(told, rest, text)
        : undefined) ??
      (asks || isWord(token, "but", "however") ? undefined : requestBefore(told, rest, text));
    if (draft !== undefined) return draft;
  }
  return undefined;
}

function plainly(tokens: readonly Token[]): Sentence {
  return { tokens, question: false, courteous: false };
}

const writings = new Set(
  `note log message mail email comment readme ticket runbook doc docs banner alert error errors prompt title line text
   script plan idea step steps request question example template draft proposal description label tag entry`.split(
    /\s+/,
  ),
);

/**
 * "app-x needs its address back: please route ...": what stands before a colon may introduce somebody else's words, so
 * it has to be about the site itself, nothing may be written or told in it, and the order has to be a polite one.
 */
function explainsBelow(told: readonly Token[], order: Sentence): boolean {
  const first = told.find((token) => token.kind === "word" && !hasAny(token, ["polite", "filler"]));
  const stated = isStrongName(first) || isContext(plainly(told), true);
  return (
    stated &&
    hasAny(order.tokens[0], ["polite", "ask", "want"]) &&
    !hasAny(told.at(-1), ["be", "modal", "subject", "pronoun", "determiner"]) &&
    !told.some((token) => isOneOf(token, writings) || hasAny(token, ["told", "reported", "later"]))
  );
}

const mostCuts = 8;
const mostInnerCuts = 4;
/** A sentence with more words is read as it stands: it is a document, and cutting it in all ways would take long. */
const longestCut = 80;

function cutsBehind(token: Token): boolean {
  if (token.kind === "word") return isWord(token, "so", "and", "-", "therefore", "hence", "but", "however");
  return ["comma", "dash", "colon", "open"].includes(token.kind);
}

function opensExplanation(token: Token): boolean {
  return (
    hasAny(token, ["subject"]) ||
    isWord(token, "it", "it's", "its", "as", "before", "while", "whilst", "that's", "the")
  );
}

function requestAfter(told: Sentence, rest: Sentence, text: string): RequestDraft | undefined {
  if (!isContext(told, true) && !isCause(told.tokens) && !isIntroduction(told.tokens)) return undefined;
  const draft = readBare(rest, text);
  if (draft === undefined) return undefined;
  mendFromTold(draft, [told.tokens]);
  const ticket = told.tokens.find((token) => token.kind === "word" && ticketShape.test(token.text))?.text;
  if (ticket !== undefined) draft.reason ??= ticket;
  return draft;
}

/** "helpdesk here, ...": who asks. */
function isIntroduction(tokens: readonly Token[]): boolean {
  const said = tokens.filter((token) => !hasAny(token, ["polite", "filler"]) || isWord(token, "here"));
  const known = (token: Token) => token.entry !== undefined || isStrongName(token) || token.kind !== "word";
  return said.length > 1 && said.length <= 3 && isWord(said.at(-1), "here") && !said.slice(0, -1).some(known);
}

function requestBefore(asked: Sentence, rest: Sentence, text: string): RequestDraft | undefined {
  const explains = isContext(rest, false);
  if (!explains && !isUrging(rest.tokens) && !has(rest.tokens[0], "condition")) return undefined;
  const draft = readRequest(asked.tokens, text, rest.courteous);
  doubtQuestion(draft, { ...asked, question: rest.question });
  if (explains && draft.breakGlass && draft.reason === undefined && endsInBreakGlass(asked.tokens))
    draft.reason = wordsOf(rest.tokens, text);
  const bounded = draft.revertAfter !== undefined && isMeanwhile(rest.tokens);
  if (!explains && !isUrging(rest.tokens) && !bounded) return undefined;
  return draft.actions.some((action) => action.verb !== undefined) && isComplete(draft) ? draft : undefined;
}

/** "..., break glass, prod is down": what directly follows is why. */
function endsInBreakGlass(tokens: readonly Token[]): boolean {
  const last = tokens.findLastIndex((token) => !isSign(token) && !hasAny(token, ["polite", "filler"]));
  return has(tokens[last], "breakGlass");
}

function wordsOf(tokens: readonly Token[], text: string): string {
  const said = tokens.filter(({ kind }) => kind !== "close" && kind !== "open");
  return text.slice(said[0]?.start, said.at(-1)?.end).trim();
}

/** "..., prod is down, for 2 hours": the last words say how, and those before them are judged without them. */
function readWithMark(sentence: Sentence, text: string): RequestDraft | undefined {
  const { tokens } = sentence;
  const sign = tokens.findLastIndex(isSign);
  const tail = tokens.slice(sign + 1);
  const end =
    sign > 0
      ? markEnd(
          tail,
          tail.findIndex((token) => !hasAny(token, ["filler", "and"])),
        )
      : undefined;
  const marks = end !== undefined && fieldEnd(tail, 0) === end;
  const gives = !marks && sign > 0 && hasAny(tail[0], ["reason", "reasonNoun"]);
  if ((!marks && !gives) || tokens.length > longestCut) return undefined;
  const asked = { ...sentence, tokens: tokens.slice(0, sign) };
  const draft = readBare(asked, text) ?? cutContext(asked, text);
  const mark = readRequest(tail, text);
  if (draft === undefined || mark.issues.length > 0 || mark.actions.length > 0) return undefined;
  if (gives && (mark.reason === undefined || draft.reason !== undefined)) return undefined;
  draft.dryRun ||= mark.dryRun;
  draft.breakGlass ||= mark.breakGlass;
  if (mark.reason !== undefined) draft.reason = mark.reason;
  if (mark.revertAfter === undefined) return draft;
  if (draft.revertAfter !== undefined && draft.revertAfter !== mark.revertAfter) return undefined;
  draft.revertAfter = mark.revertAfter;
  return draft;
}

/** A request that is clean as it stands, or before an explanation. */
function readBare(sentence: Sentence, text: string): RequestDraft | undefined {
  const { tokens } = sentence;
  const draft = readRequest(tokens, text, sentence.courteous);
  doubtQuestion(draft, sentence);
  const asks = (one: RequestDraft) => one.actions.some((action) => action.verb !== undefined);
  if (isClean(draft)) return asks(draft) ? draft : undefined;
  let tries = 0;
  for (const [index, token] of tokens.entries()) {
    const sign = token.kind !== "colon" && cutsBehind(token);
    if ((!sign && !opensExplanation(token)) || index === 0 || ++tries > mostInnerCuts) continue;
    const told = { ...sentence, tokens: tokens.slice(0, index), question: false };
    const cut = requestBefore(told, { ...sentence, tokens: tokens.slice(sign ? index + 1 : index) }, text);
    if (cut !== undefined) return cut;
  }
  return undefined;
}

/** Nothing is missing, not even what another sentence could tell: what follows can only explain. */
function isComplete(draft: RequestDraft): boolean {
  return draft.issues.length === 0 && settleRequest(draft).issues.length === 0;
}
