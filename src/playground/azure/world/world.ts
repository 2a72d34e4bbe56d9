import { z } from "zod";
import type { Json } from "../http/json.ts";

const json: z.ZodType<Json> = z.json();
const jsonObject = z.record(z.string(), json);

const subscriptionSchema = z.object({ id: z.string(), name: z.string() });

const resourceGroupSchema = z.object({
  subscriptionId: z.string(),
  name: z.string(),
  location: z.string(),
  tags: z.record(z.string(), z.string()),
});

const siteSchema = z.object({
  subscriptionId: z.string(),
  resourceGroup: z.string(),
  name: z.string(),
  /** Null for the site itself, which is its production slot. */
  slot: z.string().nullable(),
  location: z.string(),
  kind: z.string(),
  tags: z.record(z.string(), z.string()),
  identity: jsonObject.nullable(),
  /** The `properties` of a GET, without the routing flags and `siteConfig`. */
  properties: jsonObject,
  /** `outboundVnetRouting` as an open map: six flags, and whatever else the service holds. */
  routing: jsonObject,
  /** The `properties` of `config/web`, without the mirrored `vnetRouteAllEnabled`. */
  webConfig: jsonObject,
  appSettings: z.record(z.string(), z.string()),
  stickySettings: z.array(z.string()),
  virtualNetworkConnections: z.array(jsonObject),
  /** Writes answer 202 and are done after this many polls; null: they are done at once. */
  asyncPolls: z.number().int().positive().nullable(),
  /** One sentence for people: what there is to see at this site. */
  note: z.string(),
});

/** Any other resource that can be read: App Service plan, subnet, network security group, route table. */
const resourceSchema = z.object({ id: z.string(), body: jsonObject });

/** Everything the local Azure holds. Plain JSON, so that a snapshot is a copy. */
export const worldSchema = z.object({
  subscriptions: z.array(subscriptionSchema),
  resourceGroups: z.array(resourceGroupSchema),
  sites: z.array(siteSchema),
  resources: z.array(resourceSchema),
});

export type World = z.infer<typeof worldSchema>;
export type StoredSite = z.infer<typeof siteSchema>;
export type StoredResource = z.infer<typeof resourceSchema>;
export type StoredResourceGroup = z.infer<typeof resourceGroupSchema>;
export type StoredSubscription = z.infer<typeof subscriptionSchema>;

/** The six routing flags the service is known to return (domain: `properties.outboundVnetRouting`). */
export const ROUTING_FLAGS = [
  "allTraffic",
  "applicationTraffic",
  "contentShareTraffic",
  "imagePullTraffic",
  "backupRestoreTraffic",
  "managedIdentityTraffic",
] as const;

/** The full ARM id of a site or slot. */
export function siteId(site: Pick<StoredSite, "subscriptionId" | "resourceGroup" | "name" | "slot">): string {
  const id = `/subscriptions/${site.subscriptionId}/resourceGroups/${site.resourceGroup}/providers/Microsoft.Web/sites/${site.name}`;
  return site.slot === null ? id : `${id}/slots/${site.slot}`;
}
