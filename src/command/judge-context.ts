import type { Mild } from "./explanation-words.ts";
import { isExplanation } from "./judge-explanation.ts";
import { isFlagWord } from "./read-flags.ts";
import { ticketShape } from "./read-reason.ts";
import { looksLikeGroup } from "./read-scope.ts";
import { isStrongName } from "./site-name.ts";
import type { Sentence } from "./split-sentences.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

/**
 * Whether a sentence beside a request only tells about the situation. After a request little is allowed, since a later
 * sentence can take back or bound what was asked ("Only for the slot."); before one, a bit more.
 */
export function isContext(sentence: Sentence, before: boolean, mild?: Mild): boolean {
  const { tokens, question } = sentence;
  const first = tokens.find(
    (token) => token.kind !== "comma" && token.kind !== "line" && !hasAny(token, ["polite", "filler"]),
  );
  if (question || first === undefined || tokens.at(-1)?.kind === "colon") return false;
  if (!before) return isExplanation(tokens, mild) && !wantsMore(tokens, before);
  if (isOccasion(tokens) || isSlip(tokens)) return true;
  if (tokens.length < 3 || tokens.some((token) => unspoken.has(token.kind) || bounds(token))) return false;
  return (
    tellsSomething(tokens) && !wantsMore(tokens, before) && opensStory(first) && tellsBefore(tokens, first)
  );
}

const labels = new Set("decision action ticket request task ask".split(" "));

/** "IC decision: ...", "Action: ...", "Ticket INC-12: ...": what a message is, in front of it. */
export function isLabel(tokens: readonly Token[]): boolean {
  const named = tokens.some((token) => isOneOf(token, labels));
  return (
    named &&
    tokens.length <= 4 &&
    tokens.every(
      (token) =>
        hasAny(token, ["heading", "polite", "filler", "determiner", "amount"]) ||
        isOneOf(token, labels) ||
        ticketShape.test(token.text) ||
        // Who has the say: "IC", "CAB".
        (token.kind === "word" && token.entry === undefined && /^[A-Z]{2,4}$/.test(token.text)),
    )
  );
}

const advice = new Set(
  "read see check fix ask talk use resubmit rework retry try add update discuss coordinate rebase open".split(
    " ",
  ),
);

/**
 * "Read the docs first.": what somebody whose request is rejected shall do. Behind a rejection only, which no advice can
 * turn into anything that is done.
 */
export function isAdvice({ tokens, question }: Sentence): boolean {
  const first = tokens.findIndex((token) => !hasAny(token, ["polite", "filler"]));
  return (
    !question &&
    isOneOf(tokens[first], advice) &&
    tokens.every(
      (token, index) =>
        ["word", "comma", "number"].includes(token.kind) &&
        token.entry?.act === undefined &&
        !hasAny(token, ["negation", "takeBack", "hostile", "doubt", "or", "but", "only"]) &&
        (index === first || !has(token, "condition") || isWord(token, "first", "before")),
    )
  );
}

const occasions = new Set([
  "per",
  "regarding",
  "concerning",
  "re",
  "following",
  "further",
  "based",
  "as per",
  "as discussed",
  "as agreed",
  "in view of",
]);

/** "Since the registry moved we have to ...": why, in front. */
export function isCause(tokens: readonly Token[]): boolean {
  const [first, ...rest] = tokens;
  return (
    isWord(first, "since", "as", "because", "as part of", "in response to") &&
    rest.length > 1 &&
    !rest.some(
      (token) =>
        unspoken.has(token.kind) ||
        bounds(token) ||
        hasAny(token, ["negation", "takeBack", "later", "only", "but"]) ||
        isOrder(token),
    )
  );
}

/** "Per the CAB decision, ...", "With reference to INC-12, ...": what a request goes back to. */
function isOccasion(tokens: readonly Token[]): boolean {
  const [first, second, third] = tokens;
  const sake =
    isWord(first, "for") &&
    (tokens.some((token) => isWord(token, "reasons", "reason", "purposes", "sake", "compliance")) ||
      tokens.slice(1).every((token) => hasAny(token, ["vague", "determiner"])));
  const opens =
    sake ||
    isWord(first, "in order to") ||
    (isWord(first, "to") &&
      second?.kind === "word" &&
      !hasAny(second, ["determiner", "be"]) &&
      tokens.length > 2) ||
    isOneOf(first, occasions) ||
    (isWord(first, "with", "in", "on") &&
      isWord(
        second,
        "reference",
        "regard",
        "regards",
        "respect",
        "relation",
        "accordance",
        "line",
        "connection",
        "basis",
      ) &&
      isWord(third, "to", "with", "of"));
  if (!opens || tokens.length < 2) return false;
  return !tokens.some(
    (token) =>
      unspoken.has(token.kind) ||
      bounds(token) ||
      isFlagWord(token) ||
      (isStrongName(token) && !ticketShape.test(token.text) && !/^[A-Z]{2,}-?\d+$/.test(token.text)) ||
      hasAny(token, ["negation", "takeBack", "later", "only", "but", "app"]) ||
      token.entry?.act !== undefined ||
      (isOrder(token) && !isWord(token, "change", "update")),
  );
}

/** "All traffic needs to go through the vnet", "we need image pull as well": more is wanted. */
function wantsMore(tokens: readonly Token[], before: boolean): boolean {
  const wanted = tokens.some((token) => has(token, "want")) && tokens.some(isFlagWord);
  return wanted && (!before || tokens.some((token) => hasAny(token, ["vnet", "public", "on", "off"])));
}

const slips = new Set(
  "oops whoops ooops wrong mistake typo app site channel chat thread window before that was it the my one".split(
    " ",
  ),
);

/** "Oops, wrong app before.": takes back what somebody wrote earlier, not what follows. */
function isSlip(tokens: readonly Token[]): boolean {
  const told = tokens.filter(
    (token) => !hasAny(token, ["polite", "filler"]) && !["comma", "dash"].includes(token.kind),
  );
  return (
    isWord(told[0], "oops", "whoops", "ooops", "my bad", "my mistake", "wrong", "mistake") &&
    told.every((token) => isOneOf(token, slips) || isWord(token, "my bad", "my mistake"))
  );
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
      "breakGlass",
      "dryRun",
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

/** Whether there is a verb in it that tells: a clause, and no mere noun. */
export function tellsSomething(tokens: readonly Token[]): boolean {
  return tokens.some(
    (token) =>
      hasAny(token, ["be", "modal", "want", "negation", "told", "past"]) ||
      token.entry?.act?.form === "past" ||
      isWord(token, "have", "use", "run", "move", "agreed") ||
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
    return !isOrder(token) || isNoun(tokens, index) || hasSubject(tokens, index);
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

/** "the network change window": a noun before another. */
function isNoun(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  return (
    tokens[index]?.entry?.verb?.class === "cause" && before?.kind === "word" && before.entry === undefined
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
