import type { TargetReference } from "../domain/command.ts";
import { looksLikeGroup, readKey, readScopes, type ScopePhrase } from "./read-scope.ts";
import {
  endsPhrase,
  isPlainName,
  isPossibleName,
  isStrongName,
  isUnknownName,
  nameShape,
  type Request,
  readName,
  type TargetPhrase,
  type Tokens,
} from "./site-name.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

const slotLinks = new Set(["of", "on", "for", "in", "from", "at"]);

function skipNaming(tokens: Tokens, from: number): number {
  let index = from;
  while (
    tokens[index]?.kind === "colon" ||
    tokens[index]?.kind === "equals" ||
    isItemSign(tokens, index) ||
    isWord(tokens[index], "named", "called", "is", "name") ||
    (isWord(tokens[index], "at", "with", "on") &&
      (tokens[index + 1]?.kind === "host" || tokens[index + 1]?.kind === "arm"))
  )
    index++;
  return index;
}

/** "for these apps:" and below it "* app-a": the sign of the first item. */
function isItemSign(tokens: Tokens, index: number): boolean {
  let before = index - 1;
  while (["line", "bullet", "dash"].includes(tokens[before]?.kind ?? "")) before--;
  const sign = ["line", "bullet"].includes(tokens[index]?.kind ?? "");
  return tokens[before]?.kind === "colon" && (sign || (tokens[index]?.kind === "dash" && index > before + 1));
}

const openers = new Set(["quote", "code", "open"]);

/** One site, slot or "all apps in ...", with its group and subscription. */
export function readTarget(tokens: Tokens, request: Request): TargetPhrase | undefined {
  let index = request.from;
  while (hasAny(tokens[index], ["determiner"]) || has(tokens[index], "both")) index++;
  // "each of app-a, app-b".
  if (
    / of$/.test(tokens[index]?.lower ?? "") &&
    has(tokens[index], "all") &&
    isStrongName(tokens[index + 1]) &&
    !looksLikeGroup(tokens[index + 1])
  )
    index++;
  // "for the following: app-a, app-b".
  const listed = isWord(tokens[index - 1], "following", "these", "those") && tokens[index]?.kind === "colon";
  if (listed && request.led) return readSite(tokens, skipNaming(tokens, index), request);
  const described =
    has(tokens[index - 1], "determiner") && isUnknownName(tokens[index]) && !isStrongName(tokens[index]);
  if (
    described &&
    !has(tokens[index + 1], "app") &&
    !has(tokens[index + 1], "slot") &&
    !has(tokens[index + 1], "group")
  ) {
    return request.led ? { targets: [], end: index + 1, issue: "ambiguous-target" } : undefined;
  }
  return (
    readAll(tokens, index) ??
    readSlotFirst(tokens, index) ??
    readSite(tokens, index, { led: request.led, from: request.from })
  );
}

/** "all apps in rg-x", "every site of subscription y", "the apps in rg-x". */
function readAll(tokens: Tokens, noun: number): TargetPhrase | undefined {
  let index = noun;
  let all = false;
  while (
    has(tokens[index], "all") ||
    has(tokens[index], "determiner") ||
    (all && isWord(tokens[index], "of", "single", "the", "web", "our"))
  ) {
    all = all || has(tokens[index], "all");
    index++;
  }
  const before = all && looksLikeGroup(tokens[index]) ? tokens[index]?.text : undefined;
  if (before !== undefined) index++;
  const plural = /(apps|applications|sites|services|webapps|websites|web-apps|appservices)$/.test(
    tokens[index]?.lower ?? "",
  );
  const isApp = has(tokens[index], "app");
  const kinds = /function|logic/.test(tokens[index]?.lower ?? "");
  if (
    !(isApp && (all || plural)) ||
    (isApp && !all && (isUnknownName(tokens[index + 1]) || tokens[index + 1]?.kind === "colon"))
  ) {
    const whole = all && (before !== undefined || has(tokens[index], "group"));
    if (!whole) return undefined;
    const scope: ScopePhrase =
      before === undefined ? readScopes(tokens, index) : { resourceGroup: before, end: index };
    return scope.end > index || before !== undefined ? scoped(scope) : undefined;
  }
  if (isStrongName(tokens[index + 1]) && !looksLikeGroup(tokens[index + 1])) return undefined;
  let scope = readScopes(tokens, index + 1);
  if (scope.end === index + 1 && looksLikeGroup(tokens[index + 1])) {
    scope = { resourceGroup: tokens[index + 1]?.text ?? "", end: index + 2 };
  }
  const merged: ScopePhrase = before === undefined ? scope : { ...scope, resourceGroup: before };
  const phrase = scoped(merged);
  return kinds && phrase.issue === undefined ? { ...phrase, issue: "unsupported" } : phrase;
}

export function scoped(scope: ScopePhrase): TargetPhrase {
  const target: TargetReference = {
    all: true,
    ...(scope.resourceGroup === undefined ? {} : { resourceGroup: scope.resourceGroup }),
    ...(scope.subscription === undefined ? {} : { subscription: scope.subscription }),
  };
  const bound = scope.resourceGroup !== undefined || scope.subscription !== undefined;
  if (scope.ambiguous === true) return { targets: [target], end: scope.end, issue: "ambiguous-target" };
  return bound
    ? { targets: [target], end: scope.end }
    : { targets: [target], end: scope.end, issue: "missing-target" };
}

/** "the staging slot of app-x", "slot staging on app-x". */
function readSlotFirst(tokens: Tokens, index: number): TargetPhrase | undefined {
  const first = tokens[index];
  let slot: string | undefined;
  let end = index;
  let noun: Token | undefined;
  if (has(first, "slot")) {
    const named = skipNaming(tokens, index + 1);
    const after = readSlotName(tokens, named);
    if (after !== undefined && !isOneOf(tokens[named], slotLinks)) {
      slot = after.name;
      end = after.end;
      noun = first;
    }
  } else {
    const before = readSlotName(tokens, index);
    if (before !== undefined && has(tokens[before.end], "slot") && !has(first, "app")) {
      slot = before.name;
      end = before.end + 1;
      noun = tokens[before.end];
    }
  }
  if (slot === undefined || !isOneOf(tokens[end], slotLinks)) return undefined;
  const site = readTarget(tokens, { from: end + 1, led: true });
  if (site === undefined) return undefined;
  if (site.pointsBack === true) return { ...site, targets: [{ slot }] };
  const [target] = site.targets;
  if (target === undefined || site.targets.length > 1) return undefined;
  const plural = noun?.lower.endsWith("s") === true;
  const issue = target.slot !== undefined || target.all === true ? "ambiguous-target" : site.issue;
  return {
    targets: [{ ...target, slot }],
    end: site.end,
    ...(issue === undefined ? {} : { issue }),
    ...(plural ? {} : { slotFirst: true as const }),
  };
}

function readSlotName(tokens: Tokens, index: number): { name: string; end: number } | undefined {
  const quoted = openers.has(tokens[index]?.kind ?? "word") && tokens[index]?.kind !== "open";
  const token = tokens[quoted ? index + 1 : index];
  if (token?.kind !== "word" || token.possessive || !nameShape.test(token.text)) return undefined;
  if (token.corrected) return { name: token.text, end: quoted ? index + 3 : index + 1 };
  if (
    hasAny(token, ["determiner", "all", "and", "or", "pronoun", "slot", "app"]) ||
    token.entry?.verb !== undefined
  )
    return undefined;
  if (isOneOf(token, slotLinks) || isWord(token, "to", "with")) return undefined;
  return { name: token.text, end: quoted ? index + 3 : index + 1 };
}

function readSite(
  tokens: Tokens,
  start: number,
  request: { led: boolean; from: number },
): TargetPhrase | undefined {
  let index = start;
  let led = request.led;
  const key = readKey(tokens[index]);
  if (key !== undefined && /^(app|site|name)$/.test(key.key) && isPossibleName(key.value)) {
    return afterName(tokens, { name: key.value }, index + 1);
  }
  if (has(tokens[index], "app")) {
    const named = skipNaming(tokens, index + 1);
    const address = tokens[named]?.kind === "host" || tokens[named]?.kind === "arm";
    if (!isPlainName(tokens, named) && !openers.has(tokens[named]?.kind ?? "word") && !address) {
      const back =
        index > request.from &&
        request.led &&
        !/s$/.test(tokens[index]?.lower ?? "") &&
        endsPhrase(tokens, index + 1);
      return back ? { targets: [], end: index + 1, pointsBack: true } : undefined;
    }
    index = named;
    led = true;
  } else if (
    led &&
    isWord(tokens[request.from], "a", "i", "u", "n") &&
    (has(tokens[request.from + 1], "and") ||
      tokens.slice(request.from + 1).every((token) => has(token, "polite")))
  ) {
    return { targets: [{ name: tokens[request.from]?.text ?? "" }], end: request.from + 1 };
  } else if (has(tokens[index], "pronoun") && endsPhrase(tokens, index + 1)) {
    return { targets: [], end: index + 1, pointsBack: true };
  }
  const quote =
    openers.has(tokens[index]?.kind ?? "word") && tokens[index]?.kind !== "open"
      ? tokens[index]?.kind
      : undefined;
  if (quote !== undefined) {
    index++;
    led = true;
  }
  const token = tokens[index];
  if (
    isUnknownName(token) &&
    has(tokens[index + 1], "app") &&
    !hasAny(tokens[index + 2], ["traffic", "outbound", "internet"])
  )
    led = true;
  const target = token === undefined ? undefined : readName(tokens, index, led);
  if (target === undefined || token === undefined) return undefined;
  if (target.issue !== undefined) return target;
  let end = target.end;
  if (quote !== undefined) {
    if (tokens[end]?.kind !== quote) return undefined;
    end++;
  }
  const [named] = target.targets;
  // "`app-x`/staging".
  const slot = tokens[end + 1];
  const slashed =
    quote !== undefined && tokens[end]?.kind === "slash" && tokens[end]?.glued && slot?.glued === true;
  if (named !== undefined && slashed && slot.kind === "word" && nameShape.test(slot.text)) {
    named.slot = slot.text;
    end += 2;
  }
  return named === undefined ? undefined : afterName(tokens, named, end, token.possessive);
}

/** What may follow a name: "app", its slot, its group and subscription. */
function afterName(tokens: Tokens, named: TargetReference, from: number, possessive = false): TargetPhrase {
  const target = { ...named };
  let index = from;
  if (
    has(tokens[index], "app") &&
    !possessive &&
    !(has(tokens[index], "runtime") && hasAny(tokens[index + 1], ["traffic", "routing", "outbound"]))
  )
    index++;
  const before = readScopes(tokens, index);
  const early = before.end > index && before.ambiguous !== true ? before : undefined;
  if (early !== undefined) index = early.end;
  // "app-x rg-shop": right behind the name, a group's name can only be its group.
  const bare =
    early === undefined && looksLikeGroup(tokens[index]) && index > 0 ? tokens[index]?.text : undefined;
  if (bare !== undefined && endsPhrase(tokens, index + 1)) {
    target.resourceGroup = bare;
    index++;
  }
  const slot = readSlotAfter(tokens, index);
  if (slot !== undefined) {
    if (target.slot !== undefined && target.slot !== slot.name)
      return { targets: [target], end: slot.end, issue: "ambiguous-target" };
    target.slot = slot.name;
    index = slot.end;
  }
  const late = readScopes(tokens, index);
  index = late.end;
  const resourceGroup =
    late.resourceGroup ?? early?.resourceGroup ?? target.resourceGroup ?? named.resourceGroup;
  const subscription = late.subscription ?? early?.subscription ?? named.subscription;
  if (resourceGroup !== undefined) target.resourceGroup = resourceGroup;
  if (subscription !== undefined) target.subscription = subscription;
  const issue = late.ambiguous === true ? ({ issue: "ambiguous-target" } as const) : {};
  return { targets: [target], end: index, ...issue };
}

/** "staging slot", "slot staging", "(staging slot)", ", slot: staging" after a name. */
function readSlotAfter(tokens: Tokens, from: number): { name: string; end: number } | undefined {
  let index = from;
  const key = readKey(tokens[index]);
  if (key?.key === "slot" && isPossibleName(key.value)) return { name: key.value, end: index + 1 };
  const opened = tokens[index]?.kind === "open";
  while (tokens[index]?.kind === "comma" || tokens[index]?.kind === "open" || tokens[index]?.kind === "dash")
    index++;
  if (isWord(tokens[index], "in", "on", "at", "with", "and-slot", "'s")) index++;
  while (has(tokens[index], "determiner")) index++;
  // "slots excluded", "slots as well".
  if (has(tokens[index], "slot") && /s$/.test(tokens[index]?.lower ?? "")) return undefined;
  let read: { name: string; end: number } | undefined;
  if (has(tokens[index], "slot")) read = readSlotName(tokens, skipNaming(tokens, index + 1));
  else {
    const named = readSlotName(tokens, index);
    if (named !== undefined && has(tokens[named.end], "slot"))
      read = { name: named.name, end: named.end + 1 };
  }
  if (read === undefined) return undefined;
  return opened && tokens[read.end]?.kind === "close" ? { ...read, end: read.end + 1 } : read;
}
