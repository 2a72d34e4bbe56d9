import { permissionsAt } from "../authority/roles.ts";
import { page } from "./paging.ts";
import { type ArmContext, type ArmResult, type ArmRoute, plainRoute } from "./route.ts";

const SUBSCRIPTION = "/subscriptions/{subscription}";
const GROUP = `${SUBSCRIPTION}/resourceGroups/{group}`;
const SITE = `${GROUP}/providers/Microsoft.Web/sites/{site}`;
const SUBNET = `${GROUP}/providers/Microsoft.Network/virtualNetworks/{network}/subnets/{name}`;

/** What the caller may do at a scope: an entry for each role that is assigned there or above. */
export const PERMISSION_ROUTES: readonly ArmRoute[] = [
  { name: "permissions/subscription", scope: SUBSCRIPTION },
  { name: "permissions/group", scope: GROUP },
  { name: "permissions/site", scope: SITE },
  { name: "permissions/slot", scope: `${SITE}/slots/{slot}` },
  { name: "permissions/subnet", scope: SUBNET },
].map(({ name, scope }) =>
  plainRoute({
    name,
    method: "GET",
    path: `${scope}/providers/Microsoft.Authorization/permissions`,
    provider: "Microsoft.Authorization",
    type: "permissions",
    action: "Microsoft.Authorization/permissions/read",
    handle: listPermissions,
  }),
);

function listPermissions(context: ArmContext): ArmResult {
  const roles = permissionsAt(context.principal.name, context.values.group, context.behaviour);
  return page(context, roles, ({ actions }) => ({
    actions: [...actions],
    notActions: [],
    dataActions: [],
    notDataActions: [],
  }));
}
