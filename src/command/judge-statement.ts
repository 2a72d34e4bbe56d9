import {
  checked,
  describing,
  fitting,
  happened,
  happens,
  leading,
  ofTheRequest,
  purposes,
} from "./explanation-words.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

/** A subject and a verb that tells something: "the db is down", "we need it", "is urgent", "registry's dead". */
export function isStatement(tokens: readonly Token[]): boolean {
  const [first, second] = tokens;
  if (first === undefined || first.kind !== "word" || isWord(first, "you", "u", "ya", "ye")) return false;
  if (hasAny(first, ["show", "ask", "lets", "makeSure", "which", "who", "when"])) return false;
  // "is that right", "are we ready": a question without its mark.
  const asks =
    (has(first, "be") && !hasAny(first, ["subject"]) && !/^(?:it|that|there)'?s$/.test(first.lower)) ||
    (has(first, "modal") && !isWord(first, "having", "done"));
  if (asks && hasAny(second, ["subject", "pronoun", "determiner", "all"])) return false;
  if (has(first, "be"))
    return hasAny(first, ["be"]) && !isWord(first, "be", "being", "been", "keep", "stay", "remain");
  if (first.possessive)
    return isDescribed(second) || tokens.slice(2).some((token) => hasAny(token, ["be", "told"]));
  // "I'm on the phone", "tested in staging".
  if (/^(?:i'm|im|we're|they're|he's|she's)$/.test(first.lower) && isWord(second, "on", "in", "with", "at"))
    return true;
  if (isOneOf(first, checked) && second !== undefined) return true;
  // "..., debugging the login".
  if (isWord(first, "getting", "seeing"))
    return second?.kind === "number" || /\d|errors?$|timeouts?$|failures?$/.test(second?.lower ?? "");
  const doing = /^[a-z]{3,}ing$/.test(first.lower) && !isOneOf(first, leading);
  if (first.entry?.verb === undefined && first.entry?.act === undefined && doing) return true;
  // "its not needed": the apostrophe was left out.
  if (isWord(first, "its") && (hasAny(second, ["negation", "takeBack"]) || isOneOf(second, describing)))
    return true;
  const opens =
    hasAny(first, ["subject", "determiner", "pronoun", "want", "told"]) ||
    !isOrderForm(first) ||
    (has(first, "directly") && has(second, "traffic"));
  // "we need this for the audit": the subject and its verb are one idiom.
  const aims = first.lower.endsWith(" to") ? isOneOf(second, purposes) : !isUnknown(second);
  const needs = has(first, "want") && first.lower.includes(" ") && aims;
  const tells = (token: Token, index: number) =>
    index > 0 && (tellsOf(token) || (token.possessive && isDescribed(tokens[index + 1])));
  return opens && (needs || tokens.some(tells));
}

/** "registry's toast": the apostrophe stands for "is". */
function isDescribed(token: Token | undefined): boolean {
  return isOneOf(token, describing) || isOneOf(token, fitting);
}

export function isUnknown(token: Token | undefined): boolean {
  return token?.kind !== "word" || token.entry === undefined;
}

/**
 * "the registry is public again", "the release is blocked": said of a thing and not of the request, which goes by "it",
 * "this" or a word of its own.
 */
export function speaksOfThing(tokens: readonly Token[]): boolean {
  const verb = tokens.findIndex((token, index) => index > 0 && (tellsOf(token) || has(token, "modal")));
  const subject = tokens.slice(0, verb);
  const [first] = subject;
  const people = isWord(first, "everyone", "everybody", "people", "customers", "users");
  return (
    verb > 0 &&
    verb <= 5 &&
    subject.every((token) => token.kind === "word" && !isOneOf(token, ofTheRequest) && !has(token, "app")) &&
    (people || (!hasAny(first, ["subject", "be"]) && !(verb === 1 && has(first, "pronoun"))))
  );
}

export function tellsOf(token: Token): boolean {
  return (
    isOneOf(token, happens) ||
    hasAny(token, ["be", "want", "told", "negation"]) ||
    /^(?:is|are) /.test(token.lower) ||
    isWord(token, "has", "have", "had", "use", "run", "move", "get", "can't", "cant", "cannot", "approved") ||
    (token.entry?.verb?.forms.has("past") === true && isOneOf(token, happened)) ||
    isOneOf(token, checked) ||
    (token.entry?.verb?.forms.has("third") === true &&
      !hasAny(token, ["pull", "traffic"]) &&
      !hasAny(token, ["feature"])) ||
    (token.entry === undefined &&
      token.lower.length > 3 &&
      /(?:ed|ing|es|[^s]s)$/.test(token.lower) &&
      !/[-\d]/.test(token.text))
  );
}

function isOrderForm(token: Token): boolean {
  return token.entry?.verb?.forms.has("base") === true || token.entry?.act?.form === "base";
}
/** "that was ...", "it was ...": of the request itself, and of another time. */
export function saysOfRequest(first: Token | undefined): boolean {
  return isWord(first, "that", "this", "it", "that's", "thats", "these", "those", "which");
}
