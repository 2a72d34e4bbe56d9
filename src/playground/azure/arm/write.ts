import { isDeepStrictEqual } from "node:util";
import type { Fault } from "../faults/fault.ts";
import type { Answer } from "../http/exchange.ts";
import type { StoredSite } from "../world/world.ts";
import { busyError } from "./errors.ts";
import type { ArmContext, SiteWrite } from "./route.ts";

export interface WriteRequest {
  readonly write: SiteWrite;
  readonly context: ArmContext;
  readonly site: StoredSite;
  readonly fault: Fault | null;
  readonly operationName: string;
}

/** Carries a valid write out: at once, as a long-running operation, in part or not at all, as site and fault say. */
export function carryOutWrite(request: WriteRequest): Answer {
  const { write, context, site, fault } = request;
  const busy = runningOperation(context, site);
  if (busy !== null) return busyError(busy);
  if (fault?.kind === "ignored") {
    const shown = fault.reply === "as-asked" ? write.change(site) : site;
    return { status: 200, body: write.render(shown) };
  }
  const change = fault?.kind === "partial" ? partly(write.change, fault.keys) : write.change;
  // An empty PATCH, or one that asks for what is stored, is answered at once and moves nothing.
  if (isDeepStrictEqual(change(site), site)) return { status: 200, body: write.render(site) };
  if (fault?.kind === "late") {
    context.operations.postpone({ site, readsUntilDone: fault.readsUntilDone, change });
    return { status: 200, body: write.render(change(site)) };
  }
  const polls = fault?.kind === "async" ? fault.pollsUntilDone : site.asyncPolls;
  if (polls !== null) {
    return context.operations.start({
      site,
      name: request.operationName,
      pollsUntilDone: polls,
      outcome: fault?.kind === "async" ? fault.outcome : "succeeded",
      retryAfterSeconds: fault?.kind === "async" ? fault.retryAfterSeconds : 1,
      origin: context.exchange.origin,
      apiVersion: context.apiVersion,
      change,
      render: write.render,
    });
  }
  const saved = context.store.save(change(site), "arm");
  const shown = fault?.kind === "partial" ? write.change(site) : saved;
  return { status: 200, body: write.render(shown) };
}

function runningOperation(context: ArmContext, site: StoredSite) {
  const running = context.operations.running(site);
  if (running !== null) return running;
  const id = site.properties.inProgressOperationId;
  if (typeof id !== "string" || id === "") return null;
  return { id, name: "SwapSiteSlots", createdTime: String(site.properties.lastModifiedTimeUtc ?? "") };
}

/** The change, less the routing flags and app settings that are not listed. */
function partly(change: SiteWrite["change"], keys: readonly string[]): SiteWrite["change"] {
  const isKept = (name: string) => keys.includes(name);
  return (current) => {
    const wanted = change(current);
    return {
      ...current,
      routing: mixed(current.routing, wanted.routing, isKept),
      appSettings: mixed(current.appSettings, wanted.appSettings, isKept),
    };
  };
}

function mixed<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  takesAfter: (name: string) => boolean,
): Record<string, T> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const result: Record<string, T> = {};
  for (const name of names) {
    const value = takesAfter(name) ? after[name] : before[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}
