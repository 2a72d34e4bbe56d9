export type Grouping<Item, Result> = {
  /** Commits all of them, or none, and says what came of each, in their order. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Whether a failed commit may be one item's own fault: each is then tried alone. */
  readonly mayBeOnes: (error: unknown) => boolean;
  /** Two items that share one of these are committed one after the other, in the order in which they came. */
  readonly keysOf: (item: Item) => readonly string[];
  /** Items in one group. */
  readonly most: number;
  /** Groups under way at the same time: one that hangs does not hold up all that come after it. */
  readonly atOnce: number;
};

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly keys: readonly string[];
  readonly settle: PromiseWithResolvers<Result>;
};

/**
 * Commits what comes in, several items with one transaction when they come faster than transactions end. Nothing is held back
 * to fill a group: an item that finds no group under way is committed at once.
 */
export class GroupCommit<Item, Result> {
  readonly #grouping: Grouping<Item, Result>;
  readonly #inUse = new Set<string>();
  #waiting: Waiting<Item, Result>[] = [];
  #groups = 0;

  constructor(grouping: Grouping<Item, Result>) {
    this.#grouping = grouping;
  }

  /** Resolves when it is committed. */
  add(item: Item): Promise<Result> {
    const settle = Promise.withResolvers<Result>();
    this.#waiting.push({ item, keys: this.#grouping.keysOf(item), settle });
    this.#begin();
    return settle.promise;
  }

  #begin(): void {
    if (this.#groups >= this.#grouping.atOnce) return;
    const group = this.#nextGroup();
    if (group.length === 0) return;
    const keys = group.flatMap((one) => one.keys);
    for (const key of keys) this.#inUse.add(key);
    this.#groups += 1;
    void this.#commit(group).finally(() => {
      for (const key of keys) this.#inUse.delete(key);
      this.#groups -= 1;
      this.#begin();
    });
  }

  /** In the order in which they came; whoever has to wait keeps those behind it that share one of its keys waiting too. */
  #nextGroup(): readonly Waiting<Item, Result>[] {
    const taken = new Set<string>();
    const group: Waiting<Item, Result>[] = [];
    const left: Waiting<Item, Result>[] = [];
    for (const one of this.#waiting) {
      const free = one.keys.every((key) => !this.#inUse.has(key) && !taken.has(key));
      for (const key of one.keys) taken.add(key);
      (free && group.length < this.#grouping.most ? group : left).push(one);
    }
    this.#waiting = left;
    return group;
  }

  /** Never rejects. */
  async #commit(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#grouping.commit(group.map(({ item }) => item));
      if (results.length !== group.length) throw new Error("a group was committed without all its results");
      for (const [index, result] of results.entries()) group[index]?.settle.resolve(result);
    } catch (error) {
      if (group.length > 1 && this.#grouping.mayBeOnes(error)) {
        await Promise.all(group.map((one) => this.#commit([one])));
      } else {
        for (const { settle } of group) settle.reject(error);
      }
    }
  }
}
