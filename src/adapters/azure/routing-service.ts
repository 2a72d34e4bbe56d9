import type { RoutingService } from "../../ports/routing-service.ts";
import { chooseApi } from "./api-generation.ts";
import { createSettingsReader } from "./app-settings.ts";
import type { AzureSettings, AzureTools } from "./azure-settings.ts";
import { createSiteFinder } from "./find-sites.ts";
import { createSubnetInspector } from "./inspect-subnet.ts";
import { createSiteLister } from "./list-page.ts";
import { createPutFallback } from "./put-fallback.ts";
import { createRoutingReader } from "./read-routing.ts";
import { openResourceManager } from "./resource-manager.ts";
import { createRoutingVerifier } from "./verify-routing.ts";
import { createRoutingWriter } from "./write-routing.ts";
import { createSettingsWriter } from "./write-settings.ts";

/** The routing service on Azure Resource Manager. Nothing is loaded, signed in or asked before the first call. */
export function createRoutingService(settings: AzureSettings, tools: AzureTools): RoutingService {
  const arm = openResourceManager(settings, tools);
  const api = chooseApi(arm, settings, tools);
  const reader = createRoutingReader(arm, api, tools);
  // Many sites at once are looked at without getting in the way of a change.
  const { unhurried } = arm;
  const readSettings = createSettingsReader(unhurried, tools);
  return {
    find: createSiteFinder(arm, api, { ...settings, ...tools }),
    observe: reader.observe,
    inspectSubnet: createSubnetInspector(arm, tools),
    write: createRoutingWriter(
      arm,
      tools,
      settings.putFallback === true ? createPutFallback(arm, tools) : undefined,
    ),
    editSetting: createSettingsWriter(arm, tools),
    verify: createRoutingVerifier(arm, reader, tools),
    listPage: createSiteLister(unhurried, api, { ...settings, ...tools }),
    readLegacy: async (target, signal) => {
      const { apiVersion } = await api(target.subscriptionId);
      return (await readSettings(target, apiVersion, signal)).legacy;
    },
  };
}
