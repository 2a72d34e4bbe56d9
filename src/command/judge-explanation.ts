import {
  conclusions,
  describing,
  events,
  failing,
  failingNegations,
  gates,
  happens,
  type Mild,
  none,
  ofTheRequest,
  ofThings,
  overtaken,
  regrets,
} from "./explanation-words.ts";
import { aims } from "./judge-aim.ts";
import { isStatement, saysOfRequest, speaksOfThing } from "./judge-statement.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

/**
 * Whether words behind a complete request only tell why it is made ("..., the database is unreachable from there"), so
 * that the request stands without them.
 *
 * Dropping words is safe only if they cannot change what was asked. Words behind a request can change it in six ways,
 * and each of them needs a word of a closed class, all of which the lexicon lists, or a form that is asked for here:
 *
 * 1. take it back or deny it: a negation, a taking back, "already", "done", "the plan was" (`denies`, `overtaken`);
 * 2. bind it to something: a conjunction of condition, "only", "or", "but" (`binds`);
 * 3. postpone it: a word of time (`binds`);
 * 4. aim it elsewhere or widen it: a name, a slot, a group, an environment, "too", "instead", "the rest" (`aims`);
 * 5. order something else: a verb in its base form without a subject (`orders`);
 * 6. say that it is somebody else's words, a doubt or a joke: a reported, doubtful or hostile word (`binds`).
 *
 * What is left has to be a statement about the situation: a subject and a verb that tells (`isStatement`). Words that the
 * lexicon does not know may only describe: a negation, a condition and the like is never one of them. A negation is
 * allowed where it is said of something that fails ("it cannot reach the database"), not of the request.
 */
export function isExplanation(all: readonly Token[], mild: Mild = none): boolean {
  const tokens = trimmed(all);
  const first = tokens[0];
  if (first === undefined || tokens.length < 2) return false;
  if (isHour(tokens)) return true;
  // "as Bob put it": somebody else's words.
  if (
    isWord(all[0], "as", "like") &&
    tokens.some((token) => isWord(token, "put", "puts", "wants", "likes", "wishes"))
  )
    return false;
  if (tokens.some((token) => unspoken.has(token.kind))) return false;
  if (!isStatement(tokens)) return false;
  return !tokens.some(
    (token, index) =>
      (!isOneOf(token, mild) &&
        ((!(mild === regrets && index > 0) &&
          denies(tokens, index) &&
          !(mild !== conclusions && isOneOf(tokens[index + 1], mild))) ||
          (binds(token) && !isSituation(tokens, index)) ||
          aims(tokens, index, mild !== none) ||
          orders(tokens, index, mild) ||
          isOvertaken(tokens, index))) ||
      (token.kind === "word" && /\b(?:was|were|had)\b/.test(token.lower) && saysOfRequest(first)),
  );
}

/**
 * "... before I lose it": haste. Doing it now satisfies every "before", so it binds nothing, as long as no site, time
 * or other order is in it.
 */
export function isUrging(tokens: readonly Token[]): boolean {
  const [first, second] = tokens;
  if (!isWord(first, "before") || !hasAny(second, ["subject", "pronoun"]) || tokens.length < 3) return false;
  return isHarmless(tokens.slice(1)) && !tokens.some((token) => isOneOf(token, events));
}

/** "for 30 minutes while I debug": the length of time is what bounds it. */
export function isMeanwhile(tokens: readonly Token[]): boolean {
  const [first, second] = tokens;
  if (!isWord(first, "while", "whilst") || !hasAny(second, ["subject", "pronoun", "determiner"]))
    return false;
  return tokens.length > 2 && isHarmless(tokens.slice(1));
}

function isHarmless(tokens: readonly Token[]): boolean {
  const [, ...rest] = tokens;
  return (
    !tokens.some((token) => unspoken.has(token.kind) || binds(token) || has(token, "negation")) &&
    !rest.some(
      (token, index) =>
        aims(rest, index) ||
        // "while I run a trace".
        (token.entry?.verb?.on !== undefined && !(index === 0 && token.entry.verb.class === "carry")) ||
        token.entry?.act !== undefined,
    )
  );
}

const unspoken = new Set(["junk", "broadcast", "assignment", "change", "host", "arm", "time", "mention"]);

/** Courtesy and signs around a statement. */
function trimmed(all: readonly Token[]): readonly Token[] {
  const idle = (token: Token | undefined) =>
    token !== undefined &&
    (["comma", "dash", "open", "close", "fence", "bullet"].includes(token.kind) ||
      hasAny(token, ["polite"]) ||
      (hasAny(token, ["filler"]) && !has(token, "be")));
  let from = 0;
  let to = all.length;
  while (from < to && idle(all[from]) && !hasAny(all[from], ["subject"])) from++;
  // "it's crap": what is said of it stays.
  while (to > from && idle(all[to - 1]) && !has(all[to - 2], "be")) to--;
  // "..., as it is urgent", "... cause the db is down", "... and it is slow": the link says nothing more.
  while (to - from > 2 && isWord(all[from], "as", "since", "and", "cause", "bc", "coz", "cos", "so")) from++;
  return all.slice(from, to);
}
/** "it's 3am": the time it is, and no time to wait for. */
function isHour(tokens: readonly Token[]): boolean {
  const rest = isWord(tokens[0], "it's", "its")
    ? 1
    : isWord(tokens[0], "it") && isWord(tokens[1], "is")
      ? 2
      : 0;
  const hour = tokens[rest]?.kind === "time" || tokens[rest]?.kind === "number";
  const half = hour && isWord(tokens[rest + 1], "am", "pm") ? 2 : 1;
  const here = tokens
    .slice(rest + half)
    .every((token) => isWord(token, "here", "in", "the", "morning", "at", "night"));
  return rest > 0 && hour && here && (half === 2 || /\d[ap]m|:/.test(tokens[rest]?.text ?? ""));
}
function denies(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (!has(token, "negation")) return false;
  // "Nobody can log in."
  if (isWord(token, "nobody", "noone", "no one") && isWord(tokens[index + 1], "can", "could"))
    return !isOneOf(tokens[index + 2], failing);
  const subject = tokens.slice(0, index).find((other) => other.kind === "word");
  if (subject === undefined) return true;
  const next = tokens
    .slice(index + 1)
    .find((other) => !hasAny(other, ["filler", "determiner"]) && !isWord(other, "even", "be"));
  // "the account has no private endpoint".
  const lacks = isWord(token, "no") && isWord(tokens[index - 1], "has", "have", "had", "got");
  if (lacks && speaksOfThing(tokens)) return isOneOf(next, overtaken) || isOneOf(next, ofTheRequest);
  return !(isWord(token, "not", ...failingNegations) && isOneOf(next, failing));
}

function binds(token: Token): boolean {
  if (hasAny(token, ["or", "but", "only", "later", "takeBack", "hostile", "reported", "temporarily"]))
    return true;
  if (
    isWaiting(token) ||
    /^mis(?:typed|spoke|clicked|spelled|spelt|understood|took|remembered|heard|judged|named)$/.test(
      token.lower,
    )
  )
    return true;
  if (has(token, "doubt") && !isWord(token, "has to", "have to")) return true;
  return has(token, "condition") && !isWord(token, "first", "last");
}

/** Words that bind a request, said of the situation: "the vendor only accepts ...", "it was locked this morning". */
function isSituation(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  const [first] = tokens;
  if (has(token, "only")) {
    const closes =
      index === tokens.length - 1 &&
      tokens.some((other) => isOneOf(other, gates) || /listed$/.test(other.lower));
    const wants = isOneOf(tokens[index - 1], gates) && hasAny(tokens[index + 1], ["amount", "determiner"]);
    return index > 0 && !saysOfRequest(first) && (closes || wants || isOneOf(tokens[index + 1], gates));
  }
  // "the bank sees a wrong address", but not "the app is wrong".
  if (isWord(token, "wrong")) return speaksOfThing(tokens) && !has(tokens[index - 1], "be");
  if (has(token, "takeBack"))
    return (
      isWord(token, "testing") &&
      has(tokens[0], "subject") &&
      isWord(tokens[index - 1], "are", "am", "we're", "i'm", "were", "im")
    );
  // "it is needed for the new line".
  if (has(token, "reported"))
    return isWord(token, "needed", "used") && isWord(tokens[index - 1], "is", "are", "it's", "its");
  // "we're stuck otherwise".
  if (isWord(token, "otherwise"))
    return tokens.some(
      (other) =>
        has(other, "told") ||
        isOneOf(other, describing) ||
        isOneOf(other, happens) ||
        isOneOf(other, failing),
    );
  if (isWaiting(token)) return endsWaiting(tokens, index);
  const past = tokens.some((other) =>
    isWord(
      other,
      "was",
      "were",
      "had",
      "went",
      "died",
      "broke",
      "since",
      "got",
      "been",
      "started",
      "stopped",
    ),
  );
  return (
    has(token, "later") &&
    past &&
    !saysOfRequest(first) &&
    !isWord(token, "schedule", "scheduled", "tomorrow", "eventually", "sometime")
  );
}

/** "everyone is waiting", "customers are waiting for it": haste; "we are waiting for the CAB": a condition. */
function isWaiting(token: Token | undefined): boolean {
  return /(?:^|\s)waiting/.test(token?.lower ?? "");
}

function endsWaiting(tokens: readonly Token[], index: number): boolean {
  const rest = tokens.slice(index + 1);
  const ours =
    rest.length === 0 || (isWord(rest[0], "for", "on") && rest.slice(1).every((one) => has(one, "pronoun")));
  return ours && (speaksOfThing(tokens) || hasAny(tokens[0], ["subject"]));
}
/** A verb that asks for something, or that is said of nobody. */
function orders(tokens: readonly Token[], index: number, mild: Mild): boolean {
  const token = tokens[index];
  // "reject CR-12, we are in a freeze".
  if (mild === regrets && isWord(token, "freeze") && has(tokens[index - 1], "determiner")) return false;
  if (token?.entry?.act !== undefined && !isWord(token, "approved")) {
    // "the registry refuses us".
    const refuses =
      (token.entry.act.form === "third" && isWord(tokens[index + 1], "us", "our", "all", "every", "the")) ||
      (token.entry.act.form === "past" && isWord(tokens[index + 1], "us", "our") && speaksOfThing(tokens));
    if (!refuses) return true;
  }
  const verb = token?.entry?.verb;
  if (
    token === undefined ||
    verb?.forms.has("base") !== true ||
    verb.class === "go" ||
    verb.forms.has("past")
  )
    return false;
  // "direct calls get errors".
  if (has(token, "directly") && has(tokens[index + 1], "traffic")) return false;
  // "they crash on start".
  if (isWord(tokens[index - 1], "on", "at", "since", "during")) return false;
  if (hasAny(token, ["be", "modal", "pull", "feature"]) || verb.class === "cause") return false;
  return true;
}

function isOvertaken(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  // "our fixed address".
  // "they talk to the bank"; but "we need to talk".
  if (isWord(token, "talk"))
    return !isWord(tokens[index - 1], "they", "it", "both") && !/s$/.test(tokens[index - 1]?.lower ?? "");
  const attribute = isWord(token, "fixed", "planned") && tokens[index + 1]?.kind === "word";
  if (isWord(token, "works", "last", "first")) {
    // "it works now", "this comes last".
    const ends = index === tokens.length - 1;
    return isWord(token, "works") ? !tokens.some((other) => has(other, "only")) : ends;
  }
  if (isWord(token, "nobody") && !denies(tokens, index)) return false;
  const ofThing = isOneOf(token, ofThings) && !(isWord(token, "wrong") && has(tokens[index - 1], "be"));
  if (ofThing && speaksOfThing(tokens)) return false;
  if (isWaiting(token) && endsWaiting(tokens, index)) return false;
  return (
    isOneOf(token, overtaken) &&
    !(attribute && !hasAny(tokens[index + 1], ["filler", "pronoun", "determiner"]))
  );
}
