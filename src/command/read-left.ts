import type { RoutingFlag } from "../domain/routing/routing-flag.ts";
import { readFlag } from "./read-flags.ts";
import { note, type Reader, take } from "./reader.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

/** "..., leave image pull alone", "keep the rest as it is": what is not asked for. It may not be asked for as well. */
export function readLeft(reader: Reader): boolean {
  const { tokens, draft } = reader;
  let index = reader.index;
  if (hasAny(tokens[index], ["but", "and"])) index++;
  if (has(tokens[index], "polite")) index++;
  if (!isWord(tokens[index], "leave", "keep", "leaving", "keeping")) return false;
  const named = readNamed(tokens, index + 1);
  const end = named === undefined ? undefined : endOfLeaving(tokens, named.end);
  if (named === undefined || end === undefined) return false;
  note(reader, end, "left as it is");
  draft.left.push(...named.flags);
  take(reader, end, "other");
  return true;
}

function readNamed(
  tokens: readonly Token[],
  from: number,
): { flags: RoutingFlag[]; end: number } | undefined {
  const rest = endOfRest(tokens, from);
  if (rest !== undefined) return { flags: [], end: rest };
  const flags: RoutingFlag[] = [];
  let index = from;
  for (;;) {
    const flag = readFlag(tokens, index);
    if (flag === undefined) return undefined;
    flags.push(...flag.flags);
    index = flag.end;
    if (!has(tokens[index], "and") && tokens[index]?.kind !== "comma") return { flags, end: index };
    while (has(tokens[index], "and") || tokens[index]?.kind === "comma") index++;
  }
}

/** "everything else", "all the other flags", "the rest". */
function endOfRest(tokens: readonly Token[], from: number): number | undefined {
  let index = from;
  while (hasAny(tokens[index], ["determiner", "all"])) index++;
  if (isWord(tokens[index], "rest", "others")) return index + 1;
  if (isWord(tokens[index - 1], "all") && isWord(tokens[index], "else")) return index + 1;
  if (has(tokens[index], "everything") && isWord(tokens[index + 1], "else")) return index + 2;
  return isWord(tokens[index], "other", "remaining") && has(tokens[index + 1], "feature")
    ? index + 2
    : undefined;
}

function endOfLeaving(tokens: readonly Token[], from: number): number | undefined {
  if (isWord(tokens[from], "alone", "untouched", "unchanged", "be", "as-is", "asis")) return from + 1;
  if (!isWord(tokens[from], "as", "how", "like")) return undefined;
  if (isWord(tokens[from + 1], "is", "it's", "its")) return from + 2;
  const said =
    isWord(tokens[from + 1], "it", "they", "that") && isWord(tokens[from + 2], "is", "are", "was", "were");
  return said ? from + 3 : undefined;
}
