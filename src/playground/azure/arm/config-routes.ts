import type { JsonObject } from "../http/json.ts";
import { type StoredSite, siteId } from "../world/world.ts";
import { applyWebConfigBody } from "./apply-site-body.ts";
import { armError, invalidContent } from "./errors.ts";
import { type ArmContext, type ArmResult, type ArmRoute, ok, refused, siteRoutes } from "./route.ts";
import { readAppSettingsBody, readWebConfigBody } from "./site-body.ts";
import { requestObject } from "./site-routes.ts";
import { siteType, viewWebConfig } from "./site-view.ts";

/** `config/…`, network configuration and publishing profile of sites and slots. */
export const CONFIG_ROUTES: readonly ArmRoute[] = [
  ...siteRoutes({
    name: "config-web/get",
    method: "GET",
    path: "/config/web",
    action: "/config/Read",
    handle: (_context, site) => ok(viewWebConfig(site)),
  }),
  ...(["PATCH", "PUT"] as const).flatMap((method) =>
    siteRoutes({
      name: `config-web/${method.toLowerCase()}`,
      method,
      path: "/config/web",
      action: "/config/Write",
      handle(context) {
        const json = requestObject(context);
        const reading = json === null ? null : readWebConfigBody(json);
        if (reading === null) return refused(invalidContent("a JSON object is expected"));
        if (reading.kind === "wrong") return refused(invalidContent(reading.problem));
        return {
          kind: "write",
          change: (current) => applyWebConfigBody(current, reading.body, context.apiVersion),
          render: viewWebConfig,
        };
      },
    }),
  ),
  ...siteRoutes({
    name: "app-settings/list",
    method: "POST",
    path: "/config/appsettings/list",
    action: "/config/list/action",
    handle: (_context, site) => ok(viewAppSettings(site)),
  }),
  ...siteRoutes({
    name: "app-settings/put",
    method: "PUT",
    path: "/config/appsettings",
    action: "/config/Write",
    handle: putAppSettings,
  }),
  ...siteRoutes({
    name: "slot-config-names/get",
    method: "GET",
    path: "/config/slotConfigNames",
    action: "/config/Read",
    handle: (_context, site) =>
      ok({
        id: `${siteId(site)}/config/slotConfigNames`,
        name: "slotConfigNames",
        type: `${siteType(site)}/config`,
        properties: {
          appSettingNames: [...site.stickySettings],
          connectionStringNames: null,
          azureStorageConfigNames: null,
        },
      }),
  }),
  ...siteRoutes({
    name: "network-config/get",
    method: "GET",
    path: "/networkConfig/virtualNetwork",
    action: "/networkConfig/read",
    handle: (_context, site) => ok(viewNetworkConfig(site)),
  }),
  ...siteRoutes({
    name: "vnet-connections/list",
    method: "GET",
    path: "/virtualNetworkConnections",
    action: "/virtualNetworkConnections/Read",
    handle: (_context, site) => ok(site.virtualNetworkConnections.map((one) => structuredClone(one))),
  }),
  ...siteRoutes({
    name: "vnet-connections/get",
    method: "GET",
    path: "/virtualNetworkConnections/{connection}",
    action: "/virtualNetworkConnections/Read",
    handle(context, site) {
      const name = context.values.connection?.toLowerCase();
      const connection = site.virtualNetworkConnections.find(
        (one) => String(one.name).toLowerCase() === name,
      );
      if (connection !== undefined) return ok(structuredClone(connection));
      return refused(
        armError({ status: 404, code: "NotFound", message: "No such virtual network connection." }),
      );
    },
  }),
  ...siteRoutes({
    name: "publishing-profile",
    method: "POST",
    path: "/publishxml",
    action: "/publishxml/action",
    handle: (_context, site): ArmResult => ({
      kind: "answer",
      answer: {
        status: 200,
        raw: {
          contentType: "application/xml",
          text: `<publishData><publishProfile profileName="${site.name} - Web Deploy" publishMethod="MSDeploy" publishUrl="${site.name}.scm.example.net:443" userName="$${site.name}" userPWD="" destinationAppUrl="https://${String(site.properties.defaultHostName)}" /></publishData>`,
        },
      },
    }),
  }),
];

/** Replaces the whole dictionary, as the service does. */
function putAppSettings(context: ArmContext): ArmResult {
  const json = requestObject(context);
  const reading = json === null ? null : readAppSettingsBody(json);
  if (reading === null) return refused(invalidContent("a JSON object is expected"));
  if (reading.kind === "wrong") return refused(invalidContent(reading.problem));
  return {
    kind: "write",
    change: (current) => ({ ...current, appSettings: { ...reading.body } }),
    render: viewAppSettings,
  };
}

function viewAppSettings(site: StoredSite): JsonObject {
  return {
    id: `${siteId(site)}/config/appsettings`,
    name: "appsettings",
    type: `${siteType(site)}/config`,
    location: site.location,
    properties: { ...site.appSettings },
  };
}

function viewNetworkConfig(site: StoredSite): JsonObject {
  const subnet = site.properties.virtualNetworkSubnetId ?? null;
  return {
    id: `${siteId(site)}/networkConfig/virtualNetwork`,
    name: "virtualNetwork",
    type: `${siteType(site)}/networkConfig`,
    location: site.location,
    properties: { ...(subnet === null ? {} : { subnetResourceId: subnet }), swiftSupported: subnet !== null },
  };
}
