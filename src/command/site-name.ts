import type { ClarifyCode, TargetReference } from "../domain/command.ts";
import { isFlagWord } from "./read-flags.ts";
import { ticketShape } from "./read-reason.ts";
import { looksLikeGroup, readScopes } from "./read-scope.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

/** What was said about which sites. */
export type TargetPhrase = {
  targets: TargetReference[];
  end: number;
  /** Why the words cannot be taken as they are. */
  issue?: ClarifyCode;
  /** "it", "that app": what was spoken of before. */
  pointsBack?: true;
  /** "staging slot of ..." in front, which does not tell of how many of the sites. */
  slotFirst?: true;
};

export type Tokens = readonly Token[];

export type Request = { from: number /** After "for", "on", "of": any possible name. */; led: boolean };

export const nameShape = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/i;

const sitePath =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.web\/sites\/([a-z0-9-]+)(?:\/slots\/([a-z0-9-]+))?(\/[^\s]*)?$/i;

/** Whether a word can be the name of a site at all. */
export function isPossibleName(name: string): boolean {
  return nameShape.test(name);
}

/** A word that nobody would write but as a name: hyphen or digit inside, and no word of the language. */
export function isStrongName(token: Token | undefined): boolean {
  if (token?.kind !== "word" || token.entry !== undefined || token.corrected) return false;
  if (ticketShape.test(token.text) && /^[A-Z]+-/.test(token.text)) return false;
  // "pre-approved", "well-tested": said of something.
  if (/^(?:pre|un|non|well|self|auto|already)-[a-z]+ed$/i.test(token.text)) return false;
  return /[-\d]/.test(token.text) && nameShape.test(token.text) && !/^\d+$/.test(token.text);
}

/** A word that the language does not know and that could be a name. */
export function isUnknownName(token: Token | undefined): boolean {
  return (
    token?.kind === "word" && token.entry === undefined && !token.corrected && nameShape.test(token.text)
  );
}

const phraseEnds = [
  "polite",
  "filler",
  "and",
  "reason",
  "purpose",
  "condition",
  "temporarily",
  "or",
  "but",
  "takeBack",
  "dryRun",
  "breakGlass",
  "including",
  "only",
  "later",
  "past",
  "directly",
  "undoLater",
  "negation",
] as const;

export function endsPhrase(tokens: Tokens, index: number): boolean {
  const token = tokens[index];
  if (token === undefined || token.kind !== "word") return token?.kind !== "slash" && token?.kind !== "junk";
  return (
    hasAny(token, phraseEnds) ||
    token.entry?.verb !== undefined ||
    readScopes(tokens, index).end > index ||
    isWord(token, "for", "over", "via", "through", "to", "in", "on", "off", "reason")
  );
}

/** Words that link others; nobody's site is called so. */
const functionWords = new Set(
  "of for on in at to with by from into onto over via through as than about up out off back per like yet till here there how what which who why when where be do".split(
    " ",
  ),
);

/** A word of this language that stands where only a name can stand: "status of status". */
export function isLedName(tokens: Tokens, index: number): boolean {
  const token = tokens[index];
  if (token?.kind !== "word" || !nameShape.test(token.text) || functionWords.has(token.lower)) return false;
  if (/^\d+$/.test(token.text)) return false;
  if (token.entry === undefined) return true;
  const grammar = hasAny(token, [
    "determiner",
    "all",
    "pronoun",
    "app",
    "group",
    "subscription",
    "vnet",
    "both",
    "polite",
    "filler",
  ]);
  if (token.corrected && !grammar && endsPhrase(tokens, index + 1)) return true;
  if (!endsPhrase(tokens, index + 1) && !has(tokens[index + 1], "app")) return false;
  if (token.text.includes("-")) return true;
  if (token.text.includes(" ") || isFlagWord(token)) return false;
  if (
    hasAny(token, [
      "determiner",
      "pronoun",
      "all",
      "subject",
      "be",
      "modal",
      "negation",
      "doubt",
      "later",
      "past",
      "takeBack",
      "hostile",
      "vnet",
      "public",
      "unit",
      "amount",
      "app",
      "group",
      "subscription",
      "slot",
      "vague",
      "polite",
      "filler",
      "and",
      "or",
      "both",
      "box",
      "reason",
    ])
  ) {
    return isWord(token, "bot", "routebot");
  }
  return (
    token.entry.verb !== undefined ||
    token.entry.act !== undefined ||
    hasAny(token, [
      "statusNoun",
      "show",
      "history",
      "help",
      "audit",
      "pending",
      "plan",
      "feature",
      "dryRun",
      "changed",
      "off",
    ])
  );
}

function readPath(token: Token): TargetPhrase["targets"][number] | undefined {
  const match = sitePath.exec(token.text);
  if (match?.[3] === undefined) return undefined;
  const tail = match[5] ?? "";
  if (tail !== "" && !/^\/[a-z]*$/i.test(tail)) return undefined;
  return {
    name: match[3],
    ...(match[4] === undefined ? {} : { slot: match[4] }),
    ...(match[2] === undefined ? {} : { resourceGroup: match[2] }),
    ...(match[1] === undefined ? {} : { subscription: match[1] }),
  };
}

function readHost(token: Token): TargetReference | undefined {
  const host = token.text.toLowerCase();
  const known =
    /^[a-z0-9-]+(\.[a-z0-9-]+)*\.(azurewebsites\.(net|us|cn)|chinacloudsites\.cn|appserviceenvironment\.(net|us))$/;
  const name = token.text.split(".")[0] ?? "";
  return known.test(host) && isPossibleName(name) ? { name, host } : undefined;
}

export function isPlainName(tokens: Tokens, index: number): boolean {
  const token = tokens[index];
  return (
    isUnknownName(token) ||
    isStrongName(token) ||
    (tokens[index - 1]?.kind !== "word" && isLedName(tokens, index))
  );
}

export function readName(tokens: Tokens, index: number, led: boolean): TargetPhrase | undefined {
  const token = tokens[index];
  if (token === undefined) return undefined;
  if (token.kind === "arm") {
    const target = readPath(token);
    return {
      targets: target === undefined ? [] : [target],
      end: index + 1,
      ...(target === undefined ? { issue: "invalid-target" as const } : {}),
    };
  }
  if (token.kind === "host") {
    const target = readHost(token);
    return {
      targets: target === undefined ? [] : [target],
      end: index + 1,
      ...(target === undefined ? { issue: "invalid-target" as const } : {}),
    };
  }
  const slash = tokens[index + 1];
  const slot = tokens[index + 2];
  const slashed = slash?.kind === "slash" && slash.glued && slot?.glued === true && slot.kind === "word";
  if (slashed && token.kind === "word" && (led || isStrongName(token)) && !isFlagWord(token)) {
    const tooMany = tokens[index + 3]?.kind === "slash";
    if (tooMany || !nameShape.test(token.text) || !nameShape.test(slot.text)) {
      return { targets: [], end: index + 3, issue: "invalid-target" };
    }
    return { targets: [{ name: token.text, slot: slot.text }], end: index + 3 };
  }
  const owned =
    has(tokens[index - 1], "determiner") &&
    token.entry !== undefined &&
    !token.corrected &&
    !has(tokens[index + 1], "app");
  if (isStrongName(token) || (led && !owned && isLedName(tokens, index))) {
    const kind =
      !isStrongName(token) && has(tokens[index + 1], "app") && /s$/.test(tokens[index + 1]?.lower ?? "");
    if (kind) return { targets: [], end: index + 2, issue: "ambiguous-target" };
    if (looksLikeGroup(token)) return { targets: [], end: index + 1, issue: "ambiguous-target" };
    if (led && has(token, "vague")) return undefined;
    return { targets: [{ name: token.text }], end: index + 1 };
  }
  if (led && token.kind === "word" && token.entry === undefined && !nameShape.test(token.text)) {
    return { targets: [], end: index + 1, issue: "invalid-target" };
  }
  return undefined;
}
