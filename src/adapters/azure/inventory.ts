import type { ResolvedTarget } from "../../domain/target.ts";

/** Sites and slots that were read together, ready to be looked through: made once for each reading. */
export type Inventory = {
  readonly entries: readonly Entry[];
  /** By the name of the site in lower case: the site and those of its slots that were read. */
  readonly byName: ReadonlyMap<string, readonly Entry[]>;
  /** By the host name that Azure gave, in lower case. */
  readonly byHost: ReadonlyMap<string, readonly Entry[]>;
};

/** A target with its name in lower case: Azure's names do not distinguish case. */
export type Entry = { readonly target: ResolvedTarget; readonly name: string };

export function inventoryOf(targets: readonly ResolvedTarget[]): Inventory {
  const entries = targets.map((target) => ({ target, name: target.site.toLowerCase() }));
  return {
    entries,
    byName: Map.groupBy(entries, ({ name }) => name),
    byHost: Map.groupBy(entries, ({ target }) => target.defaultHostName?.toLowerCase() ?? ""),
  };
}
