import { isSign, lateSlot } from "./read-field.ts";
import { isFlagWord, readFlag } from "./read-flags.ts";
import { looksLikeGroup, readScopes } from "./read-scope.ts";
import { readTarget } from "./read-site.ts";
import { readTargets } from "./read-targets.ts";
import { currentAction, note, type Reader, raise, take } from "./reader.ts";
import { addFlag, type RequestDraft, sameTarget } from "./request.ts";
import { endsPhrase, isLedName, isStrongName, type TargetPhrase } from "./site-name.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

export function readFlagPiece(reader: Reader, afterRoute = false): boolean {
  const { tokens, index } = reader;
  const routeVerb = afterRoute || (reader.last === "verb" && reader.action?.verb?.lemma === "route");
  const phrase = readFlag(tokens, index, routeVerb) ?? readOwnedFlag(reader);
  if (phrase === undefined) return false;
  const action = currentAction(reader);
  if (tokens.slice(index, phrase.end).some((token) => isWord(token, "its", "their")))
    reader.draft.pointsBack = true;
  note(reader, phrase.end, phrase.everything === true ? "everything" : phrase.flags.join(", "));
  addFlag(action, phrase);
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
  return {
    flags: phrase.flags,
    raw: true,
    end: phrase.end,
    ...(phrase.ambiguous === true ? { ambiguous: true } : {}),
  };
}

export function addTargets(reader: Reader, targets: RequestDraft["targets"]): void {
  const { draft } = reader;
  if (draft.scope !== undefined && draft.targets.length === 0) {
    for (const target of targets) {
      if (draft.scope.resourceGroup !== undefined) target.resourceGroup ??= draft.scope.resourceGroup;
      if (draft.scope.subscription !== undefined) target.subscription ??= draft.scope.subscription;
      if (draft.scope.slot !== undefined) target.slot ??= draft.scope.slot;
    }
    delete draft.scope;
  }
  for (const target of targets) {
    if (!draft.targets.some((other) => sameTarget(other, target))) draft.targets.push(target);
    const action = currentAction(reader);
    if (action.order.at(-1) !== "@") action.order.push("@");
    if (!action.targets.some((other) => sameTarget(other, target))) action.targets.push(target);
  }
}

/** At the beginning: "Regarding app-x: please ...". */
const topics = new Set(["about", "regarding", "concerning", "re", "as for", "with"]);

const leads = new Set([
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
]);

export function readTargetPiece(reader: Reader): boolean {
  const { tokens, index, draft } = reader;
  let start = index;
  const four = tokens[start]?.text === "4" && isStrongName(tokens[start + 1]);
  const topic = reader.last === "start" && isOneOf(tokens[start], topics) && isStrongName(tokens[start + 1]);
  const led = isOneOf(tokens[start], leads) || four || topic;
  if (isWord(tokens[start], "to") && tokens[start + 1]?.entry !== undefined) return false;
  // "a preview of enabling ...".
  if (led && draft.dryRun && tokens[start + 1]?.entry?.verb?.forms.has("ing") === true) return false;
  // "route all traffic to app-x": where to, not whose.
  const destination =
    isWord(tokens[start], "to") &&
    ["route", "carry", "go"].includes(reader.action?.verb?.class ?? "") &&
    reader.action?.verb?.lemma !== "put";
  const loose = isWord(tokens[start], "with", "by") && !isStrongName(tokens[start + 1]);
  if (loose) return false;
  if (led && isWord(tokens[start + 1], "both", "each") && endsPhrase(tokens, start + 2)) {
    draft.pointsBack = true;
    take(reader, start + 2, "target");
    return true;
  }
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
  const heading =
    !led &&
    looksLikeGroup(tokens[index]) &&
    ["colon", "comma", "dash"].includes(tokens[index + 1]?.kind ?? "");
  if (heading && draft.targets.length === 0 && draft.scope === undefined) {
    draft.scope = { resourceGroup: tokens[index]?.text ?? "" };
    note(reader, index + 1, "where the site is");
    take(reader, index + 1, "target");
    return true;
  }
  // "..., rg-shop".
  const [site, second] = draft.targets;
  const late = !led && looksLikeGroup(tokens[index]) && isSign(tokens[index - 1]) && second === undefined;
  if (late && site !== undefined && site.resourceGroup === undefined && site.all !== true) {
    site.resourceGroup = tokens[index]?.text ?? "";
    note(reader, index + 1, "where the site is");
    take(reader, index + 1, "target");
    return true;
  }
  if (led && isWord(tokens[index], "in") && looksLikeGroup(tokens[start]) && readLateScope(reader))
    return true;
  // "..., the app is shop-web": another one than was named before?
  const renames =
    !led && draft.targets.length > 0 && has(tokens[index], "determiner") && has(tokens[index + 1], "app");
  if (renames && isWord(tokens[index + 2], "is")) raise(reader, "ambiguous-target", index + 3);
  const phrase: TargetPhrase | undefined = plain
    ? { targets: [{ name: tokens[start]?.text ?? "" }], end: start + 1 }
    : readTargets(tokens, { from: start, led });
  if (phrase === undefined) return readLateScope(reader);
  if (destination) raise(reader, "ambiguous-target", phrase.end);
  if (phrase.pointsBack === true) {
    draft.pointsBack = true;
    // "let him enable ..." leaves it to somebody else.
    const person = isWord(tokens[phrase.end - 1], "him", "her", "them") && !led;
    if (person && (reader.last === "verb" || !isWord(tokens[phrase.end - 1], "them")))
      raise(reader, "not-a-request");
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
  // "..., of app-y": without "and" it may as well correct the site before it.
  const said = led ? tokens[index]?.lower : undefined;
  const corrects =
    already && fresh && said !== undefined && tokens[index - 1]?.kind === "comma" && said !== reader.lead;
  if (separate || corrects) raise(reader, "ambiguous-target", phrase.end);
  if (said !== undefined) reader.lead ??= said;
  if (
    !led &&
    draft.explanation.length === 0 &&
    (tokens[phrase.end]?.kind === "colon" || tokens[phrase.end]?.kind === "dash")
  )
    draft.titled = true;
  const states = (token: Token) => isWord(token, "still", "currently", "presently", "overall", "already");
  const again = draft.titled && already && tokens[phrase.end]?.kind === "colon";
  if (again || (draft.titled && (tokens[phrase.end]?.kind === "dash" || tokens.some(states))))
    draft.reports = true;
  // "..., the staging slot too": the site as well.
  const apart = tokens.slice(start, phrase.end).findIndex(isSign);
  const slotted = apart > 0 && phrase.targets.some(({ slot }) => slot !== undefined);
  if (slotted && isWord(tokens[phrase.end], "too", "also", "as well", "likewise"))
    raise(reader, "ambiguous-target", phrase.end + 1);
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
    (token.corrected || hasAny(token, ["backup", "restore", "image", "content", "config"]));
  return alone && reader.tokens.slice(at + 1).every((other) => other.kind !== "word" || has(other, "polite"));
}

/** A group or subscription apart from the name: "route all traffic for app-x please, in rg-shop". */
function readLateScope(reader: Reader): boolean {
  const { draft } = reader;
  const { targets } = draft;
  const late = lateSlot(reader.tokens, reader.index);
  const [site] = targets;
  if (late !== undefined && site !== undefined && !has(reader.tokens[reader.index - 1], "only")) {
    // "..., and the staging slot too": the site as well.
    const before = reader.tokens[reader.index - 1];
    const adds = has(before, "and") || isWord(before, "also");
    const more = adds || isWord(reader.tokens[late.end], "too", "also", "as well", "likewise");
    if (more || targets.length > 1 || site.all === true || (site.slot ?? late.slot) !== late.slot)
      raise(reader, "ambiguous-target", late.end);
    else site.slot = late.slot;
    note(reader, late.end, "where the site is");
    take(reader, late.end, "target");
    return true;
  }
  const scope = readScopes(reader.tokens, reader.index);
  if (scope.end === reader.index) return false;
  if (scope.ambiguous === true) raise(reader, "ambiguous-target", scope.end);
  else if (targets.length === 0) {
    const { resourceGroup, subscription } = scope;
    draft.scope = {
      ...(resourceGroup === undefined ? {} : { resourceGroup }),
      ...(subscription === undefined ? {} : { subscription }),
    };
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
