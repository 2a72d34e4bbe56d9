import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

/** Which way traffic is to go: into the virtual network, off it, over the public route, or just "to the internet". */
export type Via = "vnet" | "off-vnet" | "public" | "internet";

export type ViaPhrase = { via: Via; end: number };

const intoWords = new Set([
  "through",
  "over",
  "via",
  "into",
  "onto",
  "across",
  "using",
  "use",
  "uses",
  "inside",
  "within",
  "in",
  "on",
  "to",
  "thru",
  "by",
  "thrugh",
  "throught",
  "trough",
  "tru",
  "thro",
  "w/",
  "with",
  "along",
  "down",
]);
const outOfWords = new Set(["off", "outside", "around", "from", "past", "out"]);
const publicWords = new Set([
  "from",
  "use",
  "uses",
  "over",
  "via",
  "through",
  "thru",
  "across",
  "using",
  "on",
  "onto",
  "by",
  "to",
  "throught",
]);

/** "through the vnet", "off the virtual network", "directly to the internet", "over the public route", "publicly". */
export function readVia(tokens: readonly Token[], from: number): ViaPhrase | undefined {
  return (
    readDirect(tokens, from) ??
    readOffVnet(tokens, from) ??
    readPublic(tokens, from) ??
    readInto(tokens, from)
  );
}

function skipArticles(tokens: readonly Token[], from: number): number {
  let index = from;
  while (
    has(tokens[index], "determiner") ||
    isWord(tokens[index], "private", "azure", "regional", "integrated", "same")
  )
    index++;
  return index;
}

function skipNetworkNouns(tokens: readonly Token[], from: number): number {
  let index = from;
  while (
    isWord(tokens[index], "integration", "route", "network", "path", "connection", "tunnel") ||
    has(tokens[index], "vnet")
  )
    index++;
  return index;
}

function readInto(tokens: readonly Token[], from: number): ViaPhrase | undefined {
  if (!isOneOf(tokens[from], intoWords)) return undefined;
  let start = from + 1;
  if (isWord(tokens[start], "to", "into", "through", "over", "of")) start++;
  const noun = skipArticles(tokens, start);
  if (!has(tokens[noun], "vnet") || tokens[noun]?.possessive === true) return undefined;
  return { via: "vnet", end: skipNetworkNouns(tokens, noun + 1) };
}

function readOffVnet(tokens: readonly Token[], from: number): ViaPhrase | undefined {
  let index = from;
  if (isWord(tokens[index], "away")) index++;
  const bypass = isWord(tokens[index], "bypassing", "bypass", "skipping", "leaving", "leave");
  if (!bypass && !isOneOf(tokens[index], outOfWords)) return undefined;
  index++;
  if (isWord(tokens[index], "of", "from")) index++;
  const noun = skipArticles(tokens, index);
  return has(tokens[noun], "vnet") ? { via: "off-vnet", end: skipNetworkNouns(tokens, noun + 1) } : undefined;
}

function isInternet(token: Token | undefined): boolean {
  return isWord(token, "internet", "inet", "web") || (has(token, "public") && token?.lower !== "publicly");
}

function readDirect(tokens: readonly Token[], from: number): ViaPhrase | undefined {
  if (!has(tokens[from], "directly")) return undefined;
  let index = from + 1;
  if (isWord(tokens[index], "out")) index++;
  if (isOneOf(tokens[index], publicWords) || isWord(tokens[index], "into")) index++;
  const noun = skipArticles(tokens, index);
  return isInternet(tokens[noun]) && noun > from + 1
    ? { via: "public", end: skipNouns(tokens, noun + 1) }
    : undefined;
}

function skipNouns(tokens: readonly Token[], from: number): number {
  let index = from;
  while (
    isWord(
      tokens[index],
      "route",
      "path",
      "internet",
      "network",
      "endpoint",
      "directly",
      "instead",
      "again",
      "side",
    ) ||
    isInternet(tokens[index])
  )
    index++;
  return has(tokens[index], "directly") ? index + 1 : index;
}

function readPublic(tokens: readonly Token[], from: number): ViaPhrase | undefined {
  if (isWord(tokens[from], "publicly")) return { via: "public", end: from + 1 };
  let index = from;
  const back = isWord(tokens[index], "back", "out") && isOneOf(tokens[index + 1], publicWords);
  if (back) index++;
  const preposition = tokens[index];
  if (!isOneOf(preposition, publicWords)) return undefined;
  const noun = skipArticles(tokens, index + 1);
  if (!isInternet(tokens[noun])) return undefined;
  const end = skipNouns(tokens, noun + 1);
  if (hasAny(tokens[end], ["traffic", "outbound"])) return undefined;
  const toThe = isWord(preposition, "to");
  const route = tokens
    .slice(noun, end)
    .some((token) => /route|path|directly/.test(token.lower) || token.lower === "public");
  return { via: toThe && !back && !route ? "internet" : "public", end };
}
