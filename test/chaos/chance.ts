/** Chance that repeats itself: the same seed makes the same choices, in whatever order the streams are asked. */
export class Chance {
  #state: number;

  constructor(seed: string) {
    // FNV-1a, so that seeds that differ a little begin far apart.
    let hash = 0x811c9dc5;
    for (const character of seed) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    this.#state = hash >>> 0;
  }

  /** From 0 up to, and never, 1: mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  one<const T extends readonly [unknown, ...unknown[]]>(of: T): T[number] {
    return of[this.whole(0, of.length - 1)] ?? of[0];
  }

  /** One of the choices, each as likely as its weight says. */
  weighted<T>(choices: readonly [readonly [number, T], ...(readonly [number, T])[]]): T {
    const all = choices.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.next() * all;
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    return choices[0][1];
  }
}
