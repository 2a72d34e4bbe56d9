import { isDeepStrictEqual } from "node:util";
import { type StoredSite, siteId, type World } from "./world.ts";

/** What caused a site to change. */
export type ChangeSource = "arm" | "operation" | "admin";

export interface SiteChange {
  readonly id: string;
  readonly by: ChangeSource;
}

/**
 * The current world, with look-ups in any case. Every stored site is replaced, never changed in place, so that what was
 * handed out stays as it was.
 */
export interface Store {
  readonly world: World;
  findSite(id: string): StoredSite | null;
  /**
   * Stores a changed site and moves its `lastModifiedTimeUtc` on; storing an equal site does nothing.
   * @returns the stored site
   */
  save(site: StoredSite, by: ChangeSource): StoredSite;
  replaceWorld(world: World): void;
}

export interface StoreRequest {
  readonly world: World;
  readonly now: () => Date;
  readonly onChange: (change: SiteChange) => void;
}

export function makeStore(request: StoreRequest): Store {
  let world = structuredClone(request.world);
  let byId = indexSites(world);
  return {
    get world() {
      return world;
    },
    findSite(id) {
      const index = byId.get(id.toLowerCase());
      return index === undefined ? null : (world.sites[index] ?? null);
    },
    save(site, by) {
      const id = siteId(site);
      const index = byId.get(id.toLowerCase());
      const before = index === undefined ? undefined : world.sites[index];
      if (index === undefined || before === undefined)
        throw new Error(`No such site in the local Azure: ${id}`);
      if (isDeepStrictEqual(before, site)) return before;
      const saved = structuredClone(site);
      saved.properties.lastModifiedTimeUtc = modifiedAt(before.properties.lastModifiedTimeUtc, request.now());
      world.sites[index] = saved;
      request.onChange({ id, by });
      return saved;
    },
    replaceWorld(next) {
      world = structuredClone(next);
      byId = indexSites(world);
    },
  };
}

function indexSites(world: World): Map<string, number> {
  return new Map(world.sites.map((site, index) => [siteId(site).toLowerCase(), index]));
}

/** App Service's form of a time: seven decimals and no zone. Never the same twice for one site. */
function modifiedAt(before: unknown, now: Date): string {
  const earlier = typeof before === "string" ? Date.parse(`${before.slice(0, 23)}Z`) : Number.NaN;
  const time = Number.isNaN(earlier) ? now.getTime() : Math.max(now.getTime(), earlier + 1);
  return `${new Date(time).toISOString().slice(0, -1)}0000`;
}
