import { fieldEnd, isSign } from "./read-field.ts";
import { readDuration } from "./read-limits.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

export type ReasonPhrase = { reason: string; end: number; revertAfter?: string };

/** `cuts`: the reason ends where, behind a sign, a field of the request follows. */
type Request = { tokens: readonly Token[]; from: number; text: string; cuts?: true };

/** Where the reason itself starts, when `from` opens one. */
function reasonStart(tokens: readonly Token[], from: number): number | undefined {
  const token = tokens[from];
  // "as requested by ..." is a reason as it stands.
  if (
    has(token, "reason") &&
    /^(as (?!per)|requested|per request|on (the )?request|at (the )?request)/.test(token?.lower ?? "")
  )
    return from;
  // "cause for concern".
  if (isWord(token, "cause") && !hasAny(tokens[from + 1], ["subject", "determiner", "pronoun", "be"]))
    return undefined;
  if (has(token, "reason"))
    return isWord(tokens[from + 1], "of", "to") ? from + 2 : skipSigns(tokens, from + 1);
  if (has(token, "reasonNoun")) {
    const sign = tokens[from + 1];
    const marked =
      sign?.kind === "colon" ||
      sign?.kind === "equals" ||
      sign?.kind === "dash" ||
      isWord(sign, "is", "being", "-");
    if (marked) return skipSigns(tokens, from + 2);
    const apart = ["comma", "dash", "open"].includes(tokens[from - 1]?.kind ?? "");
    return apart && sign?.kind === "word" ? from + 1 : undefined;
  }
  if (isWord(token, "see", "cf", "per") && ticketShape.test(tokens[from + 1]?.text ?? "")) return from + 1;
  if (has(token, "ticket") && (tokens[from + 1]?.kind === "word" || tokens[from + 1]?.kind === "colon")) {
    const at = tokens[from + 1]?.kind === "colon" ? from + 2 : from + 1;
    return ticketShape.test(tokens[at]?.text ?? "") ? at : undefined;
  }
  return undefined;
}

/** Ids of ticket systems. */
export const ticketShape = /^(inc|chg|req|ritm|task|jira|prb|bug|cab|ops|sec|itsm|snow)[-_#]?\d+$/i;

function skipSigns(tokens: readonly Token[], from: number): number {
  let index = from;
  while (["colon", "equals", "dash", "comma"].includes(tokens[index]?.kind ?? "")) index++;
  return index;
}

/**
 * Reads a reason up to the end of the sentence. A length of time at its end is taken for the limit of the change,
 * unless the reason is a sentence of its own ("because it has been down for 2 hours").
 */
export function readReason(request: Request): ReasonPhrase | undefined {
  const { tokens, from, text } = request;
  const start = reasonStart(tokens, from);
  if (start === undefined) return undefined;
  const first = tokens[start];
  if (first === undefined) return { reason: "", end: tokens.length };
  if (
    (has(tokens[from], "ticket") || isWord(tokens[from], "see", "cf", "per")) &&
    ticketShape.test(first.text)
  )
    return { reason: first.text, end: start + 1 };
  const end = request.cuts === true ? reasonEnd(tokens, start + 1) : tokens.length;
  let last = end - 1;
  let revertAfter: string | undefined;
  for (let index = start + 1; index < end; index++) {
    if (!isWord(tokens[index], "for") && !has(tokens[index], "temporarily")) continue;
    const duration = readDuration(tokens, index + 1);
    if (duration === undefined || skipPolite(tokens, duration.end) < end) continue;
    const told = tokens
      .slice(start, index)
      .some(
        (token) => hasAny(token, ["be", "modal", "subject", "negation"]) || /(ed|ing)$/.test(token.lower),
      );
    if (told || duration.iso === undefined) continue;
    revertAfter = duration.iso;
    last = index - 1;
    break;
  }
  while (last > start && (hasPoliteness(tokens[last]) || tokens[last]?.kind === "comma")) last--;
  const raw = text.slice(first.start, tokens[last]?.end ?? first.end);
  const reason = raw.replace(/[\uE000-\uE005]/g, "").trim();
  return revertAfter === undefined
    ? { reason: balanced(reason), end }
    : { reason: balanced(reason), end, revertAfter };
}

/** "because prod is down, for 2 hours": the sign before the first field behind it, else the end. */
export function reasonEnd(tokens: readonly Token[], from: number): number {
  for (let index = from; index < tokens.length; index++)
    if (isSign(tokens[index]) && fieldEnd(tokens, index + 1) !== undefined) return index;
  return tokens.length;
}

/** Without the bracket or the quotation marks around the whole reason. */
function balanced(text: string): string {
  const quoted = /^(["'])([^"']*)\1$/.exec(text)?.[2];
  const lone = (text.match(/"/g) ?? []).length === 1;
  const reason = (quoted ?? (lone ? text.replace('"', "") : text)).trim();
  if (reason.endsWith("]") && !reason.includes("[")) return reason.slice(0, -1).trim();
  return reason.endsWith(")") && !reason.includes("(") ? reason.slice(0, -1).trim() : reason;
}

function hasPoliteness(token: Token | undefined): boolean {
  return isWord(
    token,
    "please",
    "pls",
    "plz",
    "thanks",
    "thx",
    "thank you",
    "ty",
    "cheers",
    "many thanks",
    "thanks in advance",
  );
}

function skipPolite(tokens: readonly Token[], from: number): number {
  let index = from;
  while (hasPoliteness(tokens[index]) || tokens[index]?.kind === "comma") index++;
  return index;
}
