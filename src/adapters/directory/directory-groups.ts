import type { Membership, Memberships } from "../../domain/change/group-members.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { GroupReader } from "./group-reader.ts";

export type DirectoryGroups = {
  /**
   * Who is in these groups (`entra:OBJECT-ID`, `slack:TEAM/GROUP`), as read at most a minute ago, or now with `fresh`. Never
   * rejects: a group that could not be read is `undefined`, and nobody stands in for its members.
   */
  read(keys: readonly string[], options?: { readonly fresh?: boolean }): Promise<Memberships>;
};

export type DirectoryGroupsParts = {
  /** By what is before the colon of a key. */
  readonly readers: Readonly<Partial<Record<string, GroupReader>>>;
  readonly clock: Clock;
  readonly log: Log;
  /** How long one reading may take. Default 1.5 s, because a click waits for it. */
  readonly withinMs?: number;
};

const freshForMs = 60_000;
/** A directory that is away is not asked by every message. */
const failedForMs = 5_000;
const defaultWithinMs = 1_500;

type Known = { readonly members: Membership; readonly until: number };

/** The groups of directories, remembered for a minute and read again at each click. */
export function createDirectoryGroups(parts: DirectoryGroupsParts): DirectoryGroups {
  const { readers, clock, log, withinMs = defaultWithinMs } = parts;
  const known = new Map<string, Known>();
  const reading = new Map<string, Promise<Membership>>();

  async function readNow(key: string): Promise<Membership> {
    const [kind = ""] = key.split(":", 1);
    let members: Membership;
    try {
      const reader = readers[kind];
      if (!reader) throw new Error(`${kind} is not configured`);
      members = await reader(key.slice(kind.length + 1), AbortSignal.timeout(withinMs));
    } catch (error) {
      log.warn("group-unreadable", {
        group: key,
        reason: error instanceof Error ? error.message : String(error),
      });
    }
    const until = clock.now().getTime() + (members === undefined ? failedForMs : freshForMs);
    known.set(key, { members, until });
    return members;
  }

  function membersOf(key: string, fresh: boolean): Promise<Membership> | Membership {
    const found = known.get(key);
    const now = clock.now().getTime();
    // A clock that was set back must not keep an old reading.
    if (!fresh && found && now < found.until && now >= found.until - freshForMs) return found.members;
    const running = reading.get(key) ?? readNow(key).finally(() => reading.delete(key));
    reading.set(key, running);
    return running;
  }

  return {
    async read(keys, { fresh = false } = {}) {
      return new Map(await Promise.all(keys.map(async (key) => [key, await membersOf(key, fresh)] as const)));
    },
  };
}
