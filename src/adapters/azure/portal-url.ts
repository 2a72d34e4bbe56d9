import type { ResolvedTarget } from "../../domain/target.ts";

/** The portals of Microsoft's clouds, by host of their resource manager. */
const portals: ReadonlyMap<string, string> = new Map([
  ["management.azure.com", "https://portal.azure.com"],
  ["management.usgovcloudapi.net", "https://portal.azure.us"],
  ["management.chinacloudapi.cn", "https://portal.azure.cn"],
]);

/** The networking page of a site; `undefined` in a cloud whose portal we do not know. */
export function portalUrlOf(resourceManagerOrigin: string, target: ResolvedTarget): string | undefined {
  const portal = portals.get(new URL(resourceManagerOrigin).hostname);
  return portal && `${portal}/#resource${encodeURI(target.resourceId)}/networkingHub`;
}
