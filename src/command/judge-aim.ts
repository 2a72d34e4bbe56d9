import {
  checked,
  describing,
  fitting,
  fittingEnds,
  happens,
  ofThings,
  onWhat,
  placing,
  wider,
} from "./explanation-words.ts";
import { isStatement, isUnknown, saysOfRequest, speaksOfThing, tellsOf } from "./judge-statement.ts";
import { isFlagWord } from "./read-flags.ts";
import { looksLikeGroup } from "./read-scope.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

/** Another site, more flags, or another direction. */
export function aims(tokens: readonly Token[], index: number, act = false): boolean {
  const token = tokens[index];
  if (token === undefined) return false;
  if (has(token, "environment") && isTroubled(tokens, index)) return false;
  // "tested in staging".
  const tried =
    isWord(tokens[index - 1], "in", "on") && tokens.slice(0, index).some((other) => isOneOf(other, checked));
  if (has(token, "environment") && tried && !tokens.slice(0, index).some((other) => has(other, "negation")))
    return false;
  // "the registry was moved to another subscription".
  const elsewhere = isWord(token, "another") ? tokens[index + 1] : token;
  const moved =
    hasAny(elsewhere, ["subscription", "group"]) && !isUnknown(elsewhere) && speaksOfThing(tokens);
  if (
    moved &&
    (isWord(token, "another") ||
      has(tokens[index - 1], "determiner") ||
      isWord(tokens[index - 1], "another")) &&
    !mayFollow(tokens[index + (token === elsewhere ? 1 : 2)]) &&
    !(has(tokens[index + 1], "be") && mayFollow(tokens[index + 2]))
  )
    return false;
  if (hasAny(token, ["slot", "group", "subscription", "environment", "inbound", "and", "including", "all"])) {
    // "it is slow and the users complain": another statement, not another site.
    const next = tokens[index + 1];
    const rest = tokens.slice(index + 1);
    const another = rest.length > 1 && isStatement(rest) && !hasAny(tokens[index + 2], ["want"]);
    const tells = has(token, "and") && token.lower !== "as well" && another;
    return !tells && !(has(token, "all") && index > 0 && isWord(token, "all") && next?.kind !== "word");
  }
  // "... and image pulls": more flags, unless something is said of them.
  const said = (other: Token) => hasAny(other, ["be", "told", "negation"]) || isOneOf(other, happens);
  const flagged = isFlagWord(token) && !hasAny(token, ["container", "internet", "traffic"]);
  if (flagged && !tokens.some(said)) return true;
  const stated = isOneOf(token, ofThings) && has(tokens[index - 1], "be") && speaksOfThing(tokens);
  const counts = isWord(token, "one") && tokens[index + 1]?.kind === "word";
  const bothTell = isWord(token, "both") && index === 0 && tokens[1] !== undefined && tellsOf(tokens[1]);
  if (
    (isOneOf(token, wider) && !stated && !bothTell) ||
    looksLikeGroup(token) ||
    (/^(?:the |that |this )?(?:other|same) |(?:^| )one$/.test(token.lower) && !counts)
  )
    return true;
  if (mayName(tokens, index)) return true;
  if (isWord(token, "on")) return !isWord(tokens[index + 1], ...onWhat);
  if (isWord(token, "off")) return true;
  // "the window closes at 5", "it takes 2 hours".
  if (tokens[index + 1]?.kind === "number" && isWord(token, "at", "by", "around", "until")) return true;
  // "It is for two hours.", "Two hours is enough.".
  const bounded = saysOfRequest(tokens[0]) || (index <= 2 && hasAny(tokens[index + 1], ["be", "modal"]));
  if (has(token, "unit") && bounded) return true;
  // "it is for app-y", "it is for 2 hours".
  const placed = isWord(token, "for") && hasAny(tokens[index - 1], ["be", "pronoun", "subject"]);
  if (placed || (isWord(token, "in", "of", "at", "with", "from", "under") && has(tokens[index - 1], "be"))) {
    const purpose =
      has(tokens[index + 1], "determiner") && tokens.slice(index + 2).every((other) => !has(other, "app"));
    return !purpose;
  }
  const ticket = /^[A-Z]+[-_]?\d+$/.test(token.text);
  // "has allow-listed our addresses".
  const participle =
    /-\w+ed$/.test(token.lower) &&
    isWord(tokens[index - 1], "has", "have", "is", "are", "got", "was", "were", "been");
  // "the on-prem resolvers".
  const next = tokens[index + 1];
  const adjective =
    has(tokens[index - 1], "determiner") &&
    /^[a-z]+-[a-z]+$/.test(token.text) &&
    next?.kind === "word" &&
    !hasAny(next, ["app", "slot", "modal", "be", "told", "want", "negation"]);
  return (
    !act &&
    !participle &&
    !adjective &&
    token.kind === "word" &&
    token.entry === undefined &&
    /[-\d]/.test(token.text) &&
    !ticket
  );
}

/** A word that could be the name of a group. */
function mayFollow(token: Token | undefined): boolean {
  return token?.kind === "word" && token.entry === undefined;
}

/** "it's shopweb", "the app is shopweb": a word that nobody knows, where a name may stand. */
function mayName(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token?.kind !== "word" || token.entry !== undefined || token.corrected) return false;
  if (isOneOf(token, fitting) || isOneOf(token, placing) || fittingEnds.test(token.lower)) return false;
  let be = index - 1;
  while (be > 0 && hasAny(tokens[be], ["filler", "polite"]) && !has(tokens[be], "be")) be--;
  if (!has(tokens[be], "be")) return false;
  const subject = tokens[be - 1] ?? tokens[be];
  return (
    hasAny(subject, ["pronoun", "app", "determiner", "be"]) ||
    isWord(subject, "name", "it's", "its", "that's", "one")
  );
}

/** "prod is down": what has the trouble, not what is meant. */
function isTroubled(tokens: readonly Token[], index: number): boolean {
  const rest = tokens.slice(index + 1);
  const be = rest.findIndex((token) => isWord(token, "is", "are", "was", "has"));
  return (
    be >= 0 &&
    be <= 1 &&
    rest
      .slice(be + 1, be + 5)
      .some((token) => isOneOf(token, describing) || isWord(token, "fire", "burning", "hanging", "crashing"))
  );
}
