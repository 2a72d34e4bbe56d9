import { looksLikeGroup } from "./read-scope.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

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
    next.kind === "bullet" || isOneOf(last, runningOn) || isOneOf(next, runningOn) || has(next, "reason")
  );
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
    else if (current.length > 0) current.push(token);
  }
  close(false);
  return sentences;
}

/** Nothing but courtesy: no part of any command. */
export function isSmallTalk(tokens: readonly Token[]): boolean {
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

/** A name after a greeting, or under a thank-you. */
export function isAddressed(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token?.kind !== "word" || token.entry !== undefined || token.corrected || /[^\p{L}]/u.test(token.text))
    return false;
  const before = tokens[index - 1];
  const greeted = isWord(
    before,
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
    "regards",
    "best regards",
    "kind regards",
  );
  const signed =
    before?.kind === "comma" &&
    hasAny(tokens[index - 2], ["polite"]) &&
    index === tokens.length - 1 &&
    isWord(
      tokens[index - 2],
      "thanks",
      "thank you",
      "cheers",
      "thx",
      "regards",
      "best regards",
      "kind regards",
      "ty",
      "many thanks",
      "thanks in advance",
    );
  const next = tokens[index + 1];
  const apart = next === undefined || next.kind !== "word" || hasAny(next, ["polite", "ask"]);
  return (greeted && apart && index <= 2) || signed;
}

const plainDanger = ["doubt", "takeBack", "hostile", "reported", "only", "or", "inbound"] as const;

/**
 * A statement beside a request that only tells about the situation. After a request little is allowed, since a later
 * sentence can take back or bound what was asked ("Only for the slot."); before one, a bit more.
 */
export function isContext(sentence: Sentence, before: boolean): boolean {
  const { tokens, question } = sentence;
  const first = tokens.find((token) => token.kind !== "comma" && !hasAny(token, ["polite", "filler"]));
  if (question || first === undefined || tokens.length < 3) return false;
  if (tokens.some((token) => ["junk", "broadcast", "assignment", "quote", "change"].includes(token.kind)))
    return false;
  const opens =
    hasAny(first, ["subject", "determiner", "be", "pronoun"]) ||
    isWord(first, "we're", "it's") ||
    (before && (first.kind === "word" || first.kind === "host"));
  if (
    !opens ||
    hasAny(first, ["negation", "condition", "ask", "reason"]) ||
    (isWord(first, "you", "u", "ya") && true)
  )
    return false;
  if (tokens.at(-1)?.kind === "colon") return false;
  // Where something is bounds a request wherever it is told.
  if (
    tokens.some(
      (token) => hasAny(token, ["slot", "group", "subscription", "environment"]) || looksLikeGroup(token),
    )
  )
    return false;
  const tells = tokens.some(
    (token) =>
      hasAny(token, ["be", "modal", "want", "negation", "told"]) ||
      token.entry?.verb?.forms.has("third") === true ||
      token.entry?.verb?.forms.has("past") === true ||
      /(?:ed|ing)$/.test(token.lower),
  );
  if (!tells || tokens.some((token) => hasAny(token, plainDanger) || token.entry?.act !== undefined))
    return false;
  if (tokens.some((token) => has(token, "condition") && !isWord(token, "first", "last", "soon")))
    return false;
  const ordering = tokens.some(
    (token) =>
      token.entry?.verb?.forms.has("base") === true &&
      token.entry.verb.class !== "cause" &&
      !token.entry.verb.forms.has("past") &&
      !hasAny(token, ["be", "feature", "pull"]),
  );
  if (ordering) return false;
  if (before) return true;
  if (
    tokens.some(
      (token) =>
        hasAny(token, ["negation", "but", "later"]) ||
        isWord(token, "too", "also", "as well", "same", "again", "instead", "both", "on", "off", "same app"),
    )
  )
    return false;
  return !tokens.some(
    (token) =>
      token.kind === "host" ||
      token.kind === "arm" ||
      token.kind === "time" ||
      (token.kind === "word" &&
        token.entry === undefined &&
        /[-\d]/.test(token.text) &&
        !/^[a-z]+[-_]?\d+$/i.test(token.text)),
  );
}
