import { isJsonObject, type Json, type JsonObject } from "../http/json.ts";

/** The legacy settings are no secrets, and what they say matters; every other setting's value is hidden. */
const SHOWN_SETTINGS: readonly string[] = [
  "WEBSITE_VNET_ROUTE_ALL",
  "WEBSITE_PULL_IMAGE_OVER_VNET",
  "WEBSITE_CONTENTOVERVNET",
];

export const HIDDEN = "(hidden)";

/**
 * Hides the values of app settings in a request or response body.
 * @param isAppSettings whether the body's `properties` are app settings
 */
export function redactBody(body: Json, isAppSettings: boolean): Json {
  if (!isJsonObject(body)) return body;
  const { properties } = body;
  if (!isJsonObject(properties)) return body;
  if (isAppSettings) return { ...body, properties: redactSettings(properties) };
  const { siteConfig } = properties;
  if (!isJsonObject(siteConfig) || !Array.isArray(siteConfig.appSettings)) return body;
  const appSettings = siteConfig.appSettings.map((setting) => {
    if (!isJsonObject(setting) || typeof setting.name !== "string") return HIDDEN;
    return SHOWN_SETTINGS.includes(setting.name) ? setting : { ...setting, value: HIDDEN };
  });
  return { ...body, properties: { ...properties, siteConfig: { ...siteConfig, appSettings } } };
}

function redactSettings(settings: JsonObject): JsonObject {
  const entries = Object.entries(settings).map(
    ([name, value]) => [name, SHOWN_SETTINGS.includes(name) ? value : HIDDEN] as const,
  );
  return Object.fromEntries(entries);
}
