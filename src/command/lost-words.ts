import type { Command } from "../domain/command.ts";
import { ofTheRequest } from "./explanation-words.ts";
import { isSign } from "./read-field.ts";
import { literalFlag, readFlag } from "./read-flags.ts";
import { readDuration, readHold } from "./read-limits.ts";
import { readReason } from "./read-reason.ts";
import { looksLikeGroup } from "./read-scope.ts";
import type { Issue } from "./request.ts";
import type { Sentence } from "./split-sentences.ts";
import { wishText } from "./suggest.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

type Change = Extract<Command, { kind: "change" }>;

/**
 * A field that the message speaks of and the change does not have: "dry run", "break glass", a length of time or an app
 * setting that stands where words that only explain are passed over. No such word is dropped: it is asked about.
 */
export function lostField(sentences: readonly Sentence[], change: Change): Issue | undefined {
  for (const { tokens } of sentences) {
    for (const [index, token] of tokens.entries()) {
      const words = lostAt(tokens, index, change);
      if (words === undefined || isNamed(token, change)) continue;
      const text = wishText(change);
      const glass = has(token, "breakGlass") ? [`break glass: ${text}`] : [];
      const dry = has(token, "dryRun") ? [`dry run: ${text}`] : [];
      const limit = /^for .*\b(?:hour|min|day)/.test(words) ? [`${text} ${words}`] : [];
      return { code: "unplaced-words", words, suggestions: [...glass, ...dry, ...limit, text] };
    }
  }
  return undefined;
}

function lostAt(tokens: readonly Token[], index: number, change: Change): string | undefined {
  const token = tokens[index];
  if (token === undefined) return undefined;
  if (has(token, "breakGlass") && !change.breakGlass) return token.text;
  if (has(token, "dryRun") && !change.dryRun) return token.text;
  if (change.via === "property" && namesSetting(tokens, index)) return token.text;
  const alone =
    change.set.applicationTraffic === true && change.set.allTraffic === undefined && has(token, "only");
  if (alone && readFlag(tokens, index + 1, true)?.flags.includes("applicationTraffic") === true)
    return token.text;
  const place = looksLikeGroup(token) && isWord(tokens[index - 1], "in", "is");
  if (place && !change.targets.some(({ resourceGroup }) => resourceGroup !== undefined)) return token.text;
  if (placesSite(tokens, index, change)) return token.text;
  return change.revertAfter === undefined ? lostTime(tokens, index, change) : undefined;
}

/** "because prod is down, we mean the staging slot": said of the site, behind a sign in the reason. */
function placesSite(tokens: readonly Token[], index: number, { targets }: Change): boolean {
  const token = tokens[index];
  const fields = { slot: "slot", group: "resourceGroup", subscription: "subscription" } as const;
  const role = (["slot", "group", "subscription"] as const).find((one) => has(token, one));
  if (role === undefined || targets.some((target) => target[fields[role]] !== undefined)) return false;
  let from = index;
  while (from > 0 && tokens[from - 1]?.kind === "word") from--;
  const said = tokens.slice(from, index);
  return (
    isSign(tokens[from - 1]) &&
    /^(?:it'?s|it is|that'?s|we mean|i mean|meaning)\b/.test(said.map(({ lower }) => lower).join(" "))
  );
}

/** A length of time, or "temporarily", that is said of the request and not of what has happened. */
function lostTime(tokens: readonly Token[], index: number, change: Change): string | undefined {
  const token = tokens[index];
  const next = tokens[index + 1];
  // "the temporary fix broke".
  const attribute =
    isWord(token, "temporary", "temp") && next?.kind === "word" && !isOneOf(next, ofTheRequest);
  if (has(token, "temporarily") && !attribute) return token?.text;
  const hold = readHold(tokens, index);
  const bare = hold === undefined ? readDuration(tokens, index) : undefined;
  const end = hold?.end ?? bare?.end ?? index;
  const alone = (isSign(tokens[index - 1]) || index === 0) && endsPart(tokens[end]);
  const wanted = has(tokens[index - 1], "want") || isWord(tokens[end - 1], "max", "maximum", "tops");
  const said = hold?.iso !== undefined || (bare?.iso !== undefined && (alone || wanted));
  // "the token expires after 2 hours".
  if (!said || /^(?:expir|valid)/.test(token?.lower ?? "") || (!wanted && tellsHowLong(tokens, index)))
    return undefined;
  const words = tokens
    .slice(index, end)
    .map(({ text }) => text)
    .join(" ");
  // "because we need it for 2 hours", "because it's for 2 hours": no more than a reason?
  const limits =
    isWord(tokens[index - 1], "it's", "its") ||
    tokens.slice(Math.max(0, index - 2), index).some((one) => has(one, "want"));
  return change.reason?.includes(words) === true && !limits ? undefined : words;
}

function endsPart(token: Token | undefined): boolean {
  return token === undefined || isSign(token) || ["colon", "close"].includes(token.kind);
}

/** "via the app setting", "WEBSITE_VNET_ROUTE_ALL"; "the image pull app setting" only says what image pull is. */
function namesSetting(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token?.kind === "word" && token.entry === undefined && literalFlag(token.text)?.appSetting === true)
    return true;
  const own = /^app(?:lication)? settings?$/.test(token?.lower ?? "");
  if (!own && !isWord(token, "setting", "settings")) return false;
  let before = index - 1;
  let legacy = false;
  for (; hasAny(tokens[before], ["determiner", "vague"]) || isWord(tokens[before], "legacy"); before--)
    legacy ||= isWord(tokens[before], "legacy", "old");
  if (!own && !legacy) return false;
  const apart = tokens[before] === undefined || isSign(tokens[before]) || isWord(tokens[before], "so", "and");
  const alone = apart && (endsPart(tokens[index + 1]) || has(tokens[index + 1], "polite"));
  return alone || isWord(tokens[before], "via", "through", "by", "with", "as", "use", "using", "in", "over");
}

/** "it has been down for 2 hours": how long something has lasted already. */
function tellsHowLong(tokens: readonly Token[], index: number): boolean {
  let from = index;
  while (from > 0 && tokens[from - 1]?.kind === "word") from--;
  return tokens
    .slice(from, index)
    .some(
      (token) =>
        isWord(token, "been", "was", "were", "had", "since", "already", "now", "has", "have") ||
        (!has(token, "want") && /(?:ing|ed)$/.test(token.lower)),
    );
}

function isNamed(token: Token, { targets }: Change): boolean {
  return targets.some(({ name, slot, resourceGroup, subscription }) =>
    [name, slot, resourceGroup, subscription].includes(token.text),
  );
}

/** Who approves, undoes or cancels cannot break the glass for it, nor try it out: that is not passed over either. */
export function lostInAct(sentences: readonly Sentence[]): Issue | undefined {
  const token = sentences
    .flatMap(({ tokens }) => tokens)
    .find((one) => hasAny(one, ["breakGlass", "dryRun"]));
  return token === undefined ? undefined : { code: "unplaced-words", words: token.text };
}

/** A reason that stands behind an explanation: "..., the bank is unreachable because of INC-12". */
export function reasonTold(sentences: readonly Sentence[], text: string): string | undefined {
  for (const { tokens } of sentences) {
    for (const [from, token] of tokens.entries()) {
      const marked = isWord(token, "because", "because of", "due to") || has(token, "reasonNoun");
      const told = marked ? readReason({ tokens, from, text, cuts: true }) : undefined;
      if (told !== undefined && told.reason !== "") return told.reason;
    }
  }
  return undefined;
}
