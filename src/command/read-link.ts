import { purposes } from "./explanation-words.ts";
import { isExplanation } from "./judge-explanation.ts";
import { configurationFlags, readFlag } from "./read-flags.ts";
import { readDuration, readHold } from "./read-limits.ts";
import { readReason, reasonEnd } from "./read-reason.ts";
import { currentAction, note, type Reader, raise, take } from "./reader.ts";
import { isStrongName } from "./site-name.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

export function readHoldPiece(reader: Reader): boolean {
  const { tokens, index, draft } = reader;
  // "temporarily ..., 90 minutes": the length of time may stand alone.
  const apart = draft.temporary && draft.revertAfter === undefined ? readDuration(tokens, index) : undefined;
  const hold = readHold(tokens, index) ?? apart;
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

/** "because of the audit, route all traffic ...": the reason ends where the request begins. */
export function readReasonFirst(reader: Reader): boolean {
  const { tokens, index, draft } = reader;
  for (let at = index + 1; at < tokens.length; at++) {
    const courteous =
      at > index + 1 && (isWord(tokens[at], "please", "pls", "plz", "kindly") || has(tokens[at], "ask"));
    if (tokens[at]?.kind !== "comma" && !courteous) continue;
    let next = courteous ? at : at + 1;
    while (hasAny(tokens[next], ["filler", "polite"]) && !has(tokens[next], "ask")) next++;
    const asks =
      tokens[next]?.entry?.verb?.forms.has("base") === true || hasAny(tokens[next], ["ask", "want", "lets"]);
    const reason = asks
      ? readReason({ tokens: tokens.slice(0, at), from: index, text: reader.text })
      : undefined;
    if (reason === undefined) continue;
    draft.reason = reason.reason;
    take(reader, courteous ? at : at + 1, "start");
    return true;
  }
  return false;
}

export function checkReason(reader: Reader, end: number): void {
  const rest = reader.tokens.slice(reader.index + 1, end);
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
    // "because of INC-12, and image pull too": one more flag.
    const flag = joined ? readFlag(rest, at) : undefined;
    const ends = (one: Token) => hasAny(one, ["polite", "filler", "and"]) || isWord(one, "too");
    if (flag !== undefined && flag.weak !== true && rest.slice(flag.end).every(ends))
      raise(reader, "unplaced-words");
  }
}

export function readMarker(reader: Reader, token: Token): boolean {
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
  // "use break glass to route all traffic ...": an order all the same.
  const orders = reader.tokens[reader.index + 1]?.entry?.verb?.forms.has("base") === true;
  if (reader.last === "start" && isWord(reader.tokens[reader.index], "to") && orders) {
    draft.frame = "want";
    reader.index++;
  }
  return true;
}

const occasions = new Set(
  "audit audits auditors auditor compliance security safety reasons purposes pentest certification".split(
    " ",
  ),
);

/** "... to satisfy the auditors", "... for the PCI audit", "(see INC-12)": what a whole request is for. */
export function readPurposeTail(reader: Reader, token: Token): boolean {
  const { draft, tokens, index } = reader;
  const leads = isWord(token, "to", "for", "in order to");
  if (!leads || reader.last !== "target" || !isWhole(draft)) return false;
  let end = tokens.length;
  while (end > index && (hasAny(tokens[end - 1], ["polite"]) || tokens[end - 1]?.kind === "close")) end--;
  const rest = tokens.slice(index + 1, end);
  const serves = isWord(token, "for")
    ? isOneOf(rest.at(-1), occasions)
    : isOneOf(rest[0], purposes) && rest.length > 1;
  if (!serves || rest.some((other) => other.kind !== "word" || mayBound(other))) return false;
  note(reader, end, "reason");
  draft.reason ??= reader.text.slice(rest[0]?.start, rest.at(-1)?.end);
  reader.index = end;
  return true;
}

function mayBound(token: Token): boolean {
  return (
    isStrongName(token) ||
    token.entry?.act !== undefined ||
    (token.entry?.verb?.on !== undefined && token.entry.verb.forms.has("base")) ||
    hasAny(token, [
      "condition",
      "takeBack",
      "hostile",
      "negation",
      "but",
      "doubt",
      "only",
      "later",
      "or",
      "slot",
      "app",
      "group",
      "subscription",
      "environment",
    ])
  );
}

function isWhole(draft: Reader["draft"]): boolean {
  return draft.targets.length > 0 && draft.actions.some((action) => action.flags.length > 0);
}

/** Words between the pieces: they join, bound or give a reason, or add nothing. */
export function readLink(reader: Reader, token: Token): boolean {
  const { tokens, draft, index, last } = reader;
  const next = tokens[index + 1];
  const orders = next?.entry?.verb?.forms.has("base") === true || hasAny(next, ["ask", "polite", "want"]);
  const skipped = linkLength(reader, token);
  if (has(token, "and")) take(reader, index + 1, last === "start" ? "start" : "join");
  else if (has(token, "but") && orders) take(reader, index + 1, "join");
  else if (has(token, "including") && readIncluding(reader)) return true;
  else if (has(token, "only")) readOnly(reader);
  else if (skipped > 0) reader.index += skipped;
  else if (has(token, "pronoun") && last !== "start") {
    draft.pointsBack = true;
    reader.index++;
  } else if (isWord(token, "me", "us") && last === "verb" && reader.action?.verb?.class === "enable")
    reader.index++;
  else if (has(token, "purpose")) return readPurpose(reader);
  else return false;
  return true;
}

/** How many words here only hold the sentence together; 0 when they say something. */
function linkLength(reader: Reader, token: Token): number {
  const { tokens, draft, index } = reader;
  const next = tokens[index + 1];
  const verb = next?.entry?.verb;
  const flagNext = () => readFlag(tokens, index + 1) !== undefined;
  if (draft.dryRun && isWord(token, "if", "when")) return has(next, "subject") ? 2 : 1;
  const stated = draft.frame === "want" || draft.frame === "makeSure";
  const everything = () =>
    draft.actions.some((action) => action.flags.some((flag) => flag.everything === true));
  const links =
    has(token, "filler") ||
    // "app-a and app-b both need ...".
    (has(token, "both") && has(next, "want")) ||
    (hasAny(token, ["determiner", "both"]) &&
      (flagNext() || has(next, "routing") || next?.kind === "quote" || next?.kind === "code")) ||
    // "the damn route all".
    (has(token, "determiner") && has(next, "filler") && readFlag(tokens, index + 2) !== undefined) ||
    (isWord(token, "do") && verb?.forms.has("base") === true) ||
    // "enable the following for app-x: ...".
    (reader.last === "verb" &&
      (isWord(next, "following") ||
        (isWord(token, "following", "these") && isWord(next, "for", "on", "in", "of")))) ||
    (isWord(token, "already") && index === tokens.length - 1) ||
    (isWord(token, "over") && isWord(next, "to")) ||
    (isWord(token, "to", "and to") && (verb !== undefined || hasAny(next, ["be", "filler"]))) ||
    (isWord(token, "of", "for", "on", "from") && (has(next, "routing") || flagNext())) ||
    // "enable image pull over backups" may as well prefer the one to the other.
    (isWord(token, "over") && reader.last !== "flag" && (has(next, "routing") || flagNext())) ||
    // "... go over the vnet with everything".
    (isWord(token, "with") && reader.last === "via" && flagNext()) ||
    (hasAny(token, ["routing", "feature", "vnet"]) && draft.actions.length > 0 && !token.possessive) ||
    (has(token, "be") && (stated || draft.dryRun)) ||
    (isWord(token, "that", "which") && stated) ||
    (isWord(token, "from") && verb?.forms.has("ing") === true) ||
    (draft.dryRun && isWord(token, "of", "for") && verb !== undefined) ||
    (has(token, "including") && everything());
  return links ? 1 : 0;
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
  // "..., only that": the app alone, or its traffic alone?
  else if (reader.last !== "target" && !leadsToSite(tokens, index + 1)) raise(reader, "ambiguous-flag");
  reader.index++;
}

function leadsToSite(tokens: readonly Token[], from: number): boolean {
  return isWord(tokens[from], "for", "on", "the") || isStrongName(tokens[from]) || has(tokens[from], "app");
}

/** "as a workaround"; "as an example" is no request. */
function isNamedPurpose(rest: readonly Token[]): boolean {
  const idle = isWord(
    rest.at(-1),
    "example",
    "test",
    "draft",
    "joke",
    "suggestion",
    "proposal",
    "reminder",
    "admin",
    "note",
    "question",
    "exercise",
    "experiment",
  );
  return isWord(rest[0], "a", "an", "the", "our") && rest.length > 1 && rest.length <= 6 && !idle;
}

/** "since ...", "so that ..." after a whole request tells why. */
function readPurpose(reader: Reader): boolean {
  const { draft, tokens, index } = reader;
  const end = reasonEnd(tokens, index + 2);
  const rest = tokens.slice(index + 1, end);
  const clause = rest.some((token) => hasAny(token, ["be", "modal", "told", "want", "subject"]));
  if (isWord(tokens[index], "as") && !clause && !isNamedPurpose(rest) && !isExplanation(rest)) return false;
  // "since 2 hours", "as an emergency change": how long, or how.
  const how = readDuration(rest, 0) !== undefined || rest.some((token) => isWord(token, "emergency"));
  if (!isWhole(draft) || rest.length < 2 || how) return false;
  const bound = rest.some((token) =>
    hasAny(token, ["condition", "takeBack", "hostile", "negation", "but", "doubt", "only", "later"]),
  );
  if (bound && !isExplanation(rest)) return false;
  const orders = rest.some((token, at) => {
    const said =
      hasAny(rest[at - 1], ["subject", "modal"]) ||
      (at === 0 && / (?:i|we|they)$/.test(tokens[index]?.lower ?? ""));
    return !said && token.entry?.verb?.on !== undefined && token.entry.verb.forms.has("base");
  });
  if (orders) return false;
  const first = rest[0];
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return false;
  note(reader, end, "reason");
  const opener = tokens[index];
  const pronoun = opener !== undefined && /^so (?!that)/.test(opener.lower);
  const start = pronoun ? opener.start + opener.text.indexOf(" ") + 1 : first.start;
  draft.reason = reader.text.slice(start, last.end);
  reader.index = end;
  return true;
}
