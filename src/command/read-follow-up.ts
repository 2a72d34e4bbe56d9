import type { ParsedCommand, PartialRequest } from "../domain/command.ts";
import { clarify } from "./clarify.ts";
import { readTargets } from "./read-targets.ts";
import type { Sentence } from "./split-sentences.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

type Tokens = readonly Token[];

/**
 * "Do the same for app-y", "reverse it", "the opposite for app-y": what only the conversation can complete. It is asked
 * back, with what was understood; every word of the sentence has to belong to it.
 */
export function readFollowUp({ tokens, question }: Sentence): ParsedCommand | undefined {
  if ((question && !tokens.some((token) => has(token, "ask"))) || tokens.length > 24) return undefined;
  const start = skipLead(tokens);
  const word = readWord(tokens, start);
  if (word === undefined) return undefined;
  let end = word.end;
  const led = isWord(tokens[end], "for", "on", "to", "of", "with");
  if (led) end++;
  const named = led ? readTargets(tokens, { from: end, led: true }) : undefined;
  if (led && (named === undefined || named.issue !== undefined)) return undefined;
  if (named !== undefined) end = named.end;
  if (!tokens.slice(end).every(isIdle)) return undefined;
  const targets = named?.targets ?? [];
  // "the same" alone says nothing that was not said.
  if (targets.length === 0 && !word.opposite) return undefined;
  const partial: PartialRequest = {
    ...(targets.length === 0 ? {} : { targets }),
    ...(word.opposite ? { opposite: true as const, pointsBack: true as const } : { same: true as const }),
  };
  const words = tokens.map(({ text }) => text).join(" ");
  const code = targets.length === 0 ? "missing-target" : "missing-flag";
  return {
    command: clarify({ issue: { code, words }, targets, partial }),
    explanation: [
      { words, meaning: word.opposite ? "the opposite of what was said before" : "the same as before" },
    ],
  };
}

function isIdle(token: Token | undefined): boolean {
  return (
    token?.kind === "comma" ||
    hasAny(token, ["polite", "filler"]) ||
    isWord(token, "too", "as well", "likewise")
  );
}

/** Courtesy, "and", "can you", "do". */
function skipLead(tokens: Tokens): number {
  let index = 0;
  while (
    isIdle(tokens[index]) ||
    hasAny(tokens[index], ["and", "ask", "want", "lets"]) ||
    isWord(tokens[index], "do", "make", "apply")
  )
    index++;
  return index;
}

function readWord(tokens: Tokens, from: number): { opposite: boolean; end: number } | undefined {
  let index = from;
  if (isWord(tokens[index], "reverse", "invert") && isWord(tokens[index + 1], "it", "that", "this"))
    return { opposite: true, end: index + 2 };
  if (isWord(tokens[index], "the same", "same")) {
    const thing = isWord(tokens[index + 1], "thing", "change") || has(tokens[index + 1], "feature");
    return { opposite: false, end: thing ? index + 2 : index + 1 };
  }
  while (has(tokens[index], "determiner") || isWord(tokens[index], "exact", "exactly")) index++;
  if (isWord(tokens[index], "opposite", "reverse", "contrary", "inverse"))
    return { opposite: true, end: index + 1 };
  if (isWord(tokens[index], "same")) return { opposite: false, end: index + 1 };
  return undefined;
}
