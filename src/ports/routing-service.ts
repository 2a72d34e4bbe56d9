import type { SettingEdit } from "../domain/change/plan.ts";
import type { TargetReference } from "../domain/command.ts";
import type { Failure } from "../domain/failure.ts";
import type { LegacyStates } from "../domain/routing/legacy-setting.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import type { SubnetInspection } from "../domain/routing/subnet-inspection.ts";
import type { ResolvedTarget } from "../domain/target.ts";

/**
 * What became of a look-up. `several` and `none` list what to offer, the most likely first. `all` is the answer to a reference
 * with `all`: every production site of its scope, in no order, at least one.
 */
export type FindResult =
  | { readonly kind: "found"; readonly target: ResolvedTarget }
  | { readonly kind: "all"; readonly targets: readonly ResolvedTarget[] }
  | { readonly kind: "several"; readonly candidates: readonly ResolvedTarget[] }
  | { readonly kind: "none"; readonly suggestions: readonly ResolvedTarget[] }
  | { readonly kind: "failed"; readonly failure: Failure };

export type ObserveResult =
  | { readonly kind: "observed"; readonly observation: SiteObservation }
  | { readonly kind: "gone" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Ids of one write, for the audit and for Microsoft's support. */
export type WriteReceipt = {
  readonly status: number;
  readonly requestId?: string;
  readonly correlationId?: string;
  /** Where to ask about an asynchronous operation (202); on the ARM host, validated. */
  readonly operationUrl?: string;
  /** The PATCH was accepted without effect, and this is the receipt of a PUT of the whole site. */
  readonly way?: "put";
  /** Names of what reads differently after that PUT, and was not asked for. */
  readonly changedProperties?: readonly string[];
  /** The PATCH was accepted without effect, and the PUT that was sent after it was refused: why, in a sentence. */
  readonly fallbackRefused?: string;
  /** Of an edit of app settings: the others are no longer what they were when it was sent. */
  readonly othersChanged?: true;
};

/**
 * What is known after a write was sent.
 * - `accepted`: Azure answered 2xx. That is not success: only a read-back is.
 * - `refused`: Azure said no (4xx); nothing was changed. `failure.code` is `azure-busy` or `azure-throttled` when another
 *   try later may work.
 * - `unclear`: no answer, a broken one or 5xx: it may or may not have been done. Observe to find out; never re-send blindly.
 */
export type WriteResult =
  | { readonly kind: "accepted"; readonly receipt: WriteReceipt }
  | { readonly kind: "refused"; readonly failure: Failure }
  | { readonly kind: "unclear"; readonly failure: Failure };

/** The result of reading back until the site says what was wanted, or until the time was over. */
export type VerifyResult =
  /**
   * Every key of the wanted map, and the edited setting, read back as wanted. `unfinished`: the asynchronous operation says
   * otherwise all the same, that it failed or has not ended.
   */
  | { readonly kind: "equal"; readonly observation: SiteObservation; readonly unfinished?: Failure }
  /** It still differs at the deadline, or the asynchronous operation ended in failure. */
  | { readonly kind: "different"; readonly observation: SiteObservation; readonly failure?: Failure }
  /** It could not be read any more: the outcome is unknown. */
  | { readonly kind: "unreadable"; readonly failure: Failure };

/**
 * The one thing Routebot does to the world: reading and changing how sites route their outbound traffic.
 * No method throws for what Azure answers; they throw only for programming errors and for an aborted signal.
 */
export interface RoutingService {
  /**
   * From what was typed to exactly one site or slot, over all configured subscriptions, from a cached inventory.
   * Never trusted for a change itself: `observe` reads afresh.
   */
  find(reference: TargetReference, options?: FindOptions): Promise<FindResult>;

  /** One fresh reading of the site (one GET, and one POST for app settings where they are readable). */
  observe(target: ResolvedTarget, options?: ObserveOptions): Promise<ObserveResult>;

  /**
   * What the network security group and the routes of an integration subnet say: up to three readings, for a plan that needs
   * them. What cannot be read is `unreadable`, never "nothing in the way".
   */
  inspectSubnet(subnetId: string, signal?: AbortSignal): Promise<SubnetInspection>;

  /**
   * Sends the whole wanted routing map once: `wanted` is the map as observed with the changed keys replaced (unknown keys
   * kept). Waits and retries are the caller's; one call is one request, and a second one only where the fallback of
   * docs/adr/0019 is configured and the first was accepted without effect. `timeoutMs` bounds all of it.
   */
  write(request: WriteRequest): Promise<WriteResult>;

  /**
   * Edits one legacy app setting and no other. Azure only takes all of them at once, so they are read, read again right before
   * the write, and compared with what was sent after it; when somebody else changed one in between, nothing is sent and it is
   * refused as `azure-busy`. Their names and values stay inside.
   */
  editSetting(request: EditRequest): Promise<WriteResult>;

  /**
   * Follows the asynchronous operation if there is one, then reads back until every key of `wanted`, and `edit`, are as
   * wanted or `deadline` has passed. The first reading is made at once.
   */
  verify(request: VerifyRequest): Promise<VerifyResult>;

  /**
   * One page of all sites of some scopes, as Azure lists them: one request a page and none for a single site. App settings are
   * not in a list, so `legacy` is `unknown`, nor is gateway-required integration, which shows as none. Slots are listed with
   * the sites of a resource group, and not with those of a subscription. Waits rather than take what a change may need.
   */
  listPage(request: ListPageRequest): Promise<ListPageResult>;

  /** The legacy settings of one site: one request, under the same rule as `listPage`. What cannot be read is `unknown`. */
  readLegacy(target: ResolvedTarget, signal?: AbortSignal): Promise<LegacyStates>;
}

/** Sites to be listed: those of a group, in every subscription or in one; of a subscription; or all. */
export type FleetScope = {
  readonly resourceGroup?: string;
  /** Name or id. */
  readonly subscription?: string;
};

export type ListPageRequest = {
  /** None is everything. */
  readonly scopes: readonly FleetScope[];
  /** `next` of the page before; absent for the first one. */
  readonly cursor?: string;
  readonly signal?: AbortSignal;
};

export type ListPageResult =
  /** `unreadGroups`: resource groups that were passed over since the page before, because they may not be listed. */
  | {
      readonly kind: "page";
      readonly sites: readonly SiteObservation[];
      readonly next?: string;
      readonly unreadGroups: number;
    }
  /** No such group or subscription; `scope` as it was asked for. */
  | { readonly kind: "no-scope"; readonly scope: FleetScope }
  /** The cursor is no good any more: begin anew. */
  | { readonly kind: "expired" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Who is looking, and from where. */
export type FindOptions = Sight & { readonly signal?: AbortSignal };

export type Sight = {
  /**
   * What the asker may be shown: nothing else is among candidates and suggestions. A name that was typed and fits one site
   * alone is found all the same. Default: everything.
   */
  readonly sees?: (target: ResolvedTarget) => boolean;
  /**
   * Where a name without group and subscription is looked for first: sites elsewhere count only when none fits there.
   * Default: nowhere.
   */
  readonly home?: (target: ResolvedTarget) => boolean;
};

export type ObserveOptions = {
  /** Leave out the reading of app settings: `legacy` is then `unknown`. Default false. */
  readonly withoutAppSettings?: boolean;
  readonly signal?: AbortSignal;
};

export type WriteRequest = {
  readonly observation: SiteObservation;
  readonly wanted: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
};

export type EditRequest = {
  readonly observation: SiteObservation;
  readonly edit: SettingEdit;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
};

export type VerifyRequest = {
  readonly target: ResolvedTarget;
  readonly wanted: Readonly<Record<string, unknown>>;
  readonly edit?: SettingEdit;
  readonly receipt?: WriteReceipt;
  readonly deadline: Date;
  readonly signal?: AbortSignal;
};
