import type { ResolvedTarget } from "../../domain/target.ts";

/** Sites and slots that were read together, ready to be looked through: made once for each reading. */
export type Inventory = {
  readonly entries: readonly Entry[];
  /** By the name of the site in lower case: the site and those of its slots that were read. */
  readonly byName: ReadonlyMap<string, readonly Entry[]>;
  /** By the host name that Azure gave, in lower case. */
  readonly byHost: ReadonlyMap<string, readonly Entry[]>;
};

/** A target with its name in lower case, as Azure's names do not distinguish case, and the characters that are in it. */
export type Entry = { readonly target: ResolvedTarget; readonly name: string; readonly characters: number };

export function inventoryOf(targets: readonly ResolvedTarget[]): Inventory {
  const entries = targets.map((target): Entry => {
    const name = target.site.toLowerCase();
    return { target, name, characters: charactersOf(name) };
  });
  return {
    entries,
    byName: Map.groupBy(entries, ({ name }) => name),
    byHost: Map.groupBy(entries, ({ target }) => target.defaultHostName?.toLowerCase() ?? ""),
  };
}

/** A bit for each letter that is in a name, and some for digits and other characters together. */
export function charactersOf(name: string): number {
  let characters = 0;
  for (let at = 0; at < name.length; at++) {
    const unit = name.charCodeAt(at);
    characters |= 1 << (unit >= 97 && unit <= 122 ? unit - 97 : 26 + (unit % 6));
  }
  return characters;
}

/** Edits that it takes at least to get from one name to the other: one edit brings in one character and takes away one. */
export function fewestEdits(left: number, right: number): number {
  return Math.max(bits(left & ~right), bits(right & ~left));
}

function bits(of: number): number {
  let count = 0;
  for (let left = of; left !== 0; left &= left - 1) count += 1;
  return count;
}
