import { inventoryOf } from "../../src/adapters/azure/inventory.ts";
import { matchReference } from "../../src/adapters/azure/match-reference.ts";
import type { SettingEdit } from "../../src/domain/change/plan.ts";
import { withRoutingMap, withSettings } from "../../src/domain/routing/effective-value.ts";
import { mapSays } from "../../src/domain/routing/routing-map.ts";
import type { SiteObservation } from "../../src/domain/routing/site-observation.ts";
import type { SubnetInspection } from "../../src/domain/routing/subnet-inspection.ts";
import { type ResolvedTarget, targetKey } from "../../src/domain/target.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type {
  FindResult,
  ListPageResult,
  ObserveResult,
  RoutingService,
  VerifyResult,
  WriteRequest,
  WriteResult,
} from "../../src/ports/routing-service.ts";
import { listFromMemory } from "./memory-listing.ts";
import { unreadableLegacySettings } from "./observations.ts";

/** A result given in advance, or what makes it when its turn comes (it may wait, to hold a step open). */
export type Ordered<Result> = Result | (() => Result | Promise<Result>);

/**
 * How a write behaves that was ordered. `apply` says what Azure does with the site all the same: the whole map (default for
 * `accepted`), nothing (default otherwise), or some keys.
 */
export type OrderedWrite = {
  readonly result: WriteResult;
  readonly apply?: "all" | "nothing" | Readonly<Record<string, unknown>>;
};

/** The same for an edit of an app setting. */
export type OrderedEdit = { readonly result: WriteResult; readonly apply?: "all" | "nothing" };

export type RoutingCall =
  | { readonly method: "edit"; readonly resourceId: string; readonly edit: SettingEdit }
  | { readonly method: "find" | "list" }
  | { readonly method: "read-legacy"; readonly resourceId: string }
  | { readonly method: "observe" | "verify"; readonly resourceId: string }
  | {
      readonly method: "write";
      readonly resourceId: string;
      readonly wanted: Readonly<Record<string, unknown>>;
    };

/** The routing service without Azure: it keeps sites, and does what a test orders. */
export type MemoryRoutingService = RoutingService & {
  /** Every call, in order. */
  readonly calls: readonly RoutingCall[];
  /** Orders the next results, used up first in first out; a site that nothing was ordered for behaves well. */
  readonly order: {
    find(result: Ordered<FindResult>): void;
    observe(result: Ordered<ObserveResult>): void;
    write(write: Ordered<OrderedWrite>): void;
    edit(edit: Ordered<OrderedEdit>): void;
    verify(result: Ordered<VerifyResult>): void;
    list(result: Ordered<ListPageResult>): void;
  };
  /** The site as it is now. Throws if there is none. */
  site(resourceId: string): SiteObservation;
  /** What somebody else does to a site, out of band. */
  change(resourceId: string, differences: Partial<SiteObservation>): void;
  /** Sets keys of the routing map, out of band. */
  setFlags(resourceId: string, map: Readonly<Record<string, unknown>>): void;
  /** Edits an app setting, out of band. */
  editSettings(resourceId: string, edit: SettingEdit): void;
  remove(resourceId: string): void;
  /** What is around a subnet; nothing, unless a test says so. */
  readonly subnets: Map<string, SubnetInspection>;
};

/** Between two readings of `verify`. */
const pollMs = 3_000;

/** Sites are told apart by resource id; `find` looks at all of them. Time comes from `clock` alone. */
export function createMemoryRoutingService(settings: {
  readonly sites: readonly SiteObservation[];
  readonly clock: Clock;
}): MemoryRoutingService {
  const { clock } = settings;
  const sites = new Map(settings.sites.map((site) => [targetKey(site.target), site]));
  const calls: RoutingCall[] = [];
  const ordered = {
    find: queue<FindResult>(),
    observe: queue<ObserveResult>(),
    write: queue<OrderedWrite>(),
    edit: queue<OrderedEdit>(),
    verify: queue<VerifyResult>(),
    list: queue<ListPageResult>(),
  };
  let receipts = 0;

  const site = (resourceId: string): SiteObservation => {
    const found = sites.get(resourceId.toLowerCase());
    if (found === undefined) throw new Error(`The memory routing service has no site ${resourceId}`);
    return found;
  };
  const change = (resourceId: string, differences: Partial<SiteObservation>): void => {
    sites.set(resourceId.toLowerCase(), { ...site(resourceId), ...differences });
  };
  const setFlags = (resourceId: string, map: Readonly<Record<string, unknown>>): void => {
    const before = site(resourceId);
    sites.set(
      resourceId.toLowerCase(),
      withRoutingMap({ ...before, lastModified: clock.now().toISOString() }, { ...before.storedMap, ...map }),
    );
  };
  const editSettings = (resourceId: string, edit: SettingEdit): void => {
    sites.set(resourceId.toLowerCase(), withSettings(site(resourceId), [edit]));
  };
  const read = (target: ResolvedTarget): SiteObservation | undefined => {
    const found = sites.get(targetKey(target));
    return found === undefined ? undefined : { ...found, observedAt: clock.now() };
  };
  const accepted = (): WriteResult => {
    receipts += 1;
    return {
      kind: "accepted",
      receipt: { status: 200, requestId: `request-${receipts}`, correlationId: `correlation-${receipts}` },
    };
  };
  const applyWrite = ({ observation, wanted }: WriteRequest, write: OrderedWrite): WriteResult => {
    const apply = write.apply ?? (write.result.kind === "accepted" ? "all" : "nothing");
    if (apply !== "nothing") setFlags(observation.target.resourceId, apply === "all" ? wanted : apply);
    return write.result;
  };

  const subnets = new Map<string, SubnetInspection>();
  return {
    calls,
    subnets,
    order: {
      find: ordered.find.add,
      observe: ordered.observe.add,
      write: ordered.write.add,
      edit: ordered.edit.add,
      verify: ordered.verify.add,
      list: ordered.list.add,
    },
    site,
    change,
    setFlags,
    editSettings,
    remove: (resourceId) => {
      sites.delete(resourceId.toLowerCase());
    },

    async find(reference, { signal, ...sight } = {}) {
      signal?.throwIfAborted();
      calls.push({ method: "find" });
      const result = await ordered.find.next();
      return (
        result ??
        matchReference(reference, [inventoryOf([...sites.values()].map(({ target }) => target))], sight)
      );
    },

    async observe(target, options) {
      options?.signal?.throwIfAborted();
      calls.push({ method: "observe", resourceId: target.resourceId });
      const result = await ordered.observe.next();
      if (result !== undefined) return result;
      const observation = read(target);
      if (observation === undefined) return { kind: "gone" };
      return {
        kind: "observed",
        observation:
          options?.withoutAppSettings === true ? { ...observation, ...unreadSettings } : observation,
      };
    },

    async listPage({ signal, ...request }) {
      signal?.throwIfAborted();
      calls.push({ method: "list" });
      const result = await ordered.list.next();
      return result ?? listFromMemory([...sites.values()], request);
    },

    async readLegacy(target, signal) {
      signal?.throwIfAborted();
      calls.push({ method: "read-legacy", resourceId: target.resourceId });
      return read(target)?.legacy ?? unreadableLegacySettings;
    },

    async inspectSubnet(subnetId, signal) {
      signal?.throwIfAborted();
      return subnets.get(subnetId) ?? { kind: "read" };
    },

    async write(request) {
      request.signal?.throwIfAborted();
      const { resourceId } = request.observation.target;
      calls.push({ method: "write", resourceId, wanted: request.wanted });
      const write = await ordered.write.next();
      if (write !== undefined) return applyWrite(request, write);
      if (sites.has(resourceId.toLowerCase())) return applyWrite(request, { result: accepted() });
      return {
        kind: "refused",
        failure: {
          code: "azure-rejected",
          message: "The site is gone.",
          serviceCode: "ResourceNotFound",
          status: 404,
        },
      };
    },

    async editSetting(request) {
      request.signal?.throwIfAborted();
      const { resourceId } = request.observation.target;
      calls.push({ method: "edit", resourceId, edit: request.edit });
      const order = await ordered.edit.next();
      const result = order?.result ?? accepted();
      const apply = order?.apply ?? (result.kind === "accepted" ? "all" : "nothing");
      if (apply === "all") editSettings(resourceId, request.edit);
      return result;
    },

    async verify({ target, wanted, edit, deadline, signal }) {
      signal?.throwIfAborted();
      calls.push({ method: "verify", resourceId: target.resourceId });
      const result = await ordered.verify.next();
      if (result !== undefined) return result;
      for (;;) {
        const observation = read(target);
        if (observation === undefined) return { kind: "unreadable", failure: gone };
        const isEdited = edit === undefined || observation.legacy[edit.setting] === edit.to;
        if (isEdited && mapSays(observation.storedMap, wanted)) return { kind: "equal", observation };
        const left = deadline.getTime() - clock.now().getTime();
        if (left <= 0) return { kind: "different", observation };
        await clock.sleep(Math.min(pollMs, left), signal);
      }
    },
  };
}

const unreadSettings = { legacy: unreadableLegacySettings, contentSettings: "unknown" } as const;

const gone = { code: "azure-unexpected", message: "The site is gone.", status: 404 } as const;

function queue<Result>() {
  const waiting: Ordered<Result>[] = [];
  return {
    add: (result: Ordered<Result>): void => {
      waiting.push(result);
    },
    next: async (): Promise<Result | undefined> => {
      const result = waiting.shift();
      return isMaker(result) ? await result() : result;
    },
  };
}

function isMaker<Result>(ordered: Ordered<Result> | undefined): ordered is () => Result | Promise<Result> {
  return typeof ordered === "function";
}
