import {
  isRoutingFlag,
  legacyPropertyOf,
  type RoutingFlag,
  routingFlags,
} from "../domain/routing/routing-flag.ts";
import type { Role } from "./lexicon.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

/** What was said to be routed. */
export type FlagPhrase = {
  flags: readonly RoutingFlag[];
  /** Position after the phrase. */
  end: number;
  /** "everything", or all traffic with the configuration traffic as well. */
  everything?: true;
  /** Traffic as such, not the name of a setting: "stop the traffic" might mean to block it. */
  raw?: true;
  /** Clear only together with "through the vnet": plain "traffic", "images". */
  weak?: true;
  /** Two readings are as likely. */
  ambiguous?: true;
  /** "all routing settings": one by one they can only be turned off. */
  offOnly?: true;
  /** A thing as well as its traffic: "delete the backups" is not said of routing. */
  thing?: true;
  /** The legacy app setting that was named literally. */
  appSetting?: true;
};

/** What "configuration routing" means when it is not told in detail. */
export const configurationFlags = [
  "imagePullTraffic",
  "contentShareTraffic",
  "backupRestoreTraffic",
] as const;

const appSettings: Record<string, RoutingFlag> = {
  website_vnet_route_all: "applicationTraffic",
  website_pull_image_over_vnet: "imagePullTraffic",
  website_contentovervnet: "contentShareTraffic",
};

const properties = new Map<string, RoutingFlag>();
for (const flag of routingFlags) properties.set(flag.toLowerCase(), flag);
for (const flag of routingFlags) {
  const legacy = legacyPropertyOf[flag];
  if (legacy !== undefined) properties.set(legacy.toLowerCase(), flag);
}

/** A property or app setting named literally, with or without the path in front of it. */
export function literalFlag(name: string): { flag: RoutingFlag; appSetting: boolean } | undefined {
  const setting = appSettings[name.toLowerCase()];
  if (setting !== undefined) return { flag: setting, appSetting: true };
  const property = /^(?:properties\.)?(?:outboundvnetrouting\.)?(\w+)$/i.exec(name)?.[1] ?? "";
  const flag = properties.get(property.toLowerCase());
  const underRouting = /outboundvnetrouting\./i.test(name);
  if (flag === undefined || (underRouting && !isRoutingFlag(flagSpelling(property)))) return undefined;
  // "alltraffic" run together by a hasty typist is "all traffic", which is another flag.
  if (flag === "allTraffic" && property !== "allTraffic" && !underRouting) return undefined;
  return { flag, appSetting: false };
}

function flagSpelling(name: string): string {
  return routingFlags.find((flag) => flag.toLowerCase() === name.toLowerCase()) ?? name;
}

type Tokens = readonly Token[];

function skip(tokens: Tokens, from: number, roles: readonly Role[]): number {
  let index = from;
  while (hasAny(tokens[index], roles)) index++;
  return index;
}

/** Determiners and "all of the" in front of a noun. */
function readQuantity(tokens: Tokens, from: number): { end: number; all: boolean; allEnd: number } {
  let index = from;
  let allEnd = from;
  for (;;) {
    const token = tokens[index];
    const all = has(token, "all");
    if (!all && !has(token, "determiner") && !(allEnd > from && isWord(token, "of"))) break;
    index++;
    if (all) allEnd = index;
  }
  return { end: index, all: allEnd > from, allEnd };
}

function isFeature(token: Token | undefined): boolean {
  const noun = hasAny(token, ["feature", "traffic"]) || isWord(token, "traffic routing");
  return noun && token?.possessive === false;
}

/** Words after a flag's name that add nothing: "... setting", "... checkbox", "... traffic". */
function skipFeatures(tokens: Tokens, from: number): number {
  let index = from;
  while (isFeature(tokens[index])) index++;
  return index;
}

/** Reads one flag phrase. `route` says that a verb such as "route" stands right before it: "route all". */
export function readFlag(tokens: Tokens, from: number, route = false): FlagPhrase | undefined {
  const quantity = readQuantity(tokens, from);
  let index = quantity.end;
  if (has(tokens[index], "vnet") && !has(tokens[index + 1], "integration")) {
    const named = readNamed(tokens, index + 1) ?? readTraffic(tokens, { from: index + 1, all: quantity.all });
    if (named !== undefined && named.weak !== true) return named;
    if (quantity.all || index > from) return undefined;
    index = quantity.end;
  }
  // "the option route all", "the app setting WEBSITE_VNET_ROUTE_ALL".
  if (has(tokens[index], "feature")) {
    const named = readNamed(tokens, index + 1);
    if (named !== undefined && named.weak !== true) return named;
  }
  const settings = quantity.all ? readAllSettings(tokens, index) : undefined;
  if (settings !== undefined) return settings;
  // "everything is down": how it is, and no flag.
  const told = isWord(tokens[index + 1], "is") && isWord(tokens[index + 2], ...troubles);
  const everything = has(tokens[index], "everything") && !told;
  if (everything) return { flags: ["allTraffic"], everything: true, end: index + 1 };
  return (
    readNamed(tokens, index) ??
    readTraffic(tokens, { from: index, all: quantity.all }) ??
    (route && quantity.all ? { flags: ["applicationTraffic"], end: quantity.allEnd } : undefined)
  );
}

const troubles = ["down", "broken", "slow", "dead", "failing", "red"];

/** "all routing flags", "every vnet setting". */
function readAllSettings(tokens: Tokens, from: number): FlagPhrase | undefined {
  const noun = skip(tokens, from, ["routing", "outbound", "vnet", "traffic"]);
  const nouns = ["flags", "settings", "options", "boxes", "flag", "setting", "option"];
  const plain = isWord(tokens[noun], ...(noun > from ? nouns : ["flags"]));
  if (!plain && !/^(?:routing|vnet|network) settings$/.test(tokens[noun]?.lower ?? "")) return undefined;
  return { flags: ["allTraffic"], everything: true, offOnly: true, end: noun + 1 };
}

/** Flags that have a name of their own. */
function readNamed(tokens: Tokens, from: number): FlagPhrase | undefined {
  return (
    readLiteral(tokens, from) ??
    readRouteAll(tokens, from) ??
    readImagePull(tokens, from) ??
    readContentShare(tokens, from) ??
    readBackup(tokens, from) ??
    readIdentity(tokens, from)
  );
}

const shortestLiteral = "allTraffic".length;

function readLiteral(tokens: Tokens, from: number): FlagPhrase | undefined {
  const token = tokens[from];
  if (token?.kind !== "word" || token.entry !== undefined || token.text.length < shortestLiteral)
    return undefined;
  const literal = literalFlag(token.text);
  if (literal === undefined) return undefined;
  const end = skipFeatures(tokens, from + 1);
  return literal.appSetting
    ? { flags: [literal.flag], end, appSetting: true }
    : { flags: [literal.flag], end };
}

function readRouteAll(tokens: Tokens, from: number): FlagPhrase | undefined {
  let end = 0;
  if (has(tokens[from], "routeAll")) end = from + 1;
  else if (isWord(tokens[from], "route") && isWord(tokens[from + 1], "all", "all of")) end = from + 2;
  else return undefined;
  const traffic = readTraffic(tokens, { from: end, all: true });
  if (traffic !== undefined && traffic.raw === true)
    return { ...traffic, end: skipFeatures(tokens, traffic.end) };
  return { flags: ["applicationTraffic"], end: skipFeatures(tokens, end) };
}

function readImagePull(tokens: Tokens, from: number): FlagPhrase | undefined {
  const flags = ["imagePullTraffic"] as const;
  if (has(tokens[from], "imagePull")) return { flags, end: skipFeatures(tokens, from + 1) };
  const start = skip(tokens, from, ["container"]);
  if (has(tokens[start], "image")) {
    if (has(tokens[start + 1], "pull")) return { flags, end: skipFeatures(tokens, start + 2) };
    if (hasAny(tokens[start + 1], ["traffic"])) return { flags, end: skipFeatures(tokens, start + 2) };
    return { flags, weak: true, end: skipRegistry(tokens, start + 1) };
  }
  if (start > from && has(tokens[start], "pull")) return { flags, end: skipFeatures(tokens, start + 1) };
  if (start === from && has(tokens[start], "pull")) {
    let index = start + 1;
    while (
      isWord(tokens[index], "of", "in", "down") ||
      hasAny(tokens[index], ["determiner", "container", "runtime"])
    )
      index++;
    if (has(tokens[index], "image")) return { flags, end: skipRegistry(tokens, index + 1) };
    if (isWord(tokens[start + 1], "from") && index === start + 1) {
      const end = skipRegistry(tokens, start + 1);
      if (end > start + 1) return { flags, end };
    }
  }
  return undefined;
}

/** "... from the container registry". */
function skipRegistry(tokens: Tokens, from: number): number {
  if (!isWord(tokens[from], "from")) return from;
  const start = skip(tokens, from + 1, ["determiner"]);
  const end = skip(tokens, start, ["container"]);
  return end > start ? end : from;
}

function readContentShare(tokens: Tokens, from: number): FlagPhrase | undefined {
  const flags = ["contentShareTraffic"] as const;
  if (has(tokens[from], "contentShare")) return named(tokens, flags, from + 1);
  if (!has(tokens[from], "content")) return undefined;
  const end = skip(tokens, from + 1, ["share", "contentShare"]);
  if (end > from + 1 || has(tokens[from + 1], "traffic")) return named(tokens, flags, end);
  return undefined;
}

/** The phrase with the words behind it that add nothing; without such words it names a thing, too. */
function named(tokens: Tokens, flags: FlagPhrase["flags"], from: number): FlagPhrase {
  const end = skipFeatures(tokens, from);
  return end === from ? { flags, end, thing: true } : { flags, end };
}

function readBackup(tokens: Tokens, from: number): FlagPhrase | undefined {
  const flags = ["backupRestoreTraffic"] as const;
  const part: readonly Role[] = ["backup", "restore", "backupRestore"];
  if (!hasAny(tokens[from], part)) return undefined;
  const join = tokens[from + 1];
  const joined = join?.kind === "slash" || has(join, "and") || has(join, "or");
  const end = joined && hasAny(tokens[from + 2], part) ? from + 3 : from + 1;
  return named(tokens, flags, hasAny(tokens[end], part) ? end + 1 : end);
}

function readIdentity(tokens: Tokens, from: number): FlagPhrase | undefined {
  if (!has(tokens[from], "identity")) return undefined;
  const end = skip(tokens, from + 1, ["token"]);
  if (end > from + 1) return { flags: ["managedIdentityTraffic"], end: skipFeatures(tokens, end) };
  return named(tokens, ["managedIdentityTraffic"], end);
}

/** "all outbound traffic", "application and configuration traffic", "egress". */
function readTraffic(tokens: Tokens, request: { from: number; all: boolean }): FlagPhrase | undefined {
  let index = request.from;
  let outward = false;
  let application = false;
  let configuration = false;
  for (;;) {
    const token = tokens[index];
    if (token === undefined || token.possessive) break;
    if (has(token, "runtime")) {
      if (!isAdjective(tokens, index)) break;
      application = true;
    } else if (hasAny(token, ["outbound", "internet"])) outward = true;
    else if (has(token, "public") && outward) outward = true;
    else if (has(token, "egress")) {
      outward = true;
      if (!hasAny(tokens[index + 1], ["traffic", "outbound", "internet", "egress"])) {
        return afterTraffic(tokens, {
          flags: ["applicationTraffic"],
          raw: true,
          end: skipFeatures(tokens, index + 1),
        });
      }
    } else if (has(token, "config")) configuration = true;
    else if (!isJoin(tokens, index, application || configuration)) break;
    index++;
  }
  const head = tokens[index];
  if (index === request.from && isWord(head, "outbound routing"))
    return { flags: ["applicationTraffic"], end: skipFeatures(tokens, index + 1) };
  const isTraffic =
    (has(head, "traffic") || head?.lower === "traffic routing") && !(head?.lower ?? "").startsWith("re");
  const isFlow = has(head, "traffic") && (outward || application);
  if (configuration) return readConfiguration(tokens, { index, application, outward });
  if (isTraffic || isFlow) {
    const end = skipFeatures(tokens, index + 1);
    const strong = request.all || outward || application;
    const plain = head?.lower.includes("traffic") === true;
    if (!strong) return plain ? { flags: ["applicationTraffic"], raw: true, weak: true, end } : undefined;
    if (!plain && !outward) return undefined;
    return afterTraffic(tokens, { flags: ["applicationTraffic"], raw: true, end });
  }
  if (application && has(head, "routing"))
    return { flags: ["applicationTraffic"], end: skipFeatures(tokens, index) };
  const last = tokens[index - 1];
  if (outward && index > request.from && hasAny(last, ["outbound", "internet"])) {
    const said = tokens.slice(request.from, index);
    if (said.some((token) => has(token, "outbound"))) {
      return afterTraffic(tokens, {
        flags: ["applicationTraffic"],
        raw: true,
        end: skipBoxes(tokens, index),
      });
    }
  }
  return undefined;
}

function skipBoxes(tokens: Tokens, from: number): number {
  return has(tokens[from], "routing") ? from : skipFeatures(tokens, from);
}

/** "app" is a word of the flag only right before the rest of it; else it is the noun of a site. */
function isAdjective(tokens: Tokens, index: number): boolean {
  const next = tokens[index + 1];
  if (hasAny(next, ["traffic", "routing", "outbound", "internet", "egress"])) return true;
  const join = next?.kind === "slash" || next?.kind === "comma" || isWord(next, "and", "&", "+");
  return join && has(tokens[index + 2], "config");
}

function isJoin(tokens: Tokens, index: number, open: boolean): boolean {
  const token = tokens[index];
  const join = token?.kind === "slash" || isWord(token, "and", "&", "+");
  return open && join && (has(tokens[index + 1], "config") || has(tokens[index + 1], "runtime"));
}

function readConfiguration(
  tokens: Tokens,
  request: { index: number; application: boolean; outward: boolean },
): FlagPhrase | undefined {
  const { index } = request;
  if (request.outward || !hasAny(tokens[index], ["traffic", "feature", "routing"])) return undefined;
  const end = skipFeatures(tokens, index);
  if (request.application) return { flags: ["applicationTraffic", ...configurationFlags], end };
  return { flags: configurationFlags, end };
}

/** What follows "all traffic" and makes it everything: "including configuration traffic", "config traffic as well". */
function afterTraffic(tokens: Tokens, phrase: FlagPhrase): FlagPhrase {
  let index = phrase.end;
  while (tokens[index]?.kind === "comma" || tokens[index]?.kind === "open") index++;
  const opener = tokens[index];
  const including = (has(opener, "including") && !has(opener, "and")) || isWord(opener, "with");
  const adding = has(opener, "and");
  if (including || adding) index++;
  while (hasAny(tokens[index], ["determiner", "all", "filler"])) index++;
  const runtime = has(tokens[index], "runtime") && isWord(tokens[index + 1], "and", "&", "+");
  if (runtime) index += 2;
  if (!has(tokens[index], "config")) {
    const other = including ? readNamed(tokens, index) : undefined;
    return other === undefined ? phrase : { ...phrase, ambiguous: true, end: other.end };
  }
  let end = skipFeatures(tokens, index + 1);
  const bare = end === index + 1;
  const trailing = hasAny(tokens[end], ["including"]) || isWord(tokens[end], "too", "as well", "also");
  if (trailing) end++;
  if (!including && !trailing && !runtime && !adding) return phrase;
  if (bare && adding && !trailing) return phrase;
  if (tokens[end]?.kind === "close") end++;
  end = skipDetails(tokens, end);
  const sure = including || trailing || opener?.lower !== "and";
  return sure
    ? { flags: ["allTraffic"], everything: true, end }
    : { flags: phrase.flags, raw: true, ambiguous: true, end };
}

/** "(image pulls, backups, content share)" after the configuration traffic: details of it. */
function skipDetails(tokens: Tokens, from: number): number {
  if (tokens[from]?.kind !== "open") return from;
  let index = from + 1;
  for (;;) {
    const flag = readNamed(tokens, index);
    if (flag !== undefined) index = flag.end;
    else if (tokens[index]?.kind === "comma" || has(tokens[index], "and") || tokens[index]?.kind === "stop")
      index++;
    else break;
  }
  return tokens[index]?.kind === "close" ? index + 1 : from;
}

/** "all application and configuration traffic": both words in front of one noun. */
export function isFlagWord(token: Token | undefined): boolean {
  return hasAny(token, [
    "everything",
    "traffic",
    "outbound",
    "internet",
    "egress",
    "config",
    "image",
    "container",
    "content",
    "contentShare",
    "backup",
    "restore",
    "backupRestore",
    "identity",
    "imagePull",
    "routeAll",
  ]);
}
