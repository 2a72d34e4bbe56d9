import { createHash } from "node:crypto";
import { z } from "zod";
import type { SettingEdit } from "../../domain/change/plan.ts";
import type { Failure } from "../../domain/failure.ts";
import { documentedOn } from "../../domain/routing/legacy-setting.ts";
import type { EditRequest, WriteReceipt, WriteResult } from "../../ports/routing-service.ts";
import type { AzureTools } from "./azure-settings.ts";
import { failureOfAnswer, failureOfError, wasNeverSent } from "./errors.ts";
import type { ArmAnswer, ResourceManager } from "./resource-manager.ts";
import { sitePath } from "./site-id.ts";

/** All app settings of a site. Secrets: they stay in this file, and only their hash is compared. */
type AppSettings = ReadonlyMap<string, string>;

type Reading =
  | { readonly kind: "read"; readonly settings: AppSettings }
  | { readonly kind: "failed"; readonly failure: Failure };

const dictionary = z.object({ properties: z.record(z.string(), z.string()).nullish() });

/**
 * Edits one legacy app setting; see `RoutingService.editSetting`. Azure replaces the whole dictionary and knows no ETag, so
 * an edit by somebody else between the second reading and the write cannot be noticed before the write; what can be seen
 * after it is told as `othersChanged`.
 */
export function createSettingsWriter(
  arm: ResourceManager,
  { clock, log }: AzureTools,
): (request: EditRequest) => Promise<WriteResult> {
  return async (request) => {
    const { signal, timeoutMs } = request;
    signal?.throwIfAborted();
    const limits = { limit: AbortSignal.timeout(timeoutMs), ...(signal === undefined ? {} : { signal }) };
    const first = await read(request, limits);
    if (first.kind === "failed") return { kind: "refused", failure: first.failure };
    const wanted = edited(first.settings, request.edit);
    const second = await read(request, limits);
    if (second.kind === "failed") return { kind: "refused", failure: second.failure };
    if (hashOf(first.settings) !== hashOf(second.settings)) return { kind: "refused", failure: moved };
    const result = await put(request, wanted, limits);
    if (result.kind !== "accepted") return result;
    const after = await read(request, { ...limits, limit: AbortSignal.timeout(timeoutMs) });
    const { setting } = request.edit;
    const changed =
      after.kind === "read" && hashOf(without(after.settings, setting)) !== hashOf(without(wanted, setting));
    return changed ? { ...result, receipt: { ...result.receipt, othersChanged: true } } : result;
  };

  type Limits = { readonly limit: AbortSignal; readonly signal?: AbortSignal };

  async function read({ observation }: EditRequest, limits: Limits): Promise<Reading> {
    const path = sitePath(observation.target, observation.apiVersion, "/config/appsettings/list");
    try {
      const answer = await arm.send({ method: "POST", path, ...limits });
      if (answer.status !== 200) return { kind: "failed", failure: failureOfAnswer(answer, clock.now()) };
      const parsed = dictionary.safeParse(answer.body);
      if (!parsed.success) return { kind: "failed", failure: notUnderstood };
      return { kind: "read", settings: new Map(Object.entries(parsed.data.properties ?? {})) };
    } catch (error) {
      limits.signal?.throwIfAborted();
      return { kind: "failed", failure: failureOfError(error, clock.now()) };
    }
  }

  async function put(
    { observation: { target, apiVersion } }: EditRequest,
    settings: AppSettings,
    limits: Limits,
  ): Promise<WriteResult> {
    const path = sitePath(target, apiVersion, "/config/appsettings");
    try {
      const body = { properties: Object.fromEntries(settings) };
      const answer = await arm.send({ method: "PUT", path, body, ...limits });
      if (answer.status >= 200 && answer.status < 300)
        return { kind: "accepted", receipt: receiptOf(answer) };
      const failure = failureOfAnswer(answer, clock.now());
      const certain = answer.status >= 400 && answer.status < 500 && answer.status !== 408;
      return { kind: certain ? "refused" : "unclear", failure };
    } catch (error) {
      limits.signal?.throwIfAborted();
      const failure = failureOfError(error, clock.now());
      log.warn("azure-settings-write-unanswered", { site: target.resourceId, code: failure.code });
      return { kind: wasNeverSent(error) ? "refused" : "unclear", failure };
    }
  }
}

/** The same settings with one of them set to its documented value, or without it. */
export function edited(settings: AppSettings, { setting, to }: SettingEdit): AppSettings {
  const others = without(settings, setting);
  return to === "absent" ? others : new Map([...others, [setting, documentedOn[setting]]]);
}

function without(settings: AppSettings, name: string): AppSettings {
  return new Map([...settings].filter(([one]) => one !== name));
}

function hashOf(settings: AppSettings): string {
  const sorted = [...settings].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
}

function receiptOf({ status, header }: ArmAnswer): WriteReceipt {
  const requestId = header("x-ms-request-id");
  const correlationId = header("x-ms-correlation-request-id");
  return {
    status,
    ...(requestId === undefined ? {} : { requestId }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

const moved: Failure = {
  code: "azure-busy",
  message: "Somebody else is changing the app settings of the site at this moment; nothing was sent.",
};

const notUnderstood: Failure = {
  code: "azure-unexpected",
  message: "Azure's answer about the app settings could not be understood; nothing was sent.",
};
