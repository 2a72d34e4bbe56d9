import type { ClarifyCode, Command } from "../domain/command.ts";
import type { Act, Head, Sentence } from "./act-head.ts";
import { conclusions, extensions, type Mild, noMild, regrets } from "./explanation-words.ts";
import { tellsSomething } from "./judge-context.ts";
import { isExplanation, isUrging } from "./judge-explanation.ts";
import { retracting, spoilsReason } from "./judge-free-reason.ts";
import type { Role } from "./lexicon.ts";
import { readReason } from "./read-reason.ts";
import type { Issue } from "./request.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

/** What a sentence about a change request or a freeze comes to: a command, or why it is none. */
export type ActReading = { command: Command; words: string } | { issue: Issue; act: Act };

const blocking: readonly [Role, ClarifyCode][] = [
  ["hostile", "hostile"],
  ["negation", "negation"],
  ["doubt", "doubt"],
  ["condition", "condition"],
  ["later", "scheduling"],
  ["past", "not-a-request"],
  ["reported", "not-a-request"],
  ["only", "condition"],
  ["or", "several-requests"],
  ["but", "condition"],
  ["subject", "not-a-request"],
  ["be", "not-a-request"],
];

/** A sentence, and the verb that was found in it. */
export type ActRequest = { sentence: Sentence; head: Head };

export function refuse(request: ActRequest, code: ClarifyCode, words = ""): ActReading {
  return { issue: { code, words }, act: request.head.act };
}

export function done(request: ActRequest, command: Command): ActReading {
  const last = request.sentence.tokens.at(-1);
  const first = request.sentence.tokens[0];
  return { command, words: request.sentence.text.slice(first?.start ?? 0, last?.end ?? 0) };
}

/** What follows the object: courtesy, a reason, or words that block. */
export function readTail(
  request: ActRequest,
  from: number,
  freeReason: boolean,
): { reason?: string } | ActReading {
  const { tokens, text } = request.sentence;
  let index = from;
  let signed = false;
  while (index < tokens.length) {
    const token = tokens[index];
    if (token === undefined) break;
    const reason = readReason({ tokens, from: index, text });
    const told = tokens.slice(index + 1);
    const clause =
      isWord(token, "as", "since") &&
      freeReason &&
      (has(told[0], "subject") || tellsSomething(told)) &&
      !told.some((word) => isWord(word, "put", "puts"));
    if (reason !== undefined || clause) {
      const retracted = tokens
        .slice(index)
        .find((word) => retracting.test(word.lower) || has(word, "hostile"));
      if (retracted !== undefined) return refuse(request, "taken-back", retracted.text);
      return { reason: reason?.reason ?? restOf(request, index + 1) };
    }
    const rest = tokens.slice(index);
    if (freeReason && isUrging(rest)) return {};
    // "undo CR-3 is needed": without a sign or a subject it is said of the act.
    const unfinished = request.head.act === "end" && rest.some((word) => has(word, "negation"));
    if (unfinished && !rest.some((word) => isWord(word, "need", "needed")))
      return refuse(request, "negation", token.text);
    const said =
      signed ||
      (request.head.act === "end" && isWord(token, "were")) ||
      !hasAny(token, ["be", "modal"]) ||
      hasAny(token, ["subject", "pronoun"]) ||
      isWord(token, "it's", "its");
    if (
      freeReason &&
      said &&
      token.kind === "word" &&
      !has(token, "polite") &&
      isExplanation(rest, mildOf(request.head.act))
    )
      return { reason: restOf(request, index) };
    if (signed && freeReason && has(token, "filler")) return readFreeReason(request, index);
    if (
      hasAny(token, ["polite", "filler"]) ||
      token.kind === "code" ||
      token.kind === "fence" ||
      token.kind === "close" ||
      isWord(token, "early", "lgtm", "looks", "good")
    )
      index++;
    else if (
      token.kind === "comma" ||
      token.kind === "dash" ||
      token.kind === "colon" ||
      token.kind === "open" ||
      isWord(token, "-")
    ) {
      signed = true;
      index++;
    } else if (
      signed &&
      freeReason &&
      (token.kind === "word" || token.kind === "quote" || isCount(tokens, index))
    )
      return readFreeReason(request, index);
    else return blockedBy(request, token);
  }
  return {};
}

export function restOf(request: ActRequest, from: number): string {
  const { tokens, text } = request.sentence;
  return text
    .slice(tokens[from]?.start ?? text.length, tokens.at(-1)?.end ?? text.length)
    .replace(/^["']+|["')]+$/g, "")
    .trim();
}

/** "502 errors": a number that is no length of time. */
function isCount(tokens: readonly Token[], index: number): boolean {
  return (
    tokens[index]?.kind === "number" && (!has(tokens[index + 1], "unit") || tokens[index + 1]?.lower === "s")
  );
}

function readFreeReason(request: ActRequest, from: number): { reason: string } | ActReading {
  const { act } = request.head;
  const rest = request.sentence.tokens.slice(from);
  const spoiled = namesOther(rest) ? undefined : spoilsReason(rest, { act, mild: mildOf(act) });
  return spoiled === undefined ? { reason: restOf(request, from) } : { issue: spoiled, act };
}

function mildOf(act: Act): Mild {
  if (act === "cancel" || act === "reject" || act === "undo" || act === "withdraw") return regrets;
  if (act === "extend") return extensions;
  return act === "end" || act === "unfreeze" ? conclusions : noMild;
}

/** "duplicate of CR-21": another request, named as the reason only. */
function namesOther(rest: readonly Token[]): boolean {
  let index = 0;
  while (hasAny(rest[index], ["determiner", "filler"]) || isWord(rest[index], "is", "it's", "its", "it"))
    index++;
  if (
    !isWord(
      rest[index],
      "duplicate",
      "dup",
      "dupe",
      "copy",
      "superseded",
      "replaced",
      "duplicates",
      "see",
      "covered",
    )
  )
    return false;
  index++;
  while (isWord(rest[index], "of", "by", "in", "with", "see")) index++;
  return (
    rest[index]?.kind === "change" &&
    rest.slice(index + 1).every((token) => hasAny(token, ["polite"]) || token.kind === "close")
  );
}

export function blockedBy(request: ActRequest, token: Token): ActReading {
  if (retracting.test(token.lower)) return refuse(request, "taken-back", token.text);
  const found = blocking.find(([role]) => has(token, role));
  if (has(token, "and") || token.kind === "change") return refuse(request, "several-requests", token.text);
  if (token.kind === "time") return refuse(request, "scheduling", token.text);
  return refuse(
    request,
    found?.[1] ?? (has(token, "takeBack") ? "taken-back" : "unplaced-words"),
    token.text,
  );
}
