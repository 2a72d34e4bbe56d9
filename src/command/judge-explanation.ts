import {
  checked,
  conclusions,
  describing,
  events,
  failing,
  failingNegations,
  fitting,
  fittingEnds,
  gates,
  happened,
  happens,
  leading,
  type Mild,
  none,
  ofTheRequest,
  ofThings,
  onWhat,
  overtaken,
  placing,
  purposes,
  regrets,
  wider,
} from "./explanation-words.ts";
import { isFlagWord } from "./read-flags.ts";
import { looksLikeGroup } from "./read-scope.ts";
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
 * What is left has to be a statement about the situation: a subject and a verb that tells (`states`). Words that the
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
  if (!states(tokens)) return false;
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

/** A subject and a verb that tells something: "the db is down", "we need it", "is urgent", "registry's dead". */
function states(tokens: readonly Token[]): boolean {
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
  if (first.possessive) return isDescribed(second);
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

function isUnknown(token: Token | undefined): boolean {
  return token?.kind !== "word" || token.entry === undefined;
}

/**
 * "the registry is public again", "the release is blocked": said of a thing and not of the request, which goes by "it",
 * "this" or a word of its own.
 */
function speaksOfThing(tokens: readonly Token[]): boolean {
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

function tellsOf(token: Token): boolean {
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
  if (isWaiting(token) || /^mis[a-z]+(?:ed|oke|ook)$/.test(token.lower)) return true;
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

/** Another site, more flags, or another direction. */
function aims(tokens: readonly Token[], index: number, act = false): boolean {
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
    !mayFollow(tokens[index + (token === elsewhere ? 1 : 2)])
  )
    return false;
  if (hasAny(token, ["slot", "group", "subscription", "environment", "inbound", "and", "including", "all"])) {
    // "it is slow and the users complain": another statement, not another site.
    const next = tokens[index + 1];
    const rest = tokens.slice(index + 1);
    const another = rest.length > 1 && states(rest) && !hasAny(tokens[index + 2], ["want"]);
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
  const ofThing = isOneOf(token, ofThings) && !(isWord(token, "wrong") && has(tokens[index - 1], "be"));
  if (ofThing && speaksOfThing(tokens)) return false;
  if (isWaiting(token) && endsWaiting(tokens, index)) return false;
  return (
    isOneOf(token, overtaken) &&
    !(attribute && !hasAny(tokens[index + 1], ["filler", "pronoun", "determiner"]))
  );
}

/** "that was ...", "it was ...": of the request itself, and of another time. */
function saysOfRequest(first: Token | undefined): boolean {
  return isWord(first, "that", "this", "it", "that's", "thats", "these", "those", "which");
}
