import type { TargetReference } from "../domain/command.ts";
import type { RoutingFlag } from "../domain/routing/routing-flag.ts";
import { readChangeId } from "./act-head.ts";
import { literalFlag, readFlag } from "./read-flags.ts";
import { looksLikeGroup, readScopes } from "./read-scope.ts";
import { readTargets } from "./read-targets.ts";
import { readVia } from "./read-via.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

export type Tokens = readonly Token[];

export type Sentence = { tokens: Tokens; text: string; question: boolean };

export type Scan = {
  targets: TargetReference[];
  flags: RoutingFlag[];
  issue?: "missing-target" | "invalid-target" | "ambiguous-target";
  /** Group-like scope with no app named. */
  scope?: TargetReference;
  legacy: boolean;
  changeId?: ReturnType<typeof readChangeId>;
};

/** `framed`: "can you ..." went before. */
export type QuestionRequest = Sentence & { scan: Scan; framed: boolean };

/** Finds sites, flags and change ids wherever they stand. */
export function scanAll(tokens: Tokens): Scan {
  const legacy = tokens.some((token) => isWord(token, "legacy"));
  const scan: Scan = { targets: [], flags: [], legacy };
  let index = 0;
  while (index < tokens.length) {
    const token = tokens[index];
    const before = tokens[index - 1];
    const change = token?.kind === "change" || isWord(token, "cr") ? readChangeId(tokens, index) : undefined;
    if (change !== undefined) {
      scan.changeId ??= change;
      index = change.end;
      continue;
    }
    if (/^website_/i.test(token?.text ?? "")) scan.legacy = true;
    const via = readVia(tokens, index);
    if (via !== undefined) {
      index = via.end;
      continue;
    }
    // "what is waiting for approval?", "audit legacy settings", "history since today".
    if (isNoName(tokens, index)) {
      index++;
      continue;
    }
    const shown = hasAny(before, ["show", "statusNoun", "history", "audit"]) || isWord(before, "get");
    const led =
      leadsName(before) ||
      (shown && token?.entry === undefined) ||
      (index === 0 && tokens.length === 1 && !hasAny(token, askedFor) && !isWord(token, "changes"));
    const flag = readFlag(tokens, index, isWord(before, "route", "routing", "routes", "routed"));
    if (
      flag !== undefined &&
      flag.end > index &&
      !(led && flag.end === index + 1 && token?.text.includes("-"))
    ) {
      for (const name of flag.everything === true ? (["allTraffic"] as const) : flag.flags)
        if (!scan.flags.includes(name)) scan.flags.push(name);
      if (flag.appSetting === true) scan.legacy = true;
      index = flag.end;
      continue;
    }
    const group =
      (led || shown || index === 0 || joinsGroup(tokens, index, scan)) &&
      looksLikeGroup(token) &&
      readTargets(tokens, { from: index + 1, led: false }) === undefined;
    const phrase = group ? undefined : readTargets(tokens, { from: index, led });
    if (group) {
      scan.targets.push({ all: true, resourceGroup: token?.text ?? "" });
      index++;
      continue;
    }
    if (phrase !== undefined && phrase.pointsBack !== true && phrase.end > index) {
      if (
        phrase.issue === "missing-target" ||
        phrase.issue === "invalid-target" ||
        phrase.issue === "ambiguous-target"
      )
        scan.issue ??= phrase.issue;
      const slot = phrase.issue === undefined ? bareSlot(phrase.targets, tokens, phrase.end) : undefined;
      if (phrase.issue === undefined) scan.targets.push(...(slot ?? phrase.targets));
      index = phrase.end + (slot === undefined ? 0 : 1);
      continue;
    }
    const scope = readScopes(tokens, index);
    if (scope.end > index && scope.ambiguous !== true) {
      const whole: TargetReference = {
        all: true,
        ...(scope.resourceGroup === undefined ? {} : { resourceGroup: scope.resourceGroup }),
        ...(scope.subscription === undefined ? {} : { subscription: scope.subscription }),
      };
      index = scope.end;
      // "in rg-a and rg-b": the first of several groups.
      const several =
        scan.targets.length === 0 && isJoint(tokens[index]) && looksLikeGroup(tokens[index + 1]);
      if (several) scan.targets.push(whole);
      else scan.scope = whole;
      continue;
    }
    index++;
  }
  if (scan.targets.length === 0) {
    const bare = bareName(tokens);
    if (bare !== undefined) scan.targets.push(bare);
  }
  return scan;
}

/** "status app-x staging": what is asked of a slot is not answered of production. */
function bareSlot(
  targets: readonly TargetReference[],
  tokens: Tokens,
  at: number,
): readonly TargetReference[] | undefined {
  const [target, ...others] = targets;
  const token = tokens[at];
  const isAlone = target?.name !== undefined && target.slot === undefined && others.length === 0;
  if (!isAlone || token === undefined || !has(token, "environment")) return undefined;
  return [{ ...target, slot: isWord(token, "prod") ? "production" : token.text }];
}

/** Words that say what is asked, and never of which app. */
const askedFor = ["statusNoun", "history", "pending", "audit", "help"] as const;
const times = new Set("lately recently today yesterday overnight nowadays now new since".split(" "));
const noNames = new Set(
  "in on at during within over last past this these long often much many come".split(" "),
);
const waited = new Set("approval approvals review reviews decision decisions sign-off signoff".split(" "));
const waits = new Set("waiting waits wait awaiting pending open queued due outstanding stuck".split(" "));

function isNoName(tokens: Tokens, index: number): boolean {
  const token = tokens[index];
  const before = tokens[index - 1];
  if (isOneOf(token, times)) return !isWord(before, "of", "app");
  if (isWord(token, "legacy")) return true;
  return (
    isOneOf(token, waited) &&
    isWord(before, "for", "on") &&
    tokens.some((other) => isOneOf(other, waits) || has(other, "pending"))
  );
}

function isJoint(token: Token | undefined): boolean {
  return has(token, "and") || token?.kind === "comma";
}

/** "rg-a and rg-b": a group behind a group. */
function joinsGroup(tokens: Tokens, index: number, { targets }: Scan): boolean {
  const last = targets.at(-1);
  return isJoint(tokens[index - 1]) && last?.all === true && last.resourceGroup === tokens[index - 2]?.text;
}

function leadsName(token: Token | undefined): boolean {
  if (token === undefined) return false;
  return isWord(token, "for", "of", "on", "about", "to", "with");
}

/** "is shopweb routed?": a word that the language does not know, right after the verb. */
function bareName(tokens: Tokens): TargetReference | undefined {
  const first = tokens[0];
  const second = tokens[1];
  const opens = hasAny(first, ["be", "modal"]) || isWord(first, "who", "what", "how");
  const unknown = (token: Token | undefined) =>
    literalFlag(token?.text ?? "") === undefined &&
    token?.kind === "word" &&
    token.entry === undefined &&
    !token.corrected &&
    !isOneOf(token, times) &&
    !isOneOf(token, noNames) &&
    /^[a-z0-9][a-z0-9-]*$/i.test(token.text);
  if (
    isWord(first, "what", "how", "who", "where", "when", "why") &&
    hasAny(second, ["be", "modal", "changed"]) &&
    unknown(tokens[2])
  )
    return { name: tokens[2]?.text ?? "" };
  if (opens && unknown(second)) return { name: second?.text ?? "" };
  if (unknown(first) && (tokens.length === 1 || has(second, "statusNoun") || has(second, "history")))
    return { name: first?.text ?? "" };
  return undefined;
}

export function some(tokens: Tokens, role: Parameters<typeof has>[1]): boolean {
  return tokens.some((token) => has(token, role));
}

export function whoOrWhat(scan: Scan): {
  changeId?: NonNullable<Scan["changeId"]>["id"];
  targets?: TargetReference[];
} {
  if (scan.changeId !== undefined) return { changeId: scan.changeId.id };
  const targets = scan.targets.length > 0 ? scan.targets : scan.scope === undefined ? [] : [scan.scope];
  return targets.length > 0 ? { targets } : {};
}

export function isApps(token: Token | undefined): boolean {
  return has(token, "app") && /s$/.test(token?.lower ?? "");
}

/** "turn on ...": a verb that has its direction from the next word. */
function switches(token: Token, next: Token | undefined): boolean {
  return token.entry?.verb?.class === "switch" && hasAny(next, ["on", "off"]);
}

/** "..., and enable image pull": an order within, which makes it no mere question. */
export function ordersToo(tokens: Tokens): boolean {
  return tokens.some((token, index) => {
    const before = tokens[index - 1];
    const starts =
      before === undefined ||
      before.kind === "comma" ||
      before.kind === "colon" ||
      before.kind === "dash" ||
      has(before, "and") ||
      isWord(before, "then");
    return (
      starts &&
      (token.entry?.verb?.on !== undefined || switches(token, tokens[index + 1])) &&
      token.entry?.verb?.forms.has("base") &&
      !has(token, "show")
    );
  });
}
