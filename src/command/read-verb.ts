import type { VerbSense } from "./lexicon-index.ts";
import { endsHere } from "./read-direction.ts";
import { readFlag } from "./read-flags.ts";
import { readFlagPiece } from "./read-place.ts";
import { readVia } from "./read-via.ts";
import { currentAction, note, type Reader, raise, take } from "./reader.ts";
import { type Action, addFlag, emptyAction } from "./request.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

/** The portal's boxes: "check" before one of them is a change, before anything else a question. */
const portalBoxes =
  /^(outbound internet traffic|container image pull|content storage|backup ?\/? ?(and )?restore)/;

/** Whether "check" at this position means to tick one of the portal's boxes. */
export function checksBox(tokens: readonly Token[], at: number): boolean {
  const plain = tokens.slice(at + 1).filter((token) => token.kind !== "quote" && token.kind !== "code");
  const flag = readFlag(plain, 0);
  if (flag === undefined) return false;
  const span = plain.slice(0, flag.end);
  if (span.some((token) => has(token, "box")) || has(plain[flag.end], "box")) return true;
  const words = span.filter((token) => !has(token, "determiner")).map((token) => token.lower);
  return portalBoxes.test(words.join(" "));
}

/** Reads a verb: a new action, or one that belongs to the verb before it ("stop routing", "make it route"). */
export function readVerb(reader: Reader): boolean {
  const token = reader.tokens[reader.index];
  const verb = token?.entry?.verb;
  if (token === undefined || verb === undefined || token.possessive) return false;
  if (isFlagName(reader, token)) return readFlagPiece(reader);
  if (verb.lemma === "check" && !checksBox(reader.tokens, reader.index) && !has(token, "on")) {
    raise(reader, "not-a-request");
    reader.index++;
    return true;
  }
  if (verb.forms.has("base")) return readBase(reader, verb);
  if (verb.forms.has("ing")) return readGerund(reader, verb);
  return readParticiple(reader, verb, verb.forms.has("third"));
}

/** "enable route all": after another verb, "route all" is the name of a setting. */
function isFlagName(reader: Reader, token: Token): boolean {
  const { tokens, index, action } = reader;
  const named = readFlag(tokens, index) !== undefined;
  if (!named) return false;
  if (isWord(token, "pull", "pulling", "pulls")) {
    if (action?.verb !== undefined && !reader.joined) return true;
    return action?.on === false && action.flags.length > 0 && isUnclear(reader);
  }
  if (isWord(tokens[index - 1], "to")) return false;
  if (isPassive(tokens, index)) return true;
  if (has(tokens[index - 1], "determiner") || has(tokens[index - 1], "vnet")) return true;
  // "put app-x on route all".
  if (isWord(tokens[index - 1], "on", "off") && action?.verb?.lemma === "put") return true;
  if (action?.verb !== undefined && !reader.joined) {
    if (reader.last !== "target") return true;
    return action.on === false && action.flags.length > 0 && isUnclear(reader);
  }
  if (action !== undefined && action.flags.length > 0) {
    if (action.on === false) return listsSetting(reader);
    // "turn image pull and route all off", "image pull and route all off".
    const waits = action.on === undefined && (action.verb === undefined || action.verb.class === "switch");
    const first = action.flags.every((flag) => flag.on === undefined);
    const end = readFlag(tokens, index)?.end ?? index;
    if (waits && first && has(tokens[index - 1], "and") && hasAny(tokens[end], ["on", "off"])) return true;
  }
  return reader.draft.frame === "want" && tellsState(tokens, index + 2);
}

/** "disable image pull and route all": in a list of what is turned off, or at least not clearly an order. */
function listsSetting(reader: Reader): boolean {
  const { tokens, index } = reader;
  const before = tokens[index - 1];
  const item = before?.kind === "bullet" || (before?.kind === "dash" && tokens[index - 2]?.kind === "line");
  const joins = has(before, "and") && !isWord(before, "then", "and then", "furthermore", "moreover");
  if (item || joins || before?.kind === "comma") return namesSetting(reader);
  return isUnclear(reader);
}

/** Behind "turn off ...", "route all" may be one more setting or an order; "... through the vnet" is an order. */
function isUnclear(reader: Reader): boolean {
  if (leadsSomewhere(reader)) return false;
  raise(reader, "ambiguous-flag");
  return true;
}

function leadsSomewhere({ tokens, index }: Reader): boolean {
  return tokens.some((_token, at) => at > index && readVia(tokens, at) !== undefined);
}

/** "route all needs to be turned off": what is done with it follows. */
function isPassive(tokens: readonly Token[], from: number): boolean {
  const be = tokens.findIndex((token, at) => at > from && isWord(token, "be", "been", "being"));
  return be > 0 && isDone(tokens, be + 1);
}

/** "enabled", "please be turned off": the form of a verb that says what is done with something. */
export function isDone(tokens: readonly Token[], from: number): boolean {
  let index = from;
  while (hasAny(tokens[index], ["filler", "polite"])) index++;
  const verb = tokens[index]?.entry?.verb;
  return verb?.forms.has("past") === true && verb.lemma !== "check";
}

/** "disable image pull and route all": the setting. "... and route all traffic": that may as well be an order. */
function namesSetting(reader: Reader): boolean {
  const { tokens, index } = reader;
  const end = readFlag(tokens, index)?.end ?? index;
  const traffic = tokens.slice(index, end).some((token) => has(token, "traffic"));
  // "turn image pull off, route all on".
  if (hasAny(tokens[end], ["on", "off"]) && endsHere(tokens[end + 1])) return true;
  const comma = tokens[index - 1]?.kind === "comma";
  const goesOn = tokens[end]?.kind === "comma" || has(tokens[end], "and");
  if (!traffic && (!comma || (goesOn && readFlag(tokens, end + 1) !== undefined))) return true;
  return isUnclear(reader);
}

function tellsState(tokens: readonly Token[], from: number): boolean {
  return tokens.slice(from).some((token) => {
    const past = token.entry?.verb?.forms.has("past") === true && !token.entry.verb.forms.has("base");
    return past || isWord(token, "off");
  });
}

function begin(reader: Reader, verb: VerbSense): Action {
  const previous = reader.action;
  const verbless =
    previous !== undefined &&
    previous.verb === undefined &&
    !previous.flags.some((flag) => flag.on !== undefined);
  if (previous !== undefined && verbless) {
    setVerb(previous, verb);
    return previous;
  }
  const action = emptyAction();
  setVerb(action, verb);
  reader.action = action;
  reader.draft.actions.push(action);
  return action;
}

function setVerb(action: Action, verb: VerbSense): void {
  action.verb = verb;
  if (verb.on === undefined) delete action.on;
  else action.on = verb.on;
  if (verb.class === "aspect" && verb.on === false) action.stops = true;
}

function readBase(reader: Reader, verb: VerbSense): boolean {
  const { tokens, index, action } = reader;
  const next = tokens[index + 1];
  if (verb.lemma === "go" && next?.entry?.verb?.forms.has("base") === true) {
    reader.index++;
    return true;
  }
  const own = action?.verb;
  const caused =
    own?.class === "cause" &&
    action?.on === undefined &&
    action?.via === undefined &&
    ["carry", "go", "route"].includes(verb.class);
  const inner =
    isWord(tokens[index - 1], "to") ||
    verb.class === "go" ||
    caused ||
    (own !== undefined && action?.flags.length === 0);
  const before = tokens.slice(0, index);
  const framed = reader.draft.frame !== "plain" || reader.draft.dryRun;
  if (
    isWord(tokens[index - 1], "to") &&
    own === undefined &&
    !framed &&
    !before.some((token) => has(token, "polite") && !/^no |^not /.test(token.lower))
  ) {
    raise(reader, "not-a-request");
  }
  if (
    own !== undefined &&
    action !== undefined &&
    inner &&
    !(reader.joined && !isWord(tokens[index - 1], "to"))
  )
    merge(reader, action, verb);
  else if (verb.class === "go" && own === undefined && reader.draft.frame !== "want")
    raise(reader, "not-a-request");
  else begin(reader, verb);
  return finish(reader, verb);
}

function finish(reader: Reader, verb: VerbSense): boolean {
  const { tokens, index } = reader;
  note(reader, index + 1, verb.on === undefined ? "request" : verb.on ? "request: on" : "request: off");
  // "pull images": verb and what is routed in one.
  const flag = verb.lemma === "pull" ? readFlag(tokens, index) : undefined;
  // "crm-web route all" may as well be the name of the setting.
  const bare =
    verb.lemma === "route" &&
    reader.last === "target" &&
    isWord(tokens[index + 1], "all") &&
    index + 2 === tokens.length;
  if (bare && !reader.draft.polite && reader.draft.frame === "plain") raise(reader, "not-a-request");
  take(reader, index + 1, "verb");
  if (flag !== undefined) {
    addFlag(currentAction(reader), flag);
    take(reader, flag.end, "flag");
  } else readFlagPiece(reader, verb.lemma === "route");
  return true;
}

/** A verb under another: what counts is the inner one, unless the outer one stops it. */
function merge(reader: Reader, action: Action, inner: VerbSense): void {
  const outer = action.verb;
  if (action.on === false) {
    const movable = ["route", "carry", "go", "cause"].includes(inner.class);
    if (!movable || inner.on === false || (outer?.class !== "aspect" && !isGerundNoun(reader)))
      raise(reader, "contradiction");
    action.verb = inner;
    return;
  }
  setVerb(action, inner);
}

function isGerundNoun(reader: Reader): boolean {
  return reader.tokens[reader.index]?.entry?.verb?.forms.has("ing") === true;
}

function readGerund(reader: Reader, verb: VerbSense): boolean {
  const { draft, action } = reader;
  const own = action?.verb;
  if (own !== undefined && action !== undefined && !reader.joined) {
    const switched = own.class === "switch" && isWord(reader.tokens[reader.index - 1], "to");
    if (own.class === "aspect" || own.class === "cause" || switched) {
      merge(reader, action, verb);
      return finish(reader, verb);
    }
    const noun = verb.class === "route" || verb.class === "go" || verb.class === "carry";
    if (noun && (own.class === "enable" || own.class === "switch")) {
      take(reader, reader.index + 1, "verb");
      return readFlagPiece(reader, verb.lemma === "route") || true;
    }
  }
  if (draft.frame === "askGerund" || draft.dryRun || (draft.frame === "want" && verb.class !== "enable")) {
    begin(reader, verb);
    return finish(reader, verb);
  }
  if (has(reader.tokens[reader.index], "routing") && (own !== undefined || reader.last !== "start")) {
    reader.index++;
    return true;
  }
  const courteous = draft.polite && (verb.class === "enable" || verb.class === "switch") && own === undefined;
  if (!courteous) raise(reader, "not-a-request");
  begin(reader, verb);
  return finish(reader, verb);
}

function readParticiple(reader: Reader, verb: VerbSense, third: boolean): boolean {
  const { draft, action } = reader;
  const causing = isWord(reader.tokens[reader.index - 1], "be") ? ["let"] : ["get", "have", "make"];
  const caused = action?.verb?.class === "cause" && causing.includes(action.verb.lemma);
  const framed =
    draft.frame === "want" || draft.frame === "makeSure" || draft.dryRun || draft.frame === "askGerund";
  const asked = framed || (caused && !third);
  // "we need to have the backups of app-x checked": looked at.
  const looked = verb.lemma === "check" && !reader.tokens.some((token) => has(token, "box"));
  if (!asked || looked) raise(reader, "not-a-request");
  if (action?.verb !== undefined && caused) setVerb(action, verb);
  else if (action !== undefined && action.verb === undefined) setVerb(action, verb);
  else if (action !== undefined && !reader.joined && draft.frame === "want") setVerb(action, verb);
  else begin(reader, verb);
  note(
    reader,
    reader.index + 1,
    verb.on === undefined ? "request" : verb.on ? "request: on" : "request: off",
  );
  take(reader, reader.index + 1, "verb");
  return true;
}
