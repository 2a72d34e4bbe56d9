import type { Integration } from "../../domain/routing/site-observation.ts";
import type { ResolvedTarget } from "../../domain/target.ts";
import type { ObserveOptions, ObserveResult } from "../../ports/routing-service.ts";
import type { ApiChoice } from "./api-generation.ts";
import { createSettingsReader, type RoutingSettings, unreadableSettings } from "./app-settings.ts";
import type { AzureTools } from "./azure-settings.ts";
import { failureOfAnswer, failureOfError } from "./errors.ts";
import { portalUrlOf } from "./portal-url.ts";
import type { ResourceManager } from "./resource-manager.ts";
import { observationOf, parseSiteBody } from "./site-body.ts";
import { sitePath } from "./site-id.ts";

export const readTimeoutMs = 30_000;

export type ReadRequest = {
  readonly target: ResolvedTarget;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** What is known of the app settings; they are read when it is left out. */
  readonly settings?: RoutingSettings;
};

/** Reads a site afresh: raw JSON, because the typed client drops routing flags that it does not know. */
export type RoutingReader = {
  observe(target: ResolvedTarget, options?: ObserveOptions): Promise<ObserveResult>;
  read(request: ReadRequest): Promise<ObserveResult>;
};

/** Codes of a 404 that say that the site is gone; others (of a subscription) are about us. */
const goneCodes: ReadonlySet<string> = new Set(["ResourceNotFound", "ResourceGroupNotFound", "NotFound"]);

export function createRoutingReader(
  arm: ResourceManager,
  api: (subscriptionId: string) => Promise<ApiChoice>,
  tools: AzureTools,
): RoutingReader {
  const { clock, log } = tools;
  const readSettings = createSettingsReader(arm, tools);

  async function read({ target, timeoutMs, signal, settings }: ReadRequest): Promise<ObserveResult> {
    signal?.throwIfAborted();
    try {
      const { apiVersion, generation } = await api(target.subscriptionId);
      const path = sitePath(target, apiVersion);
      const limits = { limit: AbortSignal.timeout(timeoutMs), ...(signal === undefined ? {} : { signal }) };
      const [answer, { legacy, contentSettings }] = await Promise.all([
        arm.send({ method: "GET", path, ...limits }),
        settings ?? readSettings(target, apiVersion, signal),
      ]);
      const observedAt = clock.now();
      if (answer.status !== 200) {
        const failure = failureOfAnswer(answer, observedAt);
        return answer.status === 404 && goneCodes.has(failure.serviceCode ?? "NotFound")
          ? { kind: "gone" }
          : { kind: "failed", failure };
      }
      const body = parseSiteBody(answer.body);
      if (body === undefined) return { kind: "failed", failure: unreadableSite };
      const fromBody = observationOf(body, target, generation);
      const integration =
        fromBody.integration.kind === "none"
          ? await integrationByGateway(target, apiVersion, signal)
          : fromBody.integration;
      const portalUrl = portalUrlOf(arm.origin, target);
      return {
        kind: "observed",
        observation: {
          ...fromBody,
          legacy,
          contentSettings,
          integration,
          observedAt,
          apiVersion,
          ...(portalUrl === undefined ? {} : { portalUrl }),
        },
      };
    } catch (error) {
      signal?.throwIfAborted();
      const failure = failureOfError(error, clock.now());
      log.warn("azure-read-failed", {
        site: target.resourceId,
        code: failure.code,
        reason: error instanceof Error ? error.message : String(error),
      });
      return { kind: "failed", failure };
    }
  }

  /** Sites without a subnet may still have the older integration over a gateway; only its connections show that. */
  async function integrationByGateway(
    target: ResolvedTarget,
    apiVersion: string,
    signal: AbortSignal | undefined,
  ): Promise<Integration> {
    const { resourceGroup, site, slot } = target;
    const options = signal === undefined ? {} : { abortSignal: signal };
    try {
      const { webApps } = await arm.sitesOf(target.subscriptionId, apiVersion);
      const connections =
        slot === undefined
          ? await webApps.listVnetConnections(resourceGroup, site, options)
          : await webApps.listVnetConnectionsSlot(resourceGroup, site, slot, options);
      return connections.some(({ isSwift }) => isSwift === false) ? { kind: "gateway" } : { kind: "none" };
    } catch (error) {
      signal?.throwIfAborted();
      log.warn("azure-connections-unreadable", {
        site: target.resourceId,
        reason: failureOfError(error, clock.now()).code,
      });
      return { kind: "none" };
    }
  }

  return {
    read,
    observe: (target, options = {}) =>
      read({
        target,
        timeoutMs: readTimeoutMs,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.withoutAppSettings === true ? { settings: unreadableSettings } : {}),
      }),
  };
}

const unreadableSite = {
  code: "azure-unexpected",
  message: "Azure's answer about the site could not be understood.",
} as const;
