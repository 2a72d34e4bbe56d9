import type { ClarifyCode } from "../domain/command.ts";
import type { Role } from "./lexicon.ts";
import { readAssignment, readParticle, readValue, readViaPiece } from "./read-direction.ts";
import { literalFlag, readFlag } from "./read-flags.ts";
import {
  checkReason,
  readHoldPiece,
  readLink,
  readMarker,
  readPurposeTail,
  readReasonFirst,
} from "./read-link.ts";
import { readFlagPiece, readTargetPiece } from "./read-place.ts";
import { readReason, ticketShape } from "./read-reason.ts";
import { readTarget } from "./read-site.ts";
import { isDone, readVerb } from "./read-verb.ts";
import { readVia } from "./read-via.ts";
import { currentAction, note, type Reader, raise, take } from "./reader.ts";
import { addFlag, emptyDraft, type RequestDraft } from "./request.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

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
export function readRequest(tokens: readonly Token[], text: string, courteous = false): RequestDraft {
  const reader: Reader = {
    tokens,
    text,
    courteous,
    draft: emptyDraft(),
    index: 0,
    last: "start",
    joined: false,
  };
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

function unplaced(reader: Reader): void {
  const token = reader.tokens[reader.index];
  const found = issueRoles.find(([role]) => has(token, role));
  raise(reader, found?.[1] ?? (token?.kind === "broadcast" ? "hostile" : "unplaced-words"));
  reader.index++;
  reader.last = "other";
}

function readSign(reader: Reader, token: Token): boolean {
  switch (token.kind) {
    case "comma":
    case "dash":
    case "line":
    case "bullet":
    case "colon":
      if (setsValue(token) && (reader.last === "flag" || reader.last === "via") && readValue(reader))
        return true;
      take(reader, reader.index + 1, reader.last === "start" ? "start" : "join");
      return true;
    case "open": {
      if (readHoldPiece(reader)) return true;
      // "- [ ] enable ...": an item of somebody's list.
      if (reader.last === "start" && reader.tokens[reader.index + 1]?.kind === "close")
        raise(reader, "not-a-request");
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
    case "number":
      return readHoldPiece(reader);
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

/** "image pull: on", "vnetRouteAllEnabled -> true". */
function setsValue(token: Token): boolean {
  return token.kind === "colon" || (token.kind === "dash" && token.text.endsWith(">"));
}

/** Whoever is addressed at the beginning, or named at the very end, is no part of the sentence. */
function readMention(reader: Reader): boolean {
  const before = reader.tokens[reader.index - 1];
  const leading = reader.tokens
    .slice(0, reader.index)
    .every((token) => token.kind !== "word" || has(token, "polite"));
  // "@alice please ..." is said to Alice.
  if (leading && reader.tokens[reader.index]?.text.startsWith("@")) return false;
  const thanked =
    isWord(before, "cc", "fyi", "thanks", "thx", "thank you", "hi", "hello", "hey", "cheers") ||
    isWord(reader.tokens[reader.index + 1], "cc", "fyi");
  const trailing =
    reader.index === reader.tokens.length - 1 && !isWord(before, "for", "on", "of", "to", "by", "from", "in");
  if (!leading && !thanked && !trailing) return false;
  // "@routebot @alice please ...": said to Alice as well.
  const second = leading && reader.tokens.slice(0, reader.index).some((token) => token.kind === "mention");
  if (second) raise(reader, "not-a-request");
  reader.index++;
  return true;
}

/** Quotation marks and code marks may stand around a name or a setting; around more they quote somebody. */
function readQuoted(reader: Reader, token: Token): boolean {
  let end = reader.index + 1;
  while (end < reader.tokens.length && reader.tokens[end]?.text !== token.text) end++;
  if (end >= reader.tokens.length) end = -1;
  if (end < 0 || end === reader.index + 1) {
    reader.index++;
    return true;
  }
  const inside = reader.index + 1;
  const whole = inside === 1 && end === reader.tokens.length - 1;
  // "`@routebot` enable ...".
  if (end === inside + 1 && has(reader.tokens[inside], "polite")) {
    reader.index = end + 1;
    return true;
  }
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
    addFlag(currentAction(reader), flag);
    take(reader, end + 1, "flag");
    return true;
  }
  const target = readTarget(reader.tokens, { from: reader.index, led: true });
  if (target !== undefined && target.end > end) return readTargetPiece(reader);
  const value = reader.tokens[inside];
  // "`vnetImagePullEnabled: true`".
  const spelled =
    token.kind === "code" &&
    end === inside + 3 &&
    literalFlag(value?.text ?? "") !== undefined &&
    ["colon", "equals"].includes(reader.tokens[inside + 1]?.kind ?? "");
  const single =
    spelled || (end === inside + 1 && (value?.kind === "assignment" || hasAny(value, ["on", "off"])));
  if (single) {
    reader.index++;
    return true;
  }
  raise(reader, "quotation", end + 1);
  reader.index = end + 1;
  reader.last = "other";
  return true;
}

const frames = ["askGerund", "ask", "want", "makeSure", "lets"] as const;

/** "INC-12 enable ...", "... for INC-12": the id of a ticket, where it is not the site that is asked for. */
function isTicket(reader: Reader): boolean {
  const { tokens, index, draft } = reader;
  const capital = /^[A-Z]/.test(tokens[index]?.text ?? "");
  return capital && (!isOneOf(tokens[index - 1], placing) || draft.targets.length > 0);
}

const placing = new Set(["for", "on", "of", "to", "from", "at", "in", "app", "site", "and"]);

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
    checkReason(reader, reason.end);
    reader.index = reason.end;
    return true;
  }
  if (ticketShape.test(token.text) && isTicket(reader)) {
    note(reader, index + 1, "reason");
    draft.reason ??= token.text;
    reader.index++;
    return true;
  }
  // "outboundVnetRouting: { imagePullTraffic: true }".
  if (
    /^(?:properties|outboundvnetrouting)$/i.test(token.text) &&
    ["colon", "open", "quote"].includes(tokens[index + 1]?.kind ?? "")
  ) {
    reader.index++;
    return true;
  }
  if (isWord(token, "fyi") && tokens[index - 1]?.kind === "mention") {
    reader.index++;
    return true;
  }
  // "please you enable ...": the order keeps its subject.
  const ordered = tokens[index + 1]?.entry?.verb?.forms.has("base") === true;
  if (isWord(token, "you", "u") && ordered && draft.polite && has(tokens[index - 1], "polite")) {
    reader.index++;
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
  if (readHoldPiece(reader) || readMarker(reader, token) || readPurposeTail(reader, token)) return true;
  if (readViaPiece(reader)) return true;
  const valued = reader.last === "target" && ["value", "cause"].includes(reader.action?.verb?.class ?? "");
  const through = reader.last === "via" && reader.action?.verb?.class === "value";
  if ((reader.last === "flag" || valued || through) && readValue(reader)) return true;
  if (readParticle(reader, token)) return true;
  if (readPassive(reader, token)) return true;
  // "Please arrange for enabling ...".
  const gerund = tokens[index + 1]?.entry?.verb?.forms.has("ing") === true;
  if (isWord(token, "for") && gerund && draft.polite && draft.actions.length === 0) {
    draft.frame = "want";
    reader.index++;
    return true;
  }
  const frame = frames.find((role) => has(token, role));
  if (frame !== undefined && readFrame(reader, frame)) return true;
  return readVerb(reader) || readFlagPiece(reader);
}

/** "Can route all be enabled for app-x please?", "image pull must be turned off, please": asked of nobody by name. */
function readPassive(reader: Reader, token: Token): boolean {
  const { tokens, draft, index } = reader;
  const asks =
    index === 0 || tokens.slice(0, index).every((other) => has(other, "polite") || other.kind === "comma");
  const modal = asks ? isWord(token, "can", "could") : isWord(token, "must", "has to", "have to", "should");
  const courteous = () => tokens.some((other) => isWord(other, "please", "pls", "plz", "kindly"));
  if (!modal || draft.actions.some(({ verb }) => verb !== undefined) || !courteous()) return false;
  const be = tokens.findIndex((other, at) => at > index && isWord(other, "be"));
  const next = tokens.slice(index + 1).find((other) => !hasAny(other, ["polite", "filler"]));
  // "the content share should please go over the vnet".
  const does = !asks && next?.entry?.verb?.forms.has("base") === true && !has(next, "be");
  if (!does && (be < 0 || !isDone(tokens, be + 1))) return false;
  draft.frame = "want";
  draft.asked ||= asks;
  reader.index++;
  return true;
}

const opinionFrame =
  /^(?:(?:would|wud|might|may|do) (?:you|u|ya)|(?:would|will|is|it) (?:it|is) (?:be )?(?:possible|feasible|doable|ok)(?!.* for (?:you|u|someone)\b).*)$/;

function readFrame(reader: Reader, frame: (typeof frames)[number]): boolean {
  const { draft, tokens, index } = reader;
  const verbSeen = draft.actions.some((action) => action.verb !== undefined);
  const trailing = index + 1 >= tokens.length || hasAny(tokens[index + 1], ["polite"]);
  if (verbSeen && !(frame === "ask" && trailing) && !reader.joined) return false;
  if (frame === "want" && verbSeen) return false;
  if (frame !== "ask" || !verbSeen)
    draft.frame = draft.frame === "plain" || frame !== "ask" ? frame : draft.frame;
  // "Would you enable it?" may as well ask for an opinion.
  const opinion = opinionFrame.test(tokens[index]?.lower ?? "");
  // "..., would you": behind an order it only asks for it.
  const tag = verbSeen && trailing;
  if (
    opinion &&
    !tag &&
    !reader.courteous &&
    !tokens.some((other) => /please|pl[sz]|kindly/.test(other.lower))
  )
    raise(reader, "doubt");
  draft.polite ||= frame === "ask";
  draft.asked ||= frame === "ask" || frame === "askGerund";
  if (frame === "ask" && /\b(get|have)$/.test(tokens[index]?.lower ?? "")) draft.frame = "want";
  reader.index++;
  return true;
}
