import { literalFlag, readFlag } from "./read-flags.ts";
import { readKey } from "./read-scope.ts";
import { readVia } from "./read-via.ts";
import { currentAction, note, type Reader, raise, take } from "./reader.ts";
import { addFlag } from "./request.ts";
import { isStrongName } from "./site-name.ts";
import { has, hasAny, isWord, type Token, type TokenKind } from "./token.ts";

export function readAssignment(reader: Reader, token: Token): boolean {
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
    addFlag(action, {
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
export function readValue(reader: Reader): boolean {
  const { tokens } = reader;
  let index = reader.index;
  while (
    tokens[index]?.kind === "equals" ||
    tokens[index]?.kind === "colon" ||
    tokens[index]?.kind === "dash" ||
    isWord(tokens[index], "to", "as", "back", "be")
  )
    index++;
  const mark = tokens[index]?.kind;
  const marked = mark === "quote" || mark === "code";
  if (marked) index++;
  const token = tokens[index];
  // "vnetRouteAllEnabled true": a property needs no sign before its value.
  const literal =
    index === reader.index &&
    isWord(token, "true", "false") &&
    literalFlag(tokens[index - 1]?.text ?? "") !== undefined;
  const value =
    token === undefined || (index === reader.index && !literal) ? undefined : booleanOf(token.lower);
  if (value === undefined || isWord(token, "enable", "disable")) return false;
  if (isWord(token, "on", "off") && readVia(tokens, index) !== undefined) return false;
  const named = literalFlag(tokens[reader.index - 1]?.text ?? "") !== undefined;
  if (tokens[reader.index]?.kind === "equals" || named) reader.draft.assigned = true;
  settleFlags(reader, value, marked && tokens[index + 1]?.kind === mark ? index + 2 : index + 1);
  return true;
}

/** Gives flags that have no direction of their own one. */
function settleFlags(reader: Reader, on: boolean, end: number): void {
  const action = currentAction(reader);
  note(reader, end, on ? "on" : "off");
  const open = action.flags.slice(action.settled);
  const opposes = action.on !== undefined && action.on !== on && action.verb?.class !== "value";
  // "turn off image pull on ...": the verb has said it, and nothing else was named.
  const told = action.verb !== undefined && ["enable", "switch", "aspect"].includes(action.verb.class);
  if (opposes && told && action.flags.length === 1 && open.length === 1) {
    raise(reader, "contradiction", end);
    take(reader, end, "particle");
    return;
  }
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

export function readViaPiece(reader: Reader): boolean {
  const { tokens, index } = reader;
  if (isWord(tokens[index], "use", "uses")) return false;
  const object = isWord(tokens[index - 1], "use", "using", "uses");
  const phrase = readVia(tokens, object ? index - 1 : index);
  if (phrase === undefined) return readMadePublic(reader);
  const pulled = reader.draft.actions.some((action) => action.flags.at(-1)?.flags[0] === "imagePullTraffic");
  if (phrase.via === "public" && isWord(tokens[index], "from") && !pulled) return false;
  // "turn on vnet route all": the vnet belongs to the flag.
  const belongs = tokens.slice(index, phrase.end).findIndex((token) => has(token, "vnet"));
  const flag = belongs > 0 && phrase.via !== "public" ? readFlag(tokens, index + belongs) : undefined;
  if (flag !== undefined && isWord(tokens[index], "on", "off") && flag.weak !== true) return false;
  // "on the vnet of app-x" speaks of the network, not of the site; "image pull over the vnet of app-x" of its own.
  const { action: started } = reader;
  const own =
    isWord(tokens[index], "over", "through", "via") &&
    ["enable", "switch"].includes(started?.verb?.class ?? "") &&
    started?.flags.length === 1 &&
    reader.last === "flag" &&
    reader.draft.targets.length === 0;
  if (
    !own &&
    phrase.via === "vnet" &&
    isWord(tokens[phrase.end], "of") &&
    isStrongName(tokens[phrase.end + 1]) &&
    !isWord(tokens[phrase.end - 1], "integration")
  ) {
    raise(reader, "ambiguous-target", phrase.end + 2);
  }
  const action = currentAction(reader);
  const bothAway = action.via !== "vnet" && phrase.via !== "vnet";
  if (
    !bothAway &&
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

/** "make its traffic public". */
function readMadePublic(reader: Reader): boolean {
  const { tokens, index, action } = reader;
  const made = isWord(tokens[index], "public") && action?.verb?.lemma === "make" && action.flags.length > 0;
  if (!made || action === undefined) return false;
  note(reader, index + 1, "not through the virtual network");
  action.via = "public";
  take(reader, index + 1, "via");
  return true;
}

/** "on" and "off" that belong to a verb or to the flag before them, and not to a site behind them. */
export function readParticle(reader: Reader, token: Token): boolean {
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
  // "image pull on: app-x" tells a value; "turn off image pull on: app-x" a place.
  const apart = next?.kind === "colon" || next?.kind === "open";
  const closes =
    endsHere(next) ||
    (apart && (action?.on === undefined || action.on === on || action.verb?.class === "route"));
  const verb = action?.verb;
  const waits =
    verb !== undefined && action?.on === undefined && action?.flags.every((flag) => flag.on === undefined);
  const leadsOn = verb?.class === "cause" && on && reader.last === "flag" && !closes;
  const switching = waits && ["switch", "cause"].includes(verb.class) && !leadsOn;
  const values = verb?.class === "value" || (verb?.class === "route" && verb.lemma === "put");
  const through =
    reader.last === "via" && action?.via === "vnet" && (action?.flags.length ?? 0) > (action?.settled ?? 0);
  const afterFlag = (reader.last === "flag" || through) && closes;
  const second =
    (reader.last === "join" || reader.last === "particle") &&
    (closes || readFlag(tokens, index + 1) !== undefined) &&
    verb !== undefined;
  const courteous = reader.tokens.slice(index + 1).every((token) => has(token, "polite"));
  // "turn the route all of app-x off" is read by its verb; "put the route all of app-x off" by the last word.
  const afterSite =
    reader.last === "target" &&
    courteous &&
    (verb === undefined || verb.lemma === "put") &&
    (action?.flags.length ?? 0) > 0;
  if (
    !switching &&
    !afterFlag &&
    !afterSite &&
    !(values && (reader.last === "flag" || reader.last === "verb")) &&
    !second &&
    !(on === false && reader.last === "flag")
  )
    return false;
  if (values && on && isStrongName(next) && reader.last === "flag") return false;
  settleFlags(reader, on, index + 1);
  return true;
}

/** Signs that end a phrase; everything else may be a name: "turn off image pull on https://...", "... on `app-x`". */
const closing: ReadonlySet<TokenKind> = new Set([
  "comma",
  "stop",
  "line",
  "dash",
  "close",
  "bullet",
  "fence",
  "junk",
]);

/** Whether "on" or "off" before this token closes what was said, and does not lead to a name. */
export function endsHere(next: Token | undefined): boolean {
  return (
    next === undefined ||
    closing.has(next.kind) ||
    has(next, "and") ||
    hasAny(next, ["polite", "filler", "reason", "temporarily"]) ||
    isWord(next, "for", "on", "of", "in", "at", "over", "via", "through", "again")
  );
}
