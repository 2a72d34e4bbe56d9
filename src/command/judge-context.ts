import { isFlagWord } from "./read-flags.ts";
import { looksLikeGroup } from "./read-scope.ts";
import type { Sentence } from "./split-sentences.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

/**
 * Whether a sentence beside a request only tells about the situation. After a request little is allowed, since a later
 * sentence can take back or bound what was asked ("Only for the slot."); before one, a bit more.
 */
export function isContext(sentence: Sentence, before: boolean): boolean {
  const { tokens, question } = sentence;
  const first = tokens.find((token) => token.kind !== "comma" && !hasAny(token, ["polite", "filler"]));
  if (question || first === undefined || tokens.length < 3 || tokens.at(-1)?.kind === "colon") return false;
  if (tokens.some((token) => unspoken.has(token.kind) || bounds(token))) return false;
  if (!tellsSomething(tokens)) return false;
  // "All traffic needs to go through the vnet", "we need image pull as well": more is wanted.
  const wanted = tokens.some((token) => has(token, "want")) && tokens.some(isFlagWord);
  if (wanted && (!before || tokens.some((token) => hasAny(token, ["vnet", "public", "on", "off"]))))
    return false;
  return before ? opensStory(first) && tellsBefore(tokens, first) : tellsAfter(tokens, first);
}

const unspoken = new Set(["junk", "broadcast", "assignment", "quote", "change"]);

/** Where something is, whether it is meant, and who said it bound a request wherever they are told. */
function bounds(token: Token): boolean {
  return (
    (has(token, "doubt") && !isWord(token, "has to", "have to")) ||
    hasAny(token, [
      "slot",
      "group",
      "subscription",
      "environment",

      "hostile",
      "reported",
      "or",
      "inbound",
    ]) ||
    looksLikeGroup(token) ||
    (has(token, "condition") && !isWord(token, "first", "last", "soon", ...telling))
  );
}

/** Conjunctions that only join what is told; at the beginning they would bind what follows. */
const telling = ["when", "while", "after", "before", "whenever", "though", "although", "however"];

function tellsSomething(tokens: readonly Token[]): boolean {
  return tokens.some(
    (token) =>
      hasAny(token, ["be", "modal", "want", "negation", "told", "past"]) ||
      token.entry?.act?.form === "past" ||
      isWord(token, "have", "use", "run", "move") ||
      token.entry?.verb?.forms.has("third") === true ||
      token.entry?.verb?.forms.has("past") === true ||
      (token.entry === undefined && /(?:ed|ing|s)$/.test(token.lower)),
  );
}

function opensStory(first: Token): boolean {
  if (first.kind !== "word" && first.kind !== "host") return false;
  if (hasAny(first, ["negation", "condition", "ask", "reason", "only", "takeBack", "later"])) return false;
  const orders = first.entry?.verb?.forms.has("base") === true && !hasAny(first, ["be", "modal", "pull"]);
  return !orders && first.entry?.act?.form !== "base" && !isWord(first, "you", "u", "ya");
}

function tellsBefore(tokens: readonly Token[], first: Token): boolean {
  return tokens.every((token, index) => {
    if (token.entry?.act !== undefined && token.entry.act.form === "base") return false;
    if (has(token, "takeBack") && !isWord(token, "wrong", "mistake")) return false;
    if (has(token, "only") && token === first) return false;
    return !isOrder(token) || hasSubject(tokens, index);
  });
}

/** Whether somebody or something is said to do what the verb at this place says: "we use", "the app has to route". */
function hasSubject(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  if (before?.kind !== "word" || hasAny(before, ["and", "but", "polite", "filler", "ask", "lets", "later"]))
    return false;
  return tokens
    .slice(0, index)
    .some(
      (token) =>
        hasAny(token, ["subject", "determiner", "modal", "be"]) || isWord(token, "to", "has to", "have to"),
    );
}

function isOrder(token: Token): boolean {
  const verb = token.entry?.verb;
  return (
    verb?.forms.has("base") === true &&
    verb.class !== "go" &&
    !verb.forms.has("past") &&
    !hasAny(token, ["be", "modal", "pull", "feature"])
  );
}

const more = [
  "too",
  "also",
  "as well",
  "same",
  "again",
  "instead",
  "both",
  "on",
  "off",
  "same app",
  "then",
  "next",
];

function tellsAfter(tokens: readonly Token[], first: Token): boolean {
  const opens = hasAny(first, ["subject", "determiner", "be", "pronoun", "want"]);
  if (!opens || isWord(first, "you", "u", "ya")) return false;
  return !tokens.some((token) => {
    if (isWord(token, ...telling)) return true;
    if (hasAny(token, ["negation", "but", "later", "takeBack", "only", "and"]) || isWord(token, ...more))
      return true;
    if (token.entry?.act !== undefined && !isWord(token, "approved")) return true;
    if (token.kind === "host" || token.kind === "arm" || token.kind === "time") return true;
    const named =
      token.entry === undefined && /[-\d]/.test(token.text) && !/^[A-Z]+[-_]?\d+$/.test(token.text);
    return (token.kind === "word" && named) || (isOrder(token) && token.entry?.verb?.class !== "cause");
  });
}
