import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";

export type Aged<Value> = { readonly value: Value; readonly readAt: Date };

export type AgingCacheSettings<Value> = {
  readonly name: string;
  readonly load: (key: string) => Promise<Value>;
  /** Younger values are given as they are; older ones too, while a refresh is under way. */
  readonly freshMs: number;
  /** Older values are not given any more. */
  readonly staleMs: number;
  /** Values kept at most; the one loaded longest ago goes first. */
  readonly capacity: number;
};

/**
 * Values with an age. One load a key at a time, shared by all who ask. A value between fresh and stale is given at once and
 * refreshed behind it. A load that fails is thrown to those who wait for it, and never replaces a value.
 */
export type AgingCache<Value> = {
  /** `maxAgeMs` asks for a younger value than `staleMs` allows. */
  get(key: string, maxAgeMs?: number): Promise<Aged<Value>>;
};

export function createAgingCache<Value>(
  settings: AgingCacheSettings<Value>,
  tools: { readonly clock: Clock; readonly log: Log },
): AgingCache<Value> {
  const { name, freshMs, staleMs, capacity } = settings;
  const { clock, log } = tools;
  const values = new Map<string, Aged<Value>>();
  const loading = new Map<string, Promise<Aged<Value>>>();

  const refresh = (key: string): Promise<Aged<Value>> => {
    const running = loading.get(key);
    if (running !== undefined) return running;
    const started = load(key).finally(() => loading.delete(key));
    loading.set(key, started);
    return started;
  };

  async function load(key: string): Promise<Aged<Value>> {
    const readAt = clock.now();
    const aged = { value: await settings.load(key), readAt };
    values.delete(key);
    values.set(key, aged);
    const oldest = values.keys().next();
    if (values.size > capacity && oldest.done !== true) values.delete(oldest.value);
    return aged;
  }

  return {
    async get(key, maxAgeMs = staleMs) {
      const known = values.get(key);
      const age =
        known === undefined ? Number.POSITIVE_INFINITY : clock.now().getTime() - known.readAt.getTime();
      if (known === undefined || age > Math.min(maxAgeMs, staleMs)) return await refresh(key);
      if (age > freshMs) {
        refresh(key).catch((error: unknown) => {
          log.warn("azure-refresh-failed", {
            cache: name,
            key,
            reason: error instanceof Error ? error.message : String(error),
          });
        });
      }
      return known;
    },
  };
}
