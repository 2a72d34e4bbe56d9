import { readDuration, readHold } from "./read-limits.ts";
import { readScopes } from "./read-scope.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

/** Signs behind which something new may be said. */
export function isSign(token: Token | undefined): boolean {
  return token !== undefined && ["comma", "dash", "open"].includes(token.kind);
}

/**
 * Where the words end that carry a field of a request ("for 2 hours", "dry run", "slot staging", "in rg-x"), when such
 * words, and nothing else up to the next sign, stand here.
 */
export function fieldEnd(tokens: readonly Token[], from: number): number | undefined {
  let index = from;
  while (hasAny(tokens[index], ["filler", "polite", "and"])) index++;
  const end = markEnd(tokens, index) ?? placeEnd(tokens, index);
  if (end === undefined) return undefined;
  let after = end;
  while (hasAny(tokens[after], ["filler", "polite"]) || tokens[after]?.kind === "close") after++;
  return tokens[after] === undefined || isSign(tokens[after]) ? end : undefined;
}

/** What may also be said behind an explanation: how it is to be done, and how long it is to hold. */
export function markEnd(tokens: readonly Token[], from: number): number | undefined {
  if (hasAny(tokens[from], ["breakGlass", "dryRun"])) return from + 1;
  const hold = readHold(tokens, from);
  return hold?.iso === undefined ? undefined : hold.end;
}

function placeEnd(tokens: readonly Token[], from: number): number | undefined {
  const slot = lateSlot(tokens, from);
  if (slot !== undefined) return slot.end;
  // "(3 days)".
  const time = tokens[from]?.kind === "number" ? readDuration(tokens, from) : undefined;
  if (time?.iso !== undefined) return time.end;
  const scope = readScopes(tokens, from);
  return scope.end > from && scope.ambiguous !== true ? scope.end : undefined;
}

/** "slot staging", "on the staging slot": a slot apart from its site. */
export function lateSlot(tokens: readonly Token[], from: number): { slot: string; end: number } | undefined {
  let index = from;
  if (isWord(tokens[index], "on", "in", "for", "of")) index++;
  if (has(tokens[index], "determiner")) index++;
  const first = tokens[index];
  const second = tokens[index + 1];
  if (isWord(first, "slot") && second?.kind === "colon" && tokens[index + 2]?.kind === "word")
    return namedSlot(tokens[index + 2], index + 3);
  if (isWord(first, "slot") && second?.kind === "word") return namedSlot(second, index + 2);
  return isWord(second, "slot") && first?.kind === "word" ? namedSlot(first, index + 2) : undefined;
}

const unnamed = new Set(
  "for on of in to as with other another new old same right wrong next previous first last swap swaps correct default".split(
    " ",
  ),
);

function namedSlot(token: Token | undefined, end: number): { slot: string; end: number } | undefined {
  const name = token !== undefined && !token.possessive && /^[a-z0-9][a-z0-9-]{0,58}$/i.test(token.text);
  const ours =
    hasAny(token, [
      "polite",
      "and",
      "or",
      "all",
      "only",
      "determiner",
      "pronoun",
      "be",
      "modal",
      "both",
      "negation",
      "condition",
      "feature",
      "which",
    ]) || isOneOf(token, unnamed);
  return name && !ours ? { slot: token.text, end } : undefined;
}
