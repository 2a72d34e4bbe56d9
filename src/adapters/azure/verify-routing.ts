import type { SettingEdit } from "../../domain/change/plan.ts";
import type { Failure } from "../../domain/failure.ts";
import { mapSays } from "../../domain/routing/routing-map.ts";
import type { SiteObservation } from "../../domain/routing/site-observation.ts";
import type { ObserveResult, VerifyRequest, VerifyResult } from "../../ports/routing-service.ts";
import type { AzureTools } from "./azure-settings.ts";
import { followOperation } from "./follow-operation.ts";
import { type RoutingReader, readTimeoutMs } from "./read-routing.ts";
import type { ResourceManager } from "./resource-manager.ts";

/** Pauses between readings: the first change shows at once as a rule, a late one is not asked for all the time. */
const pausesMs = [500, 1_000, 2_000, 3_000, 5_000] as const;
/** A reading gets at least this long, also at the deadline. */
const shortestReadMs = 5_000;

/** Reads back until the site says what was wanted; see `RoutingService.verify`. */
export function createRoutingVerifier(
  arm: ResourceManager,
  reader: RoutingReader,
  tools: AzureTools,
): (request: VerifyRequest) => Promise<VerifyResult> {
  const { clock } = tools;
  return async ({ target, wanted, edit, receipt, deadline, signal }) => {
    signal?.throwIfAborted();
    const withSignal = signal === undefined ? {} : { signal };
    const operation =
      receipt?.operationUrl === undefined
        ? undefined
        : await followOperation(arm, tools, { url: receipt.operationUrl, deadline, ...withSignal });
    const failure = failureOf(operation);
    /** App settings do not change with the flags: unless one was edited they are read with the first reading only. */
    let first: SiteObservation | undefined;

    for (let reading = 0; ; reading += 1) {
      const left = deadline.getTime() - clock.now().getTime();
      const result = await reader.read({
        target,
        timeoutMs: Math.min(readTimeoutMs, Math.max(shortestReadMs, left)),
        ...withSignal,
        ...(first === undefined || edit !== undefined ? {} : { settings: first }),
      });
      if (result.kind === "observed") first ??= result.observation;
      const isLast = operation?.kind === "failed" || deadline <= clock.now();
      const verdict = judge(result, { wanted, edit, failure, unfinished: unfinishedOf(operation), isLast });
      if (verdict !== undefined) return verdict;
      const pause = pausesMs[Math.min(reading, pausesMs.length - 1)] ?? 0;
      await clock.sleep(Math.min(pause, deadline.getTime() - clock.now().getTime()), signal);
    }
  };
}

type Expectation = {
  readonly wanted: Readonly<Record<string, unknown>>;
  readonly edit: SettingEdit | undefined;
  readonly failure: Failure | undefined;
  readonly unfinished: Failure | undefined;
  readonly isLast: boolean;
};

/** `undefined`: not yet, read again. */
function judge(
  result: ObserveResult,
  { wanted, edit, failure, unfinished, isLast }: Expectation,
): VerifyResult | undefined {
  switch (result.kind) {
    case "observed": {
      const { observation } = result;
      const isEdited = edit === undefined || observation.legacy[edit.setting] === edit.to;
      if (isEdited && mapSays(observation.storedMap, wanted)) {
        return { kind: "equal", observation, ...(unfinished ? { unfinished } : {}) };
      }
      return isLast ? { kind: "different", observation, ...(failure ? { failure } : {}) } : undefined;
    }
    case "gone":
      return { kind: "unreadable", failure: siteIsGone };
    case "failed":
      return isLast ? { kind: "unreadable", failure: result.failure } : undefined;
    default:
      return result satisfies never;
  }
}

type OperationEnd = Awaited<ReturnType<typeof followOperation>>;

/** What the operation itself says against its success. That its state was lost says nothing. */
function unfinishedOf(operation: OperationEnd | undefined): Failure | undefined {
  return operation?.kind === "lost" ? undefined : failureOf(operation);
}

function failureOf(operation: OperationEnd | undefined): Failure | undefined {
  if (operation === undefined || operation.kind === "ended") return undefined;
  return operation.kind === "running" ? stillRunning : operation.failure;
}

const stillRunning: Failure = {
  code: "azure-busy",
  message: "Azure accepted the change and is still working on it.",
};

const siteIsGone: Failure = {
  code: "azure-unexpected",
  message: "The site does not exist any more.",
  status: 404,
};
