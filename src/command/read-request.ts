import type { ClarifyCode } from "../domain/command.ts";
import type { Role } from "./lexicon.ts";
import { configurationFlags, isFlagWord, literalFlag, readFlag } from "./read-flags.ts";
import { readHold } from "./read-limits.ts";
import { readReason } from "./read-reason.ts";
import { looksLikeGroup, readKey, readScopes } from "./read-scope.ts";
import { isLedName, isStrongName, readTarget, readTargets, type TargetPhrase } from "./read-targets.ts";
import { readVerb } from "./read-verb.ts";
import { readVia } from "./read-via.ts";
import { type Action, emptyDraft, type RequestDraft, sameTarget } from "./request.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

/** What the last piece was: "on" after "turn" is another word than "on" after "image pull". */
export type Piece = "start" | "verb" | "flag" | "target" | "via" | "join" | "particle" | "other";

/** Reading of one sentence, piece by piece; each step takes tokens and says what it took them for. */
export type Reader = {
  readonly tokens: readonly Token[];
  readonly text: string;
  readonly draft: RequestDraft;
  index: number;
  last: Piece;
  /** The action that is being read; a verb after "and" starts the next. */
  action?: Action;
  /** A comma, "and" or the like was passed since the last piece. */
  joined: boolean;
};

const issueRoles: readonly [Role, ClarifyCode][] = [
  ["hostile", "hostile"],
  ["takeBack", "taken-back"],
  ["negation", "negation"],
  ["doubt", "doubt"],
  ["condition", "condition"],
  ["later", "scheduling"],
  ["past", "not-a-request"],
  ["reported", "not-a-request"],
  ["or", "ambiguous-flag"],
  ["but", "condition"],
  ["inbound", "unsupported"],
  ["integration", "unsupported"],
  ["subject", "not-a-request"],
  ["be", "not-a-request"],
  ["modal", "not-a-request"],
];

/** Reads one sentence as a request for a change. Everything that has no place in one becomes an issue. */
export function readRequest(tokens: readonly Token[], text: string): RequestDraft {
  const reader: Reader = { tokens, text, draft: emptyDraft(), index: 0, last: "start", joined: false };
  while (reader.index < tokens.length) {
    const before = reader.index;
    step(reader);
    if (reader.index === before) unplaced(reader);
  }
  return reader.draft;
}

function step(reader: Reader): void {
  const token = reader.tokens[reader.index];
  if (token === undefined) return;
  if (token.kind !== "word") {
    if (readSign(reader, token)) return;
  } else if (readWordPiece(reader, token)) return;
  if (readTargetPiece(reader)) return;
  if (token.kind === "word") readLink(reader, token);
}

/** Notes which words were taken for what. */
export function note(reader: Reader, end: number, meaning: string): void {
  const first = reader.tokens[reader.index];
  const last = reader.tokens[end - 1];
  if (first === undefined || last === undefined) return;
  reader.draft.explanation.push({ words: reader.text.slice(first.start, last.end), meaning });
}

export function take(reader: Reader, end: number, piece: Piece): void {
  reader.index = end;
  reader.last = piece;
  reader.joined = piece === "join";
}

export function raise(reader: Reader, code: ClarifyCode, end = reader.index + 1): void {
  const first = reader.tokens[reader.index];
  const last = reader.tokens[Math.max(reader.index, end - 1)];
  const words = first === undefined || last === undefined ? "" : reader.text.slice(first.start, last.end);
  reader.draft.issues.push({ code, words });
}

function unplaced(reader: Reader): void {
  const token = reader.tokens[reader.index];
  const found = issueRoles.find(([role]) => has(token, role));
  raise(reader, found?.[1] ?? (token?.kind === "broadcast" ? "hostile" : "unplaced-words"));
  reader.index++;
  reader.last = "other";
}

/** The action to which a flag, direction or via belongs; without a verb there is one all the same. */
export function currentAction(reader: Reader): Action {
  if (reader.action === undefined) {
    reader.action = { flags: [], settled: 0, targets: [] };
    reader.draft.actions.push(reader.action);
  }
  return reader.action;
}

function readSign(reader: Reader, token: Token): boolean {
  switch (token.kind) {
    case "comma":
    case "dash":
    case "line":
    case "bullet":
    case "colon":
      if (token.kind === "colon" && reader.last === "flag" && readValue(reader)) return true;
      take(reader, reader.index + 1, reader.last === "start" ? "start" : "join");
      return true;
    case "open": {
      if (readHoldPiece(reader)) return true;
      reader.index++;
      return true;
    }
    case "close":
    case "fence":
    case "stop":
      reader.index++;
      return true;
    case "quote":
    case "code":
      return readQuoted(reader, token);
    case "mention":
      return readMention(reader);
    case "assignment":
      return readAssignment(reader, token);
    case "equals":
      return reader.last === "flag" && readValue(reader);
    case "time":
      raise(reader, "scheduling");
      reader.index++;
      return true;
    default:
      return false;
  }
}

/** Whoever is addressed at the beginning, or named at the very end, is no part of the sentence. */
function readMention(reader: Reader): boolean {
  const before = reader.tokens[reader.index - 1];
  const leading = reader.tokens
    .slice(0, reader.index)
    .every((token) => token.kind !== "word" || has(token, "polite"));
  const thanked = has(before, "polite") || isWord(before, "cc", "fyi");
  const trailing =
    reader.index === reader.tokens.length - 1 && !isWord(before, "for", "on", "of", "to", "by", "from", "in");
  if (!leading && !thanked && !trailing) return false;
  reader.index++;
  return true;
}

/** Quotation marks and code marks may stand around a name or a setting; around more they quote somebody. */
function readQuoted(reader: Reader, token: Token): boolean {
  const end = reader.tokens.findIndex(
    (other, at) => at > reader.index && other.kind === token.kind && other.text === token.text,
  );
  if (end < 0 || end === reader.index + 1) {
    reader.index++;
    return true;
  }
  const inside = reader.index + 1;
  const whole = inside === 1 && end === reader.tokens.length - 1;
  const wrapped =
    token.kind === "code" &&
    reader.tokens.every(
      (other, at) => (at >= reader.index && at <= end) || other.kind !== "word" || has(other, "polite"),
    );
  if (wrapped && !whole) {
    reader.index++;
    return true;
  }
  if (token.kind === "code" && whole) {
    reader.index++;
    return true;
  }
  const flag = readFlag(reader.tokens, inside, reader.last === "verb");
  const through = flag === undefined || flag.end === end ? undefined : readVia(reader.tokens, flag.end);
  if (flag !== undefined && (flag.end === end || (through?.end === end && through.via === "vnet"))) {
    note(reader, end + 1, `routing: ${flag.flags.join(", ")}`);
    currentAction(reader).flags.push(flag);
    take(reader, end + 1, "flag");
    return true;
  }
  const target = readTarget(reader.tokens, { from: reader.index, led: true });
  if (target !== undefined && target.end > end) return readTargetPiece(reader);
  const value = reader.tokens[inside];
  const single = end === inside + 1 && (value?.kind === "assignment" || hasAny(value, ["on", "off"]));
  if (single) {
    reader.index++;
    return true;
  }
  raise(reader, "quotation", end + 1);
  reader.index = end + 1;
  reader.last = "other";
  return true;
}

function readAssignment(reader: Reader, token: Token): boolean {
  const match = /^([\w.-]+?)(==?|:)([\w.-]+)$/.exec(token.text);
  const literal = match?.[1] === undefined ? undefined : literalFlag(match[1]);
  const value = booleanOf(match?.[3]?.toLowerCase());
  if (literal === undefined) {
    if (readKey(token) !== undefined) return false;
    raise(reader, "unsupported");
    reader.index++;
    return true;
  }
  if (value === undefined) raise(reader, "missing-direction");
  else {
    note(reader, reader.index + 1, `${literal.flag}: ${value ? "on" : "off"}`);
    const action = currentAction(reader);
    action.flags.push({
      flags: [literal.flag],
      end: reader.index + 1,
      on: value,
      ...(literal.appSetting ? { appSetting: true } : {}),
    });
    action.settled = action.flags.length;
  }
  take(reader, reader.index + 1, "flag");
  return true;
}

function booleanOf(word: string | undefined): boolean | undefined {
  if (word === undefined) return undefined;
  if (["true", "1", "on", "enabled", "enable", "active", "yes"].includes(word)) return true;
  return ["false", "0", "off", "disabled", "disable", "inactive", "no"].includes(word) ? false : undefined;
}

/** "to true", "= on", "as enabled": a value for the flags that were named last. */
function readValue(reader: Reader): boolean {
  const { tokens } = reader;
  let index = reader.index;
  while (
    tokens[index]?.kind === "equals" ||
    tokens[index]?.kind === "colon" ||
    isWord(tokens[index], "to", "as", "back", "be")
  )
    index++;
  if (tokens[index]?.kind === "quote") index++;
  const token = tokens[index];
  const value = token === undefined || index === reader.index ? undefined : booleanOf(token.lower);
  if (value === undefined || isWord(token, "enable", "disable")) return false;
  if (isWord(token, "on", "off") && readVia(tokens, index) !== undefined) return false;
  settleFlags(reader, value, index + 1);
  return true;
}

/** Gives flags that have no direction of their own one. */
function settleFlags(reader: Reader, on: boolean, end: number): void {
  const action = currentAction(reader);
  note(reader, end, on ? "on" : "off");
  const open = action.flags.slice(action.settled);
  const opposes = action.on !== undefined && action.on !== on && action.verb?.class !== "value";
  if (open.length === 0) {
    if (action.on !== undefined && action.on !== on && action.verb?.class !== "value")
      raise(reader, "contradiction", end);
    else if (action.settled > 0 && action.flags.at(-1)?.on !== on) raise(reader, "contradiction", end);
    action.on = on;
  } else {
    for (const [index, flag] of open.entries()) {
      if (flag.on === undefined && (!opposes || index === open.length - 1)) flag.on = on;
      else if (flag.on === undefined && action.on !== undefined) flag.on = action.on;
      else if (flag.on !== undefined && flag.on !== on) raise(reader, "contradiction", end);
    }
    if (action.on === undefined && action.verb?.class === "switch") action.on = on;
    action.settled = action.flags.length;
  }
  take(reader, end, "particle");
}

function readHoldPiece(reader: Reader): boolean {
  const hold = readHold(reader.tokens, reader.index);
  if (hold === undefined) return false;
  if (hold.iso === undefined && has(reader.tokens[reader.index], "temporarily"))
    reader.draft.temporary = true;
  else if (hold.iso === undefined) raise(reader, "missing-duration", hold.end);
  else if (reader.draft.revertAfter !== undefined && reader.draft.revertAfter !== hold.iso)
    raise(reader, "contradiction", hold.end);
  else {
    note(reader, hold.end, `undone after ${hold.iso}`);
    reader.draft.revertAfter = hold.iso;
  }
  take(reader, hold.end, "other");
  return true;
}

const frames = ["askGerund", "ask", "want", "makeSure", "lets"] as const;

function readWordPiece(reader: Reader, token: Token): boolean {
  const { tokens, draft, index } = reader;
  if (has(token, "hostile")) return false;
  const reason = readReason({ tokens, from: index, text: reader.text });
  if (reason !== undefined) {
    note(reader, tokens.length, "reason");
    if (reader.draft.actions.every((action) => action.verb === undefined) && readReasonFirst(reader))
      return true;
    draft.reason = reason.reason;
    if (reason.revertAfter !== undefined) draft.revertAfter = reason.revertAfter;
    checkReason(reader);
    reader.index = tokens.length;
    return true;
  }
  // "for the finance team" is no greeting.
  const adjunct = reader.last === "target" && isWord(token, "team", "guys", "folks", "bot", "robot");
  if (has(token, "polite") && adjunct && tokens[index - 1]?.kind === "word") return false;
  if (has(token, "polite")) {
    draft.polite ||= /please|pl[sz]|kindly/.test(token.lower);
    reader.index++;
    return true;
  }
  if (readHoldPiece(reader) || readMarker(reader, token)) return true;
  if (readViaPiece(reader)) return true;
  const valued = reader.last === "target" && ["value", "cause"].includes(reader.action?.verb?.class ?? "");
  if ((reader.last === "flag" || valued) && readValue(reader)) return true;
  if (readParticle(reader, token)) return true;
  const frame = frames.find((role) => has(token, role));
  if (frame !== undefined && readFrame(reader, frame)) return true;
  return readVerb(reader) || readFlagPiece(reader);
}

/** "because of the audit, route all traffic ...": the reason ends where the request begins. */
function readReasonFirst(reader: Reader): boolean {
  const { tokens, index, draft } = reader;
  for (let at = index + 1; at < tokens.length; at++) {
    if (tokens[at]?.kind !== "comma") continue;
    let next = at + 1;
    while (hasAny(tokens[next], ["filler", "polite"])) next++;
    const asks =
      tokens[next]?.entry?.verb?.forms.has("base") === true || hasAny(tokens[next], ["ask", "want", "lets"]);
    const reason = asks
      ? readReason({ tokens: tokens.slice(0, at), from: index, text: reader.text })
      : undefined;
    if (reason === undefined) continue;
    draft.reason = reason.reason;
    take(reader, at + 1, "start");
    return true;
  }
  return false;
}

function checkReason(reader: Reader): void {
  const rest = reader.tokens.slice(reader.index + 1);
  if (rest.some((token) => has(token, "hostile") || token.kind === "broadcast")) raise(reader, "hostile");
  if (
    rest.some(
      (token) => has(token, "takeBack") && !isWord(token, "wrong", "mistake", "test", "testing", "typo"),
    )
  )
    raise(reader, "taken-back");
  for (const [at, token] of rest.entries()) {
    const joined = rest[at - 1]?.kind === "comma" || has(rest[at - 1], "and") || has(rest[at - 1], "polite");
    if (joined && token.entry?.verb?.forms.has("base") && !has(token, "modal"))
      raise(reader, "unplaced-words");
  }
}

function readMarker(reader: Reader, token: Token): boolean {
  const { draft, index } = reader;
  const dryRun =
    has(token, "dryRun") || (has(token, "plan") && reader.last === "start" && draft.actions.length === 0);
  if (dryRun) {
    note(reader, index + 1, "only a preview");
    draft.dryRun = true;
  } else if (has(token, "breakGlass")) {
    note(reader, index + 1, "break glass");
    draft.breakGlass = true;
  } else return false;
  reader.index++;
  return true;
}

function readViaPiece(reader: Reader): boolean {
  const { tokens, index } = reader;
  if (isWord(tokens[index], "use", "uses")) return false;
  const object = isWord(tokens[index - 1], "use", "using", "uses");
  const phrase = readVia(tokens, object ? index - 1 : index);
  if (phrase === undefined) return false;
  const pulled = reader.draft.actions.some((action) => action.flags.at(-1)?.flags[0] === "imagePullTraffic");
  if (phrase.via === "public" && isWord(tokens[index], "from") && !pulled) return false;
  // "turn on vnet route all": the vnet belongs to the flag.
  const belongs = tokens.slice(index, phrase.end).findIndex((token) => has(token, "vnet"));
  const flag = belongs > 0 && phrase.via === "vnet" ? readFlag(tokens, index + belongs) : undefined;
  if (flag !== undefined && isWord(tokens[index], "on") && flag.weak !== true) return false;
  const action = currentAction(reader);
  if (
    action.via !== undefined &&
    action.via !== "internet" &&
    phrase.via !== "internet" &&
    action.via !== phrase.via
  )
    raise(reader, "contradiction", phrase.end);
  if (action.via === undefined || action.via === "internet") action.via = phrase.via;
  note(
    reader,
    phrase.end,
    phrase.via === "vnet" ? "through the virtual network" : "not through the virtual network",
  );
  if (isWord(tokens[index], "bypass") && action.verb === undefined) {
    action.verb = { lemma: "bypass", class: "route", on: true, forms: new Set(["base"]) };
    action.on = true;
  }
  take(reader, phrase.end, "via");
  return true;
}

/** "on" and "off" that belong to a verb or to the flag before them, and not to a site behind them. */
function readParticle(reader: Reader, token: Token): boolean {
  if (!isWord(token, "on", "off", "enabled", "disabled", "active", "inactive", "true", "false")) return false;
  const { tokens, index, action } = reader;
  const on = isWord(token, "on", "enabled", "active", "true");
  const valued = !isWord(token, "on", "off");
  if (valued) {
    const value = reader.last === "flag" && action?.verb?.class === "value";
    if (!value) return false;
    settleFlags(reader, on, index + 1);
    return true;
  }
  const next = tokens[index + 1];
  const closes = endsHere(next);
  const verb = action?.verb;
  const waits =
    verb !== undefined && action?.on === undefined && action?.flags.every((flag) => flag.on === undefined);
  const leadsOn = verb?.class === "cause" && on && reader.last === "flag" && !closes;
  const switching = waits && ["switch", "cause"].includes(verb.class) && !leadsOn;
  const values = verb?.class === "value" || (verb?.class === "route" && verb.lemma === "put");
  const afterFlag = reader.last === "flag" && closes;
  const second =
    (reader.last === "join" || reader.last === "particle") &&
    (closes || readFlag(tokens, index + 1) !== undefined) &&
    verb !== undefined;
  if (
    !switching &&
    !afterFlag &&
    !(values && (reader.last === "flag" || reader.last === "verb")) &&
    !second &&
    !(on === false && reader.last === "flag")
  )
    return false;
  if (values && on && isStrongName(next) && reader.last === "flag") return false;
  settleFlags(reader, on, index + 1);
  return true;
}

/** Whether "on" or "off" before this token closes what was said, and does not lead to a name. */
function endsHere(next: Token | undefined): boolean {
  return (
    next === undefined ||
    next.kind !== "word" ||
    has(next, "and") ||
    hasAny(next, ["polite", "filler", "reason", "temporarily"]) ||
    isWord(next, "for", "on", "of", "in", "at", "over", "via", "through", "again")
  );
}

function readFrame(reader: Reader, frame: (typeof frames)[number]): boolean {
  const { draft, tokens, index } = reader;
  const verbSeen = draft.actions.some((action) => action.verb !== undefined);
  const trailing = index + 1 >= tokens.length || hasAny(tokens[index + 1], ["polite"]);
  if (verbSeen && !(frame === "ask" && trailing) && !reader.joined) return false;
  if (frame === "want" && verbSeen) return false;
  if (frame !== "ask" || !verbSeen)
    draft.frame = draft.frame === "plain" || frame !== "ask" ? frame : draft.frame;
  draft.polite ||= frame === "ask";
  draft.asked ||= frame === "ask" || frame === "askGerund";
  if (frame === "ask" && /\b(get|have)$/.test(tokens[index]?.lower ?? "")) draft.frame = "want";
  reader.index++;
  return true;
}

export function readFlagPiece(reader: Reader, afterRoute = false): boolean {
  const { tokens, index } = reader;
  const routeVerb = afterRoute || (reader.last === "verb" && reader.action?.verb?.lemma === "route");
  const phrase = readFlag(tokens, index, routeVerb) ?? readOwnedFlag(reader);
  if (phrase === undefined) return false;
  const action = currentAction(reader);
  if (tokens.slice(index, phrase.end).some((token) => isWord(token, "its", "their")))
    reader.draft.pointsBack = true;
  note(reader, phrase.end, phrase.everything === true ? "everything" : phrase.flags.join(", "));
  action.flags.push(phrase);
  take(reader, phrase.end, "flag");
  return true;
}

/** "all of app-x's outbound traffic": a site inside the words for a flag. */
function readOwnedFlag(reader: Reader): ReturnType<typeof readFlag> {
  const { tokens, index } = reader;
  let start = index;
  let all = false;
  while (
    has(tokens[start], "all") ||
    has(tokens[start], "determiner") ||
    (all && isWord(tokens[start], "of"))
  ) {
    all ||= has(tokens[start], "all");
    start++;
  }
  if (!all) return undefined;
  const owner = readTarget(tokens, { from: start, led: tokens[start]?.possessive === true });
  if (owner === undefined || owner.issue !== undefined || owner.targets.length === 0) return undefined;
  const phrase = readFlag(tokens, owner.end);
  if (phrase === undefined || phrase.raw !== true) return undefined;
  addTargets(reader, owner.targets);
  const { weak, ...strong } = phrase;
  void weak;
  return strong;
}

export function addTargets(reader: Reader, targets: RequestDraft["targets"]): void {
  const { draft } = reader;
  if (draft.scope !== undefined && draft.targets.length === 0) {
    for (const target of targets) {
      if (draft.scope.resourceGroup !== undefined) target.resourceGroup ??= draft.scope.resourceGroup;
      if (draft.scope.subscription !== undefined) target.subscription ??= draft.scope.subscription;
    }
    delete draft.scope;
  }
  for (const target of targets) {
    if (!draft.targets.some((other) => sameTarget(other, target))) draft.targets.push(target);
    const action = currentAction(reader);
    if (!action.targets.some((other) => sameTarget(other, target))) action.targets.push(target);
  }
}

const leads = [
  "for",
  "across",
  "on",
  "of",
  "to",
  "from",
  "at",
  "in",
  "against",
  "fo",
  "4",
  "fro",
  "onto",
  "with",
  "by",
];

function readTargetPiece(reader: Reader): boolean {
  const { tokens, index, draft } = reader;
  let start = index;
  const four = tokens[start]?.text === "4" && isStrongName(tokens[start + 1]);
  const led = isWord(tokens[start], ...leads) || four;
  if (isWord(tokens[start], "to") && tokens[start + 1]?.entry !== undefined) return false;
  if (led) start++;
  while (
    led &&
    (tokens[start]?.kind === "colon" ||
      tokens[start]?.kind === "bullet" ||
      tokens[start]?.kind === "line" ||
      tokens[start]?.kind === "dash")
  )
    start++;
  while (led && isWord(tokens[start], "only", "just")) start++;
  if (led && readFlag(tokens, start) !== undefined && !has(tokens[start], "app")) {
    const raw = readFlag(tokens, start);
    if (raw !== undefined && !(raw.end === start + 1 && isNamedLike(reader, start))) {
      reader.index = start;
      return true;
    }
  }
  const plain = led && isFlagWord(tokens[start]) && isNamedLike(reader, start);
  if (led && isWord(tokens[index], "in") && looksLikeGroup(tokens[start]) && readLateScope(reader))
    return true;
  const phrase: TargetPhrase | undefined = plain
    ? { targets: [{ name: tokens[start]?.text ?? "" }], end: start + 1 }
    : readTargets(tokens, { from: start, led });
  if (phrase === undefined) return readLateScope(reader);
  if (phrase.pointsBack === true) {
    draft.pointsBack = true;
    if (phrase.issue !== undefined) raise(reader, phrase.issue, phrase.end);
    take(reader, phrase.end, "target");
    return true;
  }
  const scopedAll =
    phrase.issue === "missing-target" && draft.scope !== undefined && draft.targets.length === 0;
  if (phrase.issue !== undefined && !scopedAll) raise(reader, phrase.issue, phrase.end);
  const already = draft.targets.length > 0;
  const fresh = phrase.targets.some((target) => !draft.targets.some((other) => sameTarget(other, target)));
  const separate = already && fresh && reader.action?.targets.length !== 0 && !reader.joined;
  if (separate) raise(reader, "ambiguous-target", phrase.end);
  note(reader, phrase.end, "site");
  addTargets(reader, phrase.targets);
  take(reader, phrase.end, "target");
  return true;
}

/** "route all traffic for route-all": a site whose name is made of words of this language. */
function isNamedLike(reader: Reader, at: number): boolean {
  const token = reader.tokens[at];
  if (isStrongName(token)) return true;
  const flagged = reader.draft.actions.some((action) => action.flags.length > 0);
  if (!flagged || token === undefined) return false;
  if (token.text.includes("-")) return isLedName(reader.tokens, at);
  // "route all traffic for backup": no other site is named, and nothing follows.
  const alone =
    reader.draft.targets.length === 0 &&
    !token.text.includes(" ") &&
    hasAny(token, ["backup", "restore", "image", "content", "config"]);
  return alone && reader.tokens.slice(at + 1).every((other) => other.kind !== "word" || has(other, "polite"));
}

/** A group or subscription apart from the name: "route all traffic for app-x please, in rg-shop". */
function readLateScope(reader: Reader): boolean {
  const scope = readScopes(reader.tokens, reader.index);
  if (scope.end === reader.index) return false;
  const { draft } = reader;
  const { targets } = draft;
  if (scope.ambiguous === true) raise(reader, "ambiguous-target", scope.end);
  else if (targets.length === 0) {
    const { end, ambiguous, ...where } = scope;
    void end;
    void ambiguous;
    draft.scope = where;
  } else {
    note(reader, scope.end, "where the site is");
    for (const target of targets) {
      if (scope.resourceGroup !== undefined) target.resourceGroup ??= scope.resourceGroup;
      if (scope.subscription !== undefined) target.subscription ??= scope.subscription;
    }
  }
  take(reader, scope.end, "target");
  return true;
}

/** Words between the pieces. */
function readLink(reader: Reader, token: Token): boolean {
  const { tokens, draft, index, last } = reader;
  const next = tokens[index + 1];
  const filler =
    has(token, "filler") ||
    (hasAny(token, ["determiner", "both"]) && readFlag(tokens, index + 1) !== undefined);
  if (has(token, "and")) take(reader, index + 1, last === "start" ? "start" : "join");
  else if (
    has(token, "but") &&
    (next?.entry?.verb?.forms.has("base") === true || hasAny(next, ["ask", "polite", "want"]))
  )
    take(reader, index + 1, "join");
  else if (filler) reader.index++;
  else if (has(token, "determiner") && (next?.kind === "quote" || next?.kind === "code")) reader.index++;
  else if (isWord(token, "do") && next?.entry?.verb?.forms.has("base") === true) reader.index++;
  else if (has(token, "including") && readIncluding(reader)) return true;
  else if (isWord(token, "already") && index === tokens.length - 1) reader.index++;
  else if (has(token, "only")) readOnly(reader);
  else if (has(token, "pronoun") && last !== "start") {
    draft.pointsBack = true;
    reader.index++;
  } else if (
    isWord(token, "to", "and to") &&
    (next?.entry?.verb !== undefined || has(next, "be") || has(next, "filler"))
  )
    reader.index++;
  else if (
    isWord(token, "of", "for", "on", "from", "over") &&
    (has(next, "routing") || readFlag(tokens, index + 1) !== undefined)
  )
    reader.index++;
  else if (
    hasAny(token, ["routing", "feature", "vnet"]) &&
    draft.actions.length > 0 &&
    token.possessive === false
  )
    reader.index++;
  else if (has(token, "be") && (draft.frame === "want" || draft.frame === "makeSure" || draft.dryRun))
    reader.index++;
  else if (isWord(token, "that", "which") && (draft.frame === "want" || draft.frame === "makeSure"))
    reader.index++;
  else if (isWord(token, "from") && next?.entry?.verb?.forms.has("ing") === true) reader.index++;
  else if (
    has(token, "including") &&
    draft.actions.some((action) => action.flags.some((flag) => flag.everything === true))
  )
    reader.index++;
  else if (has(token, "purpose")) return readPurpose(reader);
  else return false;
  return true;
}

/** "... through the vnet, including configuration traffic": all traffic becomes everything. */
function readIncluding(reader: Reader): boolean {
  const { tokens, index, action } = reader;
  const rest = readFlag(tokens, index + 1);
  const traffic = action?.flags.at(-1);
  if (rest === undefined || traffic?.raw !== true || rest.flags.length !== configurationFlags.length)
    return false;
  note(reader, rest.end, "everything");
  traffic.flags = ["allTraffic"];
  traffic.everything = true;
  take(reader, rest.end, "flag");
  return true;
}

function readOnly(reader: Reader): void {
  const { tokens, index } = reader;
  const flag = readFlag(tokens, index + 1, true) !== undefined && !isWord(tokens[index + 1], "for", "on");
  const verb = tokens[index + 1]?.entry?.verb?.forms.has("base") === true;
  if (flag || verb || reader.last === "flag") currentAction(reader).only = true;
  reader.index++;
}

/** "since ...", "so that ..." after a whole request tells why. */
function readPurpose(reader: Reader): boolean {
  const { draft, tokens, index } = reader;
  const complete = draft.targets.length > 0 && draft.actions.some((action) => action.flags.length > 0);
  const rest = tokens.slice(index + 1);
  if (!complete || rest.length < 2) return false;
  if (
    rest.some((token) =>
      hasAny(token, ["condition", "takeBack", "hostile", "negation", "but", "doubt", "only", "later"]),
    )
  )
    return false;
  if (rest.some((token) => token.entry?.verb?.on !== undefined && token.entry.verb.forms.has("base")))
    return false;
  const first = rest[0];
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return false;
  note(reader, tokens.length, "reason");
  draft.reason = reader.text.slice(first.start, last.end);
  reader.index = tokens.length;
  return true;
}
