import type { ClarifyCode } from "../domain/command.ts";
import type { Act } from "./act-head.ts";
import type { Mild } from "./explanation-words.ts";
import type { Issue } from "./request.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

/** Words that take something back even inside a reason. */
export const retracting =
  /^(no wait|no no|never ?mind|nvm|scratch|strike that|forget it|forget that|just kidding|kidding|joke|jk|wait|actually no|actually not|hold on|lol|lmao|rofl|haha|cancel that|stop|ignore|disregard|hypothetically|for example|changed my mind|i take that back|on second thought|second thoughts)/;

/** Whose words they are, or how sure somebody is: no reason for anything. */
const hearsay = new Set(
  `put said says say asked wrote written claim claims claimed allegedly apparently supposedly reckon guess dunno idk tbd tbc draft
   proposal theory theoretically principle conceptually example eg e.g docs ticket quote unquote decides call discretion
   choice demand confirmed decided discussed cold feet`.split(/\s+/),
);

/** Words that say that there is nothing to decide any more. */
const settled = new Set(
  `done completed finished closed resolved fixed solved obsolete outdated superseded expired void n/a rolled reverted undone
   reversed inverted excluded untouched disabled off cancelled canceled withdrawn rejected denied refused rejects denies
   declines declined refuses vetoes vetoed cancels withdrew`.split(/\s+/),
);

/** Prepositions behind a comma: they bound or aim the act, and are no reason for it. */
const bounding = new Set(
  `in on at from until upon after following with as like unlike via through to during between within by over under post
   given rather better namely aka meaning see same vice twice etc where next starting beginning including concerning regarding about`.split(
    " ",
  ),
);

const binding = [
  "if",
  "unless",
  "until",
  "when",
  "once",
  "only",
  "except",
  "or",
  "instead",
  "maybe",
  "not yet",
];

type Judged = { act: Act; mild: Mild };

/**
 * Why words behind "approve CR-3, ..." are no reason, when they are none. Whoever rejects may give any; for all other
 * acts nothing may be in them that could bind, bound, take back or aim what is done.
 */
export function spoilsReason(rest: readonly Token[], { act, mild }: Judged): Issue | undefined {
  const strict = act !== "reject" && act !== "withdraw";
  const [first] = rest;
  const issue = (code: ClarifyCode, token: Token): Issue => ({ code, words: token.text });
  if (first !== undefined) {
    if (has(first, "and") || isWord(first, "then", "also")) return issue("several-requests", first);
    const aimed = isOneOf(first, bounding) || (isWord(first, "for") && !isPurpose(rest));
    if (strict && aimed) return issue("condition", first);
    // "[done]": how it stands.
    const state = act !== "cancel" && act !== "reject" && isOneOf(first, settled);
    if (state && rest.slice(1).every(({ kind }) => kind !== "word")) return issue("not-a-request", first);
    if (rest.every((token) => isMoment(token, rest))) return issue("scheduling", first);
  }
  for (const [index, token] of rest.entries()) {
    // "extend ..., not finished yet": to go on is what is asked for.
    const unfinished =
      act === "extend" &&
      isWord(token, "not", "isn't", "aren't", "isnt", "arent") &&
      isWord(rest[index + 1], "finished", "done", "complete", "completed", "over", "through");
    if (unfinished) continue;
    if (retracting.test(token.lower) || has(token, "hostile")) return issue("taken-back", token);
    const mildly = isOneOf(token, mild);
    if (strict && isWord(token, "keep", "leave", "stay", "stays")) return issue("taken-back", token);
    if (
      strict &&
      !mildly &&
      (isOneOf(token, hearsay) || isWord(token, "wrong", "mistake", "my mistake", "my bad"))
    )
      return issue("taken-back", token);
    const slip =
      (has(token, "takeBack") && !(isWord(token, "testing") && index > 0)) ||
      /^mis(?:typed|spoke|clicked|spelled|spelt|understood|took|remembered|heard|judged|named)$/.test(
        token.lower,
      );
    if (strict && !mildly && slip) return issue("taken-back", token);
    const opposed = isOneOf(token, settled) || token.entry?.act?.form === "past";
    if (strict && !mildly && opposed && !sameAct(token, act)) return issue("not-a-request", token);
    const bound = isWord(token, ...binding);
    if (bound || (strict && hasAny(token, ["condition", "but", "doubt", "negation", "only", "or", "later"])))
      return issue("condition", token);
    if (strict && token.kind === "time") return issue("scheduling", token);
    if (token.kind === "change" || (startsOrder(rest, index) && ordersElse(token, rest[index + 1], act)))
      return issue("several-requests", token);
  }
  return undefined;
}

/** "approve CR-3, approved by the CAB". */
function sameAct(token: Token, act: Act): boolean {
  return token.entry?.act?.act === act;
}

/** "for the audit": not for a slot, an app or a length of time. */
function isPurpose(rest: readonly Token[]): boolean {
  return (
    isWord(rest[1], "the", "our", "my", "this", "your", "their") &&
    !rest.some((token) =>
      hasAny(token, ["slot", "app", "environment", "later", "unit", "group", "subscription"]),
    )
  );
}

/** "tomorrow", "in 5 minutes", "after lunch": when, and nothing of why. */
function isMoment(token: Token, rest: readonly Token[]): boolean {
  const timed = rest.some((other) => other.kind === "time" || has(other, "later") || has(other, "unit"));
  return (
    timed &&
    (token.kind === "time" ||
      token.kind === "number" ||
      hasAny(token, ["later", "unit", "amount", "determiner", "filler", "polite"]) ||
      isWord(
        token,
        "in",
        "at",
        "on",
        "after",
        "before",
        "by",
        "from",
        "until",
        "till",
        "during",
        "over",
        "around",
        "morning",
      ))
  );
}

/** Whether a verb at this place would be an order of its own, and not the noun "freeze" or "end". */
function startsOrder(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  return before === undefined || before.kind !== "word" || hasAny(before, ["and", "polite"]);
}

/** "roll it back", "turn it off", "cancel CR-4". */
function ordersElse(token: Token, next: Token | undefined, act: Act): boolean {
  if (token.entry?.act?.form === "base" && token.entry.act.act !== act) return true;
  const verb = token.entry?.verb;
  const object = next === undefined || hasAny(next, ["pronoun", "on", "off"]);
  return (
    isWord(token, "roll", "restart", "reboot", "delete", "email", "tell", "ask", "ping") ||
    (verb?.forms.has("base") === true && object && verb.lemma !== "check")
  );
}
