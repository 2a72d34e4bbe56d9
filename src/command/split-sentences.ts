import { has, hasAny, isOneOf, type Token } from "./token.ts";

export type Sentence = { tokens: readonly Token[]; question: boolean };

const runningOn = new Set([
  "for",
  "on",
  "of",
  "in",
  "to",
  "through",
  "over",
  "via",
  "and",
  "with",
  "from",
  "because",
]);

/** Whether a sentence goes on in the next line: a list, or a line that begins or ends in the middle of one. */
function goesOn(tokens: readonly Token[], line: number): boolean {
  let after = line;
  while (tokens[after]?.kind === "line" || tokens[after]?.kind === "fence") after++;
  let before = line;
  while (tokens[before]?.kind === "line" || tokens[before]?.kind === "fence") before--;
  const next = tokens[after];
  const last = tokens[before];
  if (next === undefined || last === undefined) return false;
  if (last.kind === "colon" || last.kind === "comma") return true;
  if (last.kind === "stop") return false;
  return (
    next.kind === "bullet" ||
    next.kind === "dash" ||
    isOneOf(last, runningOn) ||
    hasAny(last, ["all", "determiner"]) ||
    isOneOf(next, runningOn) ||
    has(next, "reason")
  );
}

/** A line break that begins an item of a list separates; one in the middle of a phrase does not. */
function startsItem(tokens: readonly Token[], line: number): boolean {
  const next = tokens[line + 1];
  const last = tokens[line - 1];
  return next?.kind === "bullet" || next?.kind === "dash" || last?.kind === "colon" || last?.kind === "comma";
}

/** Cuts a message into sentences; a question mark belongs to the sentence before it. */
export function splitSentences(tokens: readonly Token[]): Sentence[] {
  const sentences: Sentence[] = [];
  let current: Token[] = [];
  const close = (question: boolean) => {
    if (current.length > 0) sentences.push({ tokens: current, question });
    else if (question) {
      const last = sentences.at(-1);
      if (last === undefined) sentences.push({ tokens: [], question });
      else last.question = true;
    }
    current = [];
  };
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "stop") close(token.text === "?");
    else if (token.kind !== "line") current.push(token);
    else if (!goesOn(tokens, index)) close(false);
    else if (current.length > 0 && startsItem(tokens, index)) current.push(token);
  }
  close(false);
  return sentences;
}

/** Nothing but courtesy: no part of any command. */
export function isSmallTalk(tokens: readonly Token[]): boolean {
  // "1.", "2.": the number of an item.
  if (tokens.length === 1 && tokens[0]?.kind === "number") return true;
  return tokens.every((token, index) => {
    if (token.kind !== "word")
      return ![
        "number",
        "change",
        "assignment",
        "host",
        "arm",
        "broadcast",
        "junk",
        "time",
        "equals",
      ].includes(token.kind);
    if (hasAny(token, ["hostile", "takeBack", "negation"])) return false;
    return hasAny(token, ["polite", "filler"]) || isAddressed(tokens, index);
  });
}

const greetings = new Set([
  "hi",
  "hello",
  "hey",
  "dear",
  "hiya",
  "morning",
  "good morning",
  "thanks",
  "thank you",
  "cheers",
  "thx",
  "ty",
  "regards",
  "best regards",
  "kind regards",
  "warm regards",
  "many thanks",
  "thanks in advance",
  "thank you in advance",
]);

/** A name after a greeting, or under a thank-you. */
export function isAddressed(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token?.kind !== "word" || token.entry !== undefined || token.corrected || /[^\p{L}]/u.test(token.text))
    return false;
  const before = tokens[index - 1];
  const greeted = isOneOf(before, greetings);
  const closing = tokens.slice(0, index).some((other) => isOneOf(other, greetings));
  const signed =
    before?.kind === "comma" &&
    closing &&
    hasAny(tokens[index - 2], ["polite"]) &&
    index === tokens.length - 1;
  const next = tokens[index + 1];
  const apart = next === undefined || next.kind !== "word" || hasAny(next, ["polite", "ask"]);
  return (greeted && apart && index <= 2) || signed;
}
