import { z } from "zod";
import type { JsonObject } from "../http/json.ts";

const flag = z.boolean().nullish();

/**
 * What a PUT or PATCH of a site may contain. Only the types of what the service declares are checked; names it does
 * not declare are let through here and ignored when applied, as the service does.
 */
const siteBodySchema = z.looseObject({
  location: z.string().optional(),
  kind: z.string().nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  identity: z.looseObject({ type: z.string() }).nullish(),
  properties: z
    .looseObject({
      enabled: flag,
      httpsOnly: flag,
      clientAffinityEnabled: flag,
      clientCertEnabled: flag,
      serverFarmId: z.string().nullish(),
      virtualNetworkSubnetId: z.string().nullish(),
      publicNetworkAccess: z.string().nullish(),
      keyVaultReferenceIdentity: z.string().nullish(),
      vnetRouteAllEnabled: flag,
      vnetImagePullEnabled: flag,
      vnetContentShareEnabled: flag,
      vnetBackupRestoreEnabled: flag,
      outboundVnetRouting: z.record(z.string(), z.boolean().nullable()).nullish(),
      siteConfig: z
        .looseObject({
          vnetRouteAllEnabled: flag,
          appSettings: z.array(z.looseObject({ name: z.string(), value: z.string() })).nullish(),
        })
        .nullish(),
    })
    .optional(),
});

export type SiteBody = z.infer<typeof siteBodySchema>;

const webConfigBodySchema = z.looseObject({
  properties: z.looseObject({ vnetRouteAllEnabled: flag, linuxFxVersion: z.string().nullish() }).optional(),
});

export type WebConfigBody = z.infer<typeof webConfigBodySchema>;

const appSettingsBodySchema = z.looseObject({
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** A body that was understood, or what is wrong with it. */
export type BodyReading<T> =
  | { readonly kind: "read"; readonly body: T }
  | { readonly kind: "wrong"; readonly problem: string };

export const readSiteBody = (body: JsonObject): BodyReading<SiteBody> => read(siteBodySchema, body);

export const readWebConfigBody = (body: JsonObject): BodyReading<WebConfigBody> =>
  read(webConfigBodySchema, body);

/** App settings are strings; numbers and booleans are taken as their text, as the service does. */
export function readAppSettingsBody(body: JsonObject): BodyReading<Record<string, string>> {
  const reading = read(appSettingsBodySchema, body);
  if (reading.kind === "wrong") return reading;
  const entries = Object.entries(reading.body.properties).map(
    ([name, value]) => [name, String(value)] as const,
  );
  return { kind: "read", body: Object.fromEntries(entries) };
}

function read<T>(schema: z.ZodType<T>, body: JsonObject): BodyReading<T> {
  const result = schema.safeParse(body);
  if (result.success) return { kind: "read", body: result.data };
  const problem = result.error.issues
    .map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`)
    .join("; ");
  return { kind: "wrong", problem };
}
