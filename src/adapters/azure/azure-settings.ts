import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { TokenBuckets } from "../../ports/token-buckets.ts";

/** Where Azure is, who we are there, and what we look at. */
export type AzureSettings = {
  /** Base address of the resource manager: `https://management.azure.com`, or that of another cloud. HTTPS only. */
  readonly resourceManagerUrl: string;
  /** Address of the sign-in service, where it is not the public cloud's. */
  readonly authorityHost?: string;
  readonly tenantId?: string;
  /** Client id of a user-assigned managed identity; without it the system-assigned one is used. */
  readonly managedIdentityClientId?: string;
  /** Ids of the subscriptions whose sites can be meant. */
  readonly subscriptions: readonly string[];
  /** Api-version of Microsoft.Web that is read and written with, e.g. `2025-05-01`. It never floats. */
  readonly apiVersion: string;
  /** A PATCH that was accepted without effect is followed by a PUT of the whole site. */
  readonly putFallback?: true;
};

export type AzureTools = {
  readonly clock: Clock;
  readonly log: Log;
  /** What the requests of all replicas are counted with. Default: those of this process alone. */
  readonly buckets?: TokenBuckets;
  /** Default: none. */
  readonly telemetry?: Telemetry;
};
