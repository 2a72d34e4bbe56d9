import type { PartialRequest } from "../domain/command.ts";

/** Words that say nothing but "the same, for that one". Not among them: anything that could turn a direction around. */
const sameWords = new Set(
  "same thing the do also and too as well likewise ditto now then for on to please it app apps site sites slot one".split(
    " ",
  ),
);

/**
 * Whether a text does nothing but carry what was said before over to the sites that it names: "same for app-y", "and the
 * staging slot". Every single word has to be one of a few, or part of a name: "the opposite for app-y" is not the same.
 */
export function saysTheSame(text: string, { targets = [], set, enable }: PartialRequest): boolean {
  if (targets.length === 0 || set !== undefined || enable !== undefined) return false;
  const names = new Set(
    targets.flatMap(({ name, slot, host, resourceGroup, subscription }) =>
      [name, slot, host, resourceGroup, subscription].flatMap((part) => part?.toLowerCase() ?? []),
    ),
  );
  const words = wordsOf(text);
  return words.length <= longest && words.every((word) => sameWords.has(word) || names.has(word));
}

/** The slot that a text names and nothing else, no site either: "and the staging slot", "same for slot blue". */
export function slotAlone(text: string): string | undefined {
  const words = wordsOf(text);
  const [name, second] = words.filter((word) => !sameWords.has(word));
  if (name === undefined || second !== undefined || words.length > longest) return undefined;
  const at = words.indexOf(name);
  return words[at - 1] === "slot" || words[at + 1] === "slot" ? name : undefined;
}

/** No follow-up is longer than that. */
const longest = 20;

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[\s/,;:()"'`*_]+/u, longest + 1)
    .map((word) => word.replace(/[.!]+$/u, ""))
    .filter((word) => word !== "");
}
