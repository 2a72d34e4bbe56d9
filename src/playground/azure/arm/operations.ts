import { randomUUID } from "node:crypto";
import type { Answer } from "../http/exchange.ts";
import type { Json } from "../http/json.ts";
import type { Store } from "../world/store.ts";
import { type StoredSite, siteId } from "../world/world.ts";
import { armError } from "./errors.ts";

/** A write that was answered with 202 and is not done yet, or its end. */
interface Operation {
  readonly id: string;
  readonly siteId: string;
  readonly name: string;
  readonly createdTime: string;
  readonly change: (current: StoredSite) => StoredSite;
  readonly render: (site: StoredSite) => Json;
  readonly outcome: "succeeded" | "failed";
  pollsLeft: number;
  state: "running" | "succeeded" | "failed";
}

export interface StartRequest {
  readonly site: StoredSite;
  readonly name: string;
  readonly pollsUntilDone: number;
  readonly outcome: "succeeded" | "failed";
  readonly retryAfterSeconds: number;
  readonly origin: string;
  readonly apiVersion: string;
  readonly change: (current: StoredSite) => StoredSite;
  readonly render: (site: StoredSite) => Json;
}

/** Long-running writes. A poll of the operation, or a read of its site, brings it one step on; time does not. */
export interface Operations {
  /** Starts one and gives the 202 with `Azure-AsyncOperation`, `Location` and `Retry-After`. */
  start(request: StartRequest): Answer;
  /** The running operation of a site. */
  running(
    site: StoredSite,
  ): { readonly id: string; readonly name: string; readonly createdTime: string } | null;
  /** Makes a change that was answered as done already, once the site was read so many times. */
  postpone(request: {
    readonly site: StoredSite;
    readonly readsUntilDone: number;
    readonly change: (current: StoredSite) => StoredSite;
  }): void;
  /** Called for each read of a site, since many clients watch the site and not the operation. */
  siteWasRead(site: StoredSite): void;
  /** `Azure-AsyncOperation`: 200 with a status. */
  pollStatus(id: string): Answer;
  /** `Location`: 202 until done, then the result. */
  pollResult(id: string): Answer;
  clear(): void;
}

export function makeOperations(store: Store, now: () => Date): Operations {
  const operations = new Map<string, Operation>();
  let postponed: { siteId: string; readsLeft: number; change: (current: StoredSite) => StoredSite }[] = [];

  function step(operation: Operation): void {
    if (operation.state !== "running") return;
    operation.pollsLeft -= 1;
    if (operation.pollsLeft > 0) return;
    operation.state = operation.outcome;
    const site = store.findSite(operation.siteId);
    if (site !== null && operation.outcome === "succeeded") store.save(operation.change(site), "operation");
  }

  const runningAt = (site: StoredSite): Operation | null => {
    const id = siteId(site);
    return operations.values().find((one) => one.state === "running" && one.siteId === id) ?? null;
  };

  return {
    start(request) {
      const id = randomUUID();
      operations.set(id, {
        id,
        siteId: siteId(request.site),
        name: request.name,
        createdTime: now().toISOString(),
        change: request.change,
        render: request.render,
        outcome: request.outcome,
        pollsLeft: request.pollsUntilDone,
        state: "running",
      });
      const { origin, apiVersion, site } = request;
      const status = `${origin}${siteId(site)}/operationResults/${id}?api-version=${apiVersion}`;
      const result = `${origin}/subscriptions/${site.subscriptionId}/providers/Microsoft.Web/locations/${encodeURIComponent(site.location)}/operationResults/${id}?api-version=${apiVersion}`;
      return {
        status: 202,
        headers: {
          "azure-asyncoperation": status,
          location: result,
          "retry-after": String(request.retryAfterSeconds),
        },
        body: request.render(site),
      };
    },
    running: runningAt,
    postpone({ site, readsUntilDone, change }) {
      postponed.push({ siteId: siteId(site), readsLeft: readsUntilDone, change });
    },
    siteWasRead(site) {
      for (const one of postponed.filter((each) => each.siteId === siteId(site))) {
        one.readsLeft -= 1;
        const current = one.readsLeft > 0 ? null : store.findSite(one.siteId);
        if (current !== null) store.save(one.change(current), "operation");
      }
      postponed = postponed.filter(({ readsLeft }) => readsLeft > 0);
      const operation = runningAt(site);
      if (operation !== null) step(operation);
    },
    pollStatus(id) {
      const operation = operations.get(id.toLowerCase());
      if (operation === undefined) return notFound(id);
      step(operation);
      return { status: 200, body: statusBody(operation) };
    },
    pollResult(id) {
      const operation = operations.get(id.toLowerCase());
      if (operation === undefined) return notFound(id);
      step(operation);
      if (operation.state === "running") return { status: 202, body: statusBody(operation) };
      const site = store.findSite(operation.siteId);
      if (operation.state === "failed" || site === null) {
        return armError({ status: 500, code: "OperationFailed", message: "The operation did not succeed." });
      }
      return { status: 200, body: operation.render(site) };
    },
    clear() {
      operations.clear();
      postponed = [];
    },
  };
}

function statusBody(operation: Operation): Json {
  const names = { running: "InProgress", succeeded: "Succeeded", failed: "Failed" } as const;
  return {
    id: `${operation.siteId}/operationResults/${operation.id}`,
    name: operation.id,
    status: names[operation.state],
    createdTime: operation.createdTime,
    ...(operation.state === "failed"
      ? { error: { code: "OperationFailed", message: "The operation did not succeed." } }
      : {}),
  };
}

function notFound(id: string): Answer {
  return armError({ status: 404, code: "NotFound", message: `Operation '${id}' was not found.` });
}
