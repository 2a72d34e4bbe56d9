import type { Command } from "../domain/command.ts";
import { literalFlag } from "./read-flags.ts";
import { readHold } from "./read-limits.ts";
import type { Issue } from "./request.ts";
import type { Sentence } from "./split-sentences.ts";
import { wishText } from "./suggest.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

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
      return { code: "unplaced-words", words, suggestions: [...glass, ...dry, text] };
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
  if (change.revertAfter !== undefined) return undefined;
  const hold = readHold(tokens, index);
  if (hold?.iso === undefined || has(token, "undoLater") || tellsHowLong(tokens, index)) return undefined;
  const words = tokens.slice(index, hold.end).map(({ text }) => text);
  return change.reason?.includes(words.join(" ")) === true ? undefined : words.join(" ");
}

/** "via the app setting", "WEBSITE_VNET_ROUTE_ALL"; "the image pull app setting" only says what image pull is. */
function namesSetting(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token?.kind === "word" && token.entry === undefined && literalFlag(token.text)?.appSetting === true)
    return true;
  if (!/^app(?:lication)? settings?$/.test(token?.lower ?? "")) return false;
  let before = index - 1;
  while (hasAny(tokens[before], ["determiner", "vague"]) || isWord(tokens[before], "legacy")) before--;
  return isWord(tokens[before], "via", "through", "by", "with", "as", "use", "using", "in", "over");
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
        /(?:ing|ed)$/.test(token.lower),
    );
}

function isNamed(token: Token, { targets }: Change): boolean {
  return targets.some(({ name, slot, resourceGroup, subscription }) =>
    [name, slot, resourceGroup, subscription].includes(token.text),
  );
}
