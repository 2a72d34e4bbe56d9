import type { Role } from "./lexicon.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

export type Sentence = {
  tokens: readonly Token[];
  question: boolean;
  /** Another sentence of the message greets or thanks. */
  courteous: boolean;
};

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
    if (current.length > 0) sentences.push({ tokens: withAddressed(current), question, courteous: false });
    else if (question) {
      const last = sentences.at(-1);
      if (last === undefined) sentences.push({ tokens: [], question, courteous: false });
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
  const courteous = sentences.some(
    ({ tokens: all }) =>
      all.some(greets) && all.every((token) => token.kind !== "word" || hasAny(token, ["polite", "filler"])),
  );
  if (courteous) for (const sentence of sentences) sentence.courteous = true;
  return sentences;
}

/** "Hi Bob, ...", "... Regards, Jens": whoever is greeted or signs is courtesy as well. */
function withAddressed(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some(greets)) return tokens;
  return tokens.map((token, index) =>
    isAddressed(tokens, index) ? { ...token, roles: courtesy, entry: { roles: courtesy } } : token,
  );
}

const courtesy: ReadonlySet<Role> = new Set<Role>(["polite"]);

function greets(token: Token | undefined): boolean {
  return (
    has(token, "polite") &&
    !/pl[eszo]|kindly|help|sorry|if |when|needful|^for |reminder|priority/.test(token?.lower ?? "")
  );
}

/** Nothing but courtesy: no part of any command. */
export function isSmallTalk(tokens: readonly Token[]): boolean {
  // "1.", "2.": the number of an item.
  if (tokens.length === 1 && tokens[0]?.kind === "number") return true;
  // "Go.", "Over."; "Night shift here.".
  if (tokens.length === 1 && isWord(tokens[0], "go", "over")) return true;
  if (introduces(tokens)) return true;
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
    // "Many thanks and best regards".
    const joins = has(token, "and") && has(tokens[index - 1], "polite") && has(tokens[index + 1], "polite");
    return joins || hasAny(token, ["polite", "filler"]) || isAddressed(tokens, index);
  });
}

function introduces(tokens: readonly Token[]): boolean {
  const [first] = tokens;
  return (
    (tokens.length === 2 || tokens.length === 3) &&
    isWord(tokens.at(-1), "here") &&
    /^\p{Lu}/u.test(first?.text ?? "") &&
    tokens
      .slice(0, -1)
      .every((token) => token.kind === "word" && token.entry === undefined && /^\p{L}+$/u.test(token.text))
  );
}

/** A name after a greeting, or under a thank-you. */
export function isAddressed(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token?.kind !== "word" || token.entry !== undefined || token.corrected || /[^\p{L}]/u.test(token.text))
    return false;
  const before = tokens[index - 1];
  const next = tokens[index + 1];
  const apart = next === undefined || next.kind !== "word" || hasAny(next, ["polite", "ask"]);
  if (greets(before) && apart && index <= 2) return true;
  return signs(tokens, index);
}

/** "Thanks Bob", "Regards, Jens Maier". */
function signs(tokens: readonly Token[], index: number): boolean {
  const capital = (token: Token | undefined) =>
    token?.kind === "word" && token.entry === undefined && /^\p{Lu}\p{L}*$/u.test(token.text);
  let from = index;
  while (from > 0 && index - from < 2 && capital(tokens[from - 1])) from--;
  let signed = from;
  while (signed > 0 && ["comma", "dash", "line"].includes(tokens[signed - 1]?.kind ?? "")) signed--;
  const apart = signed < from;
  const closing = greets(tokens[signed - 1]);
  const last = tokens.length - from <= 3 && tokens.slice(index + 1).every(capital);
  return closing && last && (apart || capital(tokens[index]));
}
