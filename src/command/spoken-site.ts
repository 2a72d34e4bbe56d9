import { readFlag } from "./read-flags.ts";
import { addFlag, type RequestDraft } from "./request.ts";
import { isStrongName } from "./site-name.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

type Told = readonly (readonly Token[])[];

/** Completes a request from what is told before it: the one site, and for "turn it off" the one setting. */
export function mendFromTold(draft: RequestDraft, told: Told): void {
  if (told.length === 0) return;
  const site = draft.targets.length === 0 ? siteSpokenOf(told) : undefined;
  const bare = draft.actions.every((action) => action.flags.length === 0);
  const [action] = draft.actions.filter(({ verb }) => verb?.class === "switch");
  if (site !== undefined) {
    draft.targets.push({ name: site });
    draft.explanation.push({ words: site, meaning: "site, told of before" });
  }
  if (!bare || !draft.pointsBack || draft.actions.length !== 1 || action?.on === undefined) return;
  const flag = flagSpokenOf(told);
  if (flag === undefined || draft.targets.length === 0) return;
  addFlag(action, flag);
  draft.explanation.push({ words: "it", meaning: `${flag.flags.join(", ")}, told of before` });
}

/** The one setting that is spoken of. */
function flagSpokenOf(told: Told): ReturnType<typeof readFlag> {
  const found = new Map<string, NonNullable<ReturnType<typeof readFlag>>>();
  for (const tokens of told)
    for (let index = 0; index < tokens.length; index++) {
      const flag = readFlag(tokens, index);
      if (flag === undefined || flag.weak === true) continue;
      found.set(flag.flags.join(), flag);
      index = flag.end - 1;
    }
  const [only] = found.values();
  return found.size === 1 && only?.raw !== true && only?.everything !== true && only?.ambiguous !== true
    ? only
    : undefined;
}

/** What people call the other resources of a subscription; a site may be called so, but then it has to be named. */
const otherResource =
  /^(?:sql|db|kv|acr|cr|vnet|snet|subnet|nsg|fw|afw|st|sa|redis|sb|eh|vm|aks|pip|pe|pep|law|cosmos|mysql|psql|pg|nat|agw|apim|vault|storage|proxy|dns)[-\d]|[-](?:sql|db|kv|vnet|subnet|nsg|fw|vm|vault|firewall|party|live|premise|premises|end|line)$/i;

/**
 * The one site that a sentence beside the request speaks of ("shop-web cannot reach its database. Route all, please"):
 * the only name in all that is told, and where a site is named: in front of what it does, or after "on" or "for".
 */
function siteSpokenOf(told: Told): string | undefined {
  const names = new Map<string, boolean>();
  for (const tokens of told)
    for (const [index, token] of tokens.entries())
      if (isStrongName(token) && !otherResource.test(token.text))
        names.set(token.text, (names.get(token.text) ?? false) || isSpokenOf(tokens, index));
  const [only] = names;
  return names.size === 1 && only?.[1] === true ? only[0] : undefined;
}

function isSpokenOf(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  const next = tokens[index + 1];
  if (has(before, "determiner")) return false;
  const acts =
    hasAny(next, ["be", "modal", "negation", "want", "told"]) ||
    next?.entry?.verb?.forms.has("third") === true ||
    (next?.kind === "word" && next.entry === undefined && /[a-z]{2}(?:s|ed)$/.test(next.lower));
  const placed = hasAny(before, ["app"]) || isWord(before, "for", "on", "of", "with", "in", "at", "from");
  return (
    tokens[index]?.possessive === true ||
    (index === 0 && next?.kind === "colon") ||
    acts ||
    (placed && (next === undefined || next.entry !== undefined || next.kind !== "word"))
  );
}
