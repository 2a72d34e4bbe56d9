import { z } from "zod";
import type { SiteObservation } from "../../domain/routing/site-observation.ts";
import type { AzureSettings, AzureTools } from "./azure-settings.ts";
import type { ResourceManager } from "./resource-manager.ts";

/** The api-version to speak, and which properties it has. */
export type ApiChoice = Pick<SiteObservation, "apiVersion" | "generation">;

/** The first version with `outboundVnetRouting`, and the last one with the four site properties. */
const firstModern = "2024-11-01";
const lastLegacy = "2024-04-01";
/** Api-version of the provider's own metadata. */
const metadataVersion = "2021-04-01";
const timeoutMs = 20_000;

const provider = z.object({
  resourceTypes: z.array(z.object({ resourceType: z.string(), apiVersions: z.array(z.string()) })),
});

/** After metadata could not be read, it is not asked for again this long. */
const retryAfterMs = 10 * 60_000;

/**
 * Finds out, once for each subscription, which generation of the API its cloud has: sovereign clouds and Azure Stack are
 * years behind the public one. Where the metadata cannot be read (it needs a right on the subscription), the configured version is
 * used as it is.
 */
export function chooseApi(
  arm: ResourceManager,
  settings: AzureSettings,
  { clock, log }: AzureTools,
): (subscriptionId: string) => Promise<ApiChoice> {
  const choices = new Map<string, Promise<ApiChoice>>();
  const unreadUntil = new Map<string, number>();
  return (subscriptionId) => {
    const known = choices.get(subscriptionId);
    const expired = (unreadUntil.get(subscriptionId) ?? Number.POSITIVE_INFINITY) <= clock.now().getTime();
    if (known !== undefined && !expired) return known;
    unreadUntil.delete(subscriptionId);
    const choice = choose(subscriptionId);
    choices.set(subscriptionId, choice);
    return choice;
  };

  async function choose(subscriptionId: string): Promise<ApiChoice> {
    const versions = await readVersions(subscriptionId);
    if (versions === undefined) {
      unreadUntil.set(subscriptionId, clock.now().getTime() + retryAfterMs);
      return choiceOf(settings.apiVersion);
    }
    const choice = bestOf(versions, settings.apiVersion);
    log.info("azure-api-chosen", { subscriptionId, ...choice });
    return choice;
  }

  async function readVersions(subscriptionId: string): Promise<readonly string[] | undefined> {
    try {
      const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/Microsoft.Web?api-version=${metadataVersion}`;
      const answer = await arm.send({ method: "GET", path, limit: AbortSignal.timeout(timeoutMs) });
      const parsed = provider.safeParse(answer.body);
      if (answer.status === 200 && parsed.success) {
        const { resourceTypes } = parsed.data;
        return resourceTypes.find(({ resourceType }) => resourceType.toLowerCase() === "sites")?.apiVersions;
      }
      log.warn("azure-metadata-unreadable", { subscriptionId, status: answer.status });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn("azure-metadata-unreadable", { subscriptionId, reason });
    }
    return undefined;
  }
}

/**
 * The configured version where the cloud has it; else the newest stable one before it of the modern generation, else the
 * newest of the old one.
 */
export function bestOf(available: readonly string[], configured: string): ApiChoice {
  if (available.includes(configured)) return choiceOf(configured);
  const stable = available
    .filter((version) => /^\d{4}-\d{2}-\d{2}$/.test(version) && version <= configured)
    .toSorted();
  const modern = stable.filter((version) => version >= firstModern).at(-1);
  const legacy = stable.filter((version) => version <= lastLegacy).at(-1);
  return choiceOf(modern ?? legacy ?? configured);
}

function choiceOf(apiVersion: string): ApiChoice {
  return { apiVersion, generation: apiVersion.slice(0, 10) >= firstModern ? "modern" : "legacy" };
}
