import type { PrincipalName } from "./identities.ts";

/** Role assignments of the local Azure: the bot's identity has what docs/operations.md asks for, and nothing more. */

export interface Role {
  readonly name: string;
  readonly actions: readonly string[];
  /** Whether resource groups in which app settings are closed are left out of its assignment. */
  readonly exceptWhereSettingsAreClosed: boolean;
}

/** What is read and written for the main job. */
const operator: Role = {
  name: "Routebot operator",
  exceptWhereSettingsAreClosed: false,
  actions: [
    "Microsoft.Authorization/permissions/read",
    "Microsoft.Resources/subscriptions/read",
    "Microsoft.Resources/subscriptions/providers/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Web/sites/read",
    "Microsoft.Web/sites/write",
    "Microsoft.Web/sites/virtualNetworkConnections/read",
    "Microsoft.Web/sites/operationresults/read",
    "Microsoft.Web/sites/slots/read",
    "Microsoft.Web/sites/slots/write",
    "Microsoft.Web/sites/slots/virtualNetworkConnections/read",
    "Microsoft.Web/sites/slots/operationresults/read",
    "Microsoft.Web/locations/operationResults/read",
    "Microsoft.Network/virtualNetworks/subnets/join/action",
  ],
};

/** What is around a subnet. */
const networkReader: Role = {
  name: "Routebot network reader",
  exceptWhereSettingsAreClosed: false,
  actions: [
    "Microsoft.Network/virtualNetworks/subnets/read",
    "Microsoft.Network/networkSecurityGroups/read",
    "Microsoft.Network/routeTables/read",
  ],
};

/** Shows every app setting, secrets included: an opt-in. */
const legacySettings: Role = {
  name: "Routebot legacy settings",
  exceptWhereSettingsAreClosed: true,
  actions: [
    "Microsoft.Web/sites/config/list/action",
    "Microsoft.Web/sites/config/write",
    "Microsoft.Web/sites/slots/config/list/action",
    "Microsoft.Web/sites/slots/config/write",
  ],
};

/** For people who look around with `az` and the same credentials; the bot needs none of it. */
const visitor: Role = {
  name: "Playground visitor",
  exceptWhereSettingsAreClosed: false,
  actions: [
    "Microsoft.Resources/tenants/read",
    "Microsoft.Web/serverfarms/read",
    "Microsoft.Web/serverfarms/join/action",
    "Microsoft.Web/sites/config/read",
    "Microsoft.Web/sites/slots/config/read",
    "Microsoft.Web/sites/config/write",
    "Microsoft.Web/sites/slots/config/write",
    "Microsoft.Web/sites/networkConfig/read",
    "Microsoft.Web/sites/slots/networkConfig/read",
    "Microsoft.Web/sites/publishxml/action",
    "Microsoft.Web/sites/slots/publishxml/action",
    "Microsoft.Network/virtualNetworks/read",
  ],
};

/** The roles by name, for the test that compares them with the documentation. */
export const ROLES: readonly Role[] = [operator, networkReader, legacySettings, visitor];

export interface AccessRules {
  /** Resource groups (name) that the role for app settings is not assigned in. */
  readonly appSettingsDeniedIn: readonly string[];
  /** Actions (with `*`) that are taken out of every role. */
  readonly withheldActions: readonly string[];
}

/** What a principal may do at a place, role by role; nothing for the bot's chat identity. */
export function permissionsAt(
  principal: PrincipalName,
  group: string | undefined,
  rules: AccessRules,
): readonly { readonly role: string; readonly actions: readonly string[] }[] {
  if (principal === "bot") return [];
  const isClosed = rules.appSettingsDeniedIn.some((name) => name.toLowerCase() === group?.toLowerCase());
  // An assignment on some groups only does not show at their subscription.
  const isPartly = group === undefined && rules.appSettingsDeniedIn.length > 0;
  return ROLES.filter((role) => !(role.exceptWhereSettingsAreClosed && (isClosed || isPartly))).map(
    ({ name, actions }) => ({
      role: name,
      actions: actions.filter((action) => !rules.withheldActions.some((pattern) => covers(pattern, action))),
    }),
  );
}

export function mayDo(
  permissions: readonly { readonly actions: readonly string[] }[],
  action: string,
): boolean {
  return permissions.some(({ actions }) => actions.some((pattern) => covers(pattern, action)));
}

/** Azure compares actions in any case, and `*` stands for anything. */
function covers(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.\\^$+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}
