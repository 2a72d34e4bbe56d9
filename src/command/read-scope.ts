import type { TargetReference } from "../domain/command.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

/** Group and subscription that were named, and where the words end. */
export type ScopePhrase = Pick<TargetReference, "resourceGroup" | "subscription"> & {
  end: number;
  /** "in shop": a group, a subscription or something else. */
  ambiguous?: true;
};

type Tokens = readonly Token[];

const scopeWords = new Set([
  "in",
  "of",
  "from",
  "under",
  "within",
  "inside",
  "on",
  "at",
  "for",
  "to",
  "with",
  "belonging",
  "across",
]);
const groupShape = /^(?:rg[-_.\d][\w.-]*|[\w.-]*[-_.]rg(?:[-_.\d][\w.-]*)?|rsg-[\w.-]+)$/i;
const anyGroupShape = /^[\p{L}\p{N}_.-]+$/u;
const idShape = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const keyShape = /^(rg|resource-?group|group|sub|subscription|slot|app|site|name)[=:](.+)$/i;

/** Whether a name looks like a resource group's by itself. */
export function looksLikeGroup(token: Token | undefined): boolean {
  return token?.kind === "word" && groupShape.test(token.text) && token.entry === undefined;
}

/** `rg=rg-shop`, `slot:staging` and such. */
export function readKey(token: Token | undefined): { key: string; value: string } | undefined {
  const match = token?.kind === "assignment" ? keyShape.exec(token.text) : null;
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { key: match[1].toLowerCase().replace("-", ""), value: match[2] };
}

/** A name that may be quoted or in code marks, and of several words when it is. */
function readAnyName(tokens: Tokens, from: number): { name: string; end: number } | undefined {
  let index = from;
  if (tokens[index]?.kind === "quote" || tokens[index]?.kind === "code") {
    const mark = tokens[index]?.text;
    const names: string[] = [];
    index++;
    while (tokens[index]?.kind === "word" && names.length < 6) {
      names.push(tokens[index]?.text ?? "");
      index++;
    }
    return tokens[index]?.text === mark && names.length > 0
      ? { name: names.join(" "), end: index + 1 }
      : undefined;
  }
  const token = tokens[index];
  if (token === undefined || (token.kind !== "word" && token.kind !== "number")) return undefined;
  if (!anyGroupShape.test(token.text) || hasAny(token, ["determiner", "pronoun", "and", "or", "app", "all"]))
    return undefined;
  return { name: token.text, end: index + 1 };
}

function skipNaming(tokens: Tokens, from: number): number {
  let index = from;
  while (
    tokens[index]?.kind === "colon" ||
    tokens[index]?.kind === "equals" ||
    isWord(tokens[index], "named", "called", "is", "id")
  )
    index++;
  return index;
}

/** Reads what says in which group or subscription something is: "in rg-x", "(resource group x)", "of subscription y". */
export function readScope(tokens: Tokens, from: number): ScopePhrase | undefined {
  let index = from;
  while (tokens[index]?.kind === "comma" || tokens[index]?.kind === "open") index++;
  if (has(tokens[index], "and") && index === from) return undefined;
  if (isWord(tokens[index], "both", "each") && isOneOf(tokens[index + 1], scopeWords)) index++;
  const preposition = isOneOf(tokens[index], scopeWords) ? tokens[index]?.lower : undefined;
  if (preposition !== undefined) index++;
  while (has(tokens[index], "determiner")) index++;
  const read = readMarked(tokens, index, preposition) ?? readBare(tokens, index, preposition);
  if (read === undefined) return undefined;
  const opened = tokens.slice(from, index).some((token) => token.kind === "open");
  return opened && tokens[read.end]?.kind === "close" ? { ...read, end: read.end + 1 } : read;
}

function readMarked(tokens: Tokens, index: number, preposition: string | undefined): ScopePhrase | undefined {
  const key = readKey(tokens[index]);
  if (key !== undefined && /^(rg|resourcegroup|group)$/.test(key.key))
    return { resourceGroup: key.value, end: index + 1 };
  if (key !== undefined && /^sub/.test(key.key)) return { subscription: key.value, end: index + 1 };
  for (const role of ["group", "subscription"] as const) {
    const field = role === "group" ? "resourceGroup" : "subscription";
    if (has(tokens[index], role)) {
      const after = readAnyName(tokens, skipNaming(tokens, index + 1));
      if (after !== undefined && !has(tokens[after.end], role))
        return { [field]: after.name, end: after.end };
    }
    const before = readAnyName(tokens, index);
    if (before !== undefined && /s$/.test(tokens[before.end]?.lower ?? "") && has(tokens[before.end], role))
      continue;
    if (
      before === undefined ||
      !has(tokens[before.end], role) ||
      hasAny(tokens[index], ["group", "subscription"])
    )
      continue;
    // "app-x rg rg-shop": the group comes after its noun.
    if (preposition === undefined && readAnyName(tokens, skipNaming(tokens, before.end + 1)) !== undefined)
      continue;
    return { [field]: before.name, end: before.end + 1 };
  }
  return undefined;
}

function readBare(tokens: Tokens, index: number, preposition: string | undefined): ScopePhrase | undefined {
  const token = tokens[index];
  const opened = tokens[index - 1]?.kind === "open";
  const group = armGroup(token);
  if (group !== undefined) return { ...group, end: index + 1 };
  if (token?.kind === "quote" || token?.kind === "code") {
    const inner = looksLikeGroup(tokens[index + 1]) && tokens[index + 2]?.kind === token.kind;
    return inner ? { resourceGroup: tokens[index + 1]?.text ?? "", end: index + 3 } : undefined;
  }
  if (preposition === undefined && !opened) return undefined;
  if (token?.kind !== "word" || token.possessive) return undefined;
  if (idShape.test(token.text)) return { subscription: token.text, end: index + 1 };
  if (looksLikeGroup(token) && !isWord(tokens[index + 1], "and-app"))
    return { resourceGroup: token.text, end: index + 1 };
  const inside =
    isWord(tokens[index - 1], "in", "under", "within", "inside") || has(tokens[index - 1], "determiner");
  const plainName = token.entry === undefined && /^[\w.-]+$/.test(token.text);
  if (inside && preposition !== "on" && preposition !== "of" && preposition !== "for" && plainName) {
    return { ambiguous: true, end: index + 1 };
  }
  return undefined;
}

function armGroup(
  token: Token | undefined,
): Pick<TargetReference, "resourceGroup" | "subscription"> | undefined {
  if (token?.kind !== "arm") return undefined;
  const match = /^\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+))?\/?$/i.exec(token.text);
  if (match?.[1] === undefined) return undefined;
  return match[2] === undefined
    ? { subscription: match[1] }
    : { subscription: match[1], resourceGroup: match[2] };
}

/** Reads several scopes in a row: "in rg-x of subscription y". */
export function readScopes(tokens: Tokens, from: number): ScopePhrase {
  let scope: ScopePhrase = { end: from };
  for (;;) {
    const next = readScope(tokens, scope.end);
    if (next === undefined) return scope;
    const twice =
      (next.resourceGroup !== undefined && scope.resourceGroup !== undefined) ||
      (next.subscription !== undefined && scope.subscription !== undefined);
    if (twice) return scope;
    scope = { ...scope, ...next };
  }
}
