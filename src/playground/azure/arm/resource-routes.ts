import { TENANT_ID } from "../authority/identities.ts";
import type { Json } from "../http/json.ts";
import { isJsonObject } from "../http/json.ts";
import type { StoredResource, StoredResourceGroup, StoredSubscription } from "../world/world.ts";
import { webVersions } from "./api-versions.ts";
import { resourceNotFound } from "./errors.ts";
import { page } from "./paging.ts";
import { type ArmContext, type ArmResult, type ArmRoute, ok, plainRoute, refused } from "./route.ts";

const SUBSCRIPTION = "/subscriptions/{subscription}";
const GROUP = `${SUBSCRIPTION}/resourceGroups/{group}`;

const resources = { method: "GET", provider: "Microsoft.Resources" } as const;
const web = { method: "GET", provider: "Microsoft.Web", type: "serverfarms" } as const;

/** Subscriptions, resource groups, provider metadata, App Service plans, operations, and network resources. */
export const RESOURCE_ROUTES: readonly ArmRoute[] = [
  plainRoute({
    ...resources,
    name: "tenants/list",
    path: "/tenants",
    type: "tenants",
    action: "Microsoft.Resources/tenants/read",
    handle: (context) =>
      page(context, [TENANT_ID], (tenantId) => ({
        id: `/tenants/${tenantId}`,
        tenantId,
        displayName: "Fernhill",
      })),
  }),
  plainRoute({
    ...resources,
    name: "subscriptions/list",
    path: "/subscriptions",
    type: "subscriptions",
    action: "Microsoft.Resources/subscriptions/read",
    handle: (context) => page(context, context.store.world.subscriptions, viewSubscription),
  }),
  plainRoute({
    ...resources,
    name: "subscriptions/get",
    path: SUBSCRIPTION,
    type: "subscriptions",
    action: "Microsoft.Resources/subscriptions/read",
    handle: (context) =>
      found(
        context.store.world.subscriptions.find((one) => same(one.id, context.values.subscription)),
        viewSubscription,
      ),
  }),
  plainRoute({
    ...resources,
    name: "groups/list",
    path: `${SUBSCRIPTION}/resourceGroups`,
    type: "resourceGroups",
    action: "Microsoft.Resources/subscriptions/resourceGroups/read",
    handle: (context) =>
      page(
        context,
        context.store.world.resourceGroups.filter((one) =>
          same(one.subscriptionId, context.values.subscription),
        ),
        viewGroup,
      ),
  }),
  plainRoute({
    ...resources,
    name: "groups/get",
    path: GROUP,
    type: "resourceGroups",
    action: "Microsoft.Resources/subscriptions/resourceGroups/read",
    handle: (context) =>
      found(
        context.store.world.resourceGroups.find(
          (one) =>
            same(one.subscriptionId, context.values.subscription) && same(one.name, context.values.group),
        ),
        viewGroup,
      ),
  }),
  plainRoute({
    ...resources,
    name: "provider/get",
    path: `${SUBSCRIPTION}/providers/Microsoft.Web`,
    type: "providers",
    action: "Microsoft.Resources/subscriptions/providers/read",
    handle: viewProvider,
  }),
  plainRoute({
    ...web,
    name: "operations/result",
    path: `${SUBSCRIPTION}/providers/Microsoft.Web/locations/{location}/operationResults/{operation}`,
    action: "Microsoft.Web/locations/operationResults/read",
    handle: (context) => refused(context.operations.pollResult(context.values.operation ?? "")),
  }),
  plainRoute({
    ...web,
    name: "serverfarms/list",
    path: `${SUBSCRIPTION}/providers/Microsoft.Web/serverfarms`,
    action: "Microsoft.Web/serverfarms/Read",
    handle: (context) => listPlans(context, `/subscriptions/${context.values.subscription}/`),
  }),
  plainRoute({
    ...web,
    name: "serverfarms/list-by-group",
    path: `${GROUP}/providers/Microsoft.Web/serverfarms`,
    action: "Microsoft.Web/serverfarms/Read",
    handle: (context) =>
      listPlans(
        context,
        `/subscriptions/${context.values.subscription}/resourceGroups/${context.values.group}/`,
      ),
  }),
  plainRoute({
    ...web,
    name: "serverfarms/get",
    path: `${GROUP}/providers/Microsoft.Web/serverfarms/{name}`,
    action: "Microsoft.Web/serverfarms/Read",
    handle: getResource("Microsoft.Web/serverfarms"),
  }),
  ...(["virtualNetworks", "networkSecurityGroups", "routeTables"] as const).map((type) =>
    plainRoute({
      method: "GET",
      provider: "Microsoft.Network",
      name: `${type}/get`,
      path: `${GROUP}/providers/Microsoft.Network/${type}/{name}`,
      type,
      action: `Microsoft.Network/${type}/read`,
      handle: getResource(`Microsoft.Network/${type}`),
    }),
  ),
  plainRoute({
    method: "GET",
    provider: "Microsoft.Network",
    name: "subnets/get",
    path: `${GROUP}/providers/Microsoft.Network/virtualNetworks/{network}/subnets/{name}`,
    type: "virtualNetworks/subnets",
    action: "Microsoft.Network/virtualNetworks/subnets/read",
    handle: getResource("Microsoft.Network/virtualNetworks/subnets"),
  }),
];

function getResource(type: string): (context: ArmContext) => ArmResult {
  return (context) => {
    const id = `/${context.exchange.segments.join("/")}`;
    const resource = context.store.world.resources.find((one) => same(one.id, id));
    if (resource !== undefined) return ok(structuredClone(resource.body));
    return refused(resourceNotFound(type, context.values.name ?? "", context.values.group ?? ""));
  };
}

function listPlans(context: ArmContext, prefix: string): ArmResult {
  const plans = context.store.world.resources.filter(
    (one) =>
      one.id.toLowerCase().startsWith(prefix.toLowerCase()) &&
      one.id.toLowerCase().includes("/microsoft.web/serverfarms/"),
  );
  return page(context, plans, (plan: StoredResource) => structuredClone(plan.body));
}

function viewProvider(context: ArmContext): ArmResult {
  const subscription = context.values.subscription ?? "";
  const versions = webVersions(
    context.behaviour.legacyOnlySubscriptions.some((one) => same(one, subscription)),
  );
  const locations = ["West Europe", "North Europe", "UK South"];
  const types = ["sites", "sites/slots", "sites/config", "sites/slots/config", "serverFarms", "operations"];
  return ok({
    id: `/subscriptions/${subscription}/providers/Microsoft.Web`,
    namespace: "Microsoft.Web",
    registrationPolicy: "RegistrationRequired",
    registrationState: "Registered",
    resourceTypes: types.map((resourceType) => ({
      resourceType,
      locations,
      apiVersions: [...versions],
      capabilities: "None",
    })),
  });
}

function viewSubscription(subscription: StoredSubscription): Json {
  return {
    id: `/subscriptions/${subscription.id}`,
    subscriptionId: subscription.id,
    displayName: subscription.name,
    state: "Enabled",
    tenantId: TENANT_ID,
    authorizationSource: "RoleBased",
    managedByTenants: [],
    subscriptionPolicies: { spendingLimit: "Off" },
  };
}

function viewGroup(group: StoredResourceGroup): Json {
  return {
    id: `/subscriptions/${group.subscriptionId}/resourceGroups/${group.name}`,
    name: group.name,
    type: "Microsoft.Resources/resourceGroups",
    location: group.location,
    tags: group.tags,
    properties: { provisioningState: "Succeeded" },
  };
}

/** The dispatcher has already refused unknown subscriptions and groups, so a miss here is a mistake of ours. */
function found<T>(item: T | undefined, view: (item: T) => Json): ArmResult {
  if (item === undefined)
    throw new Error("A subscription or resource group was not checked before its route ran.");
  const body = view(item);
  return ok(isJsonObject(body) ? structuredClone(body) : body);
}

function same(a: string, b: string | undefined): boolean {
  return b !== undefined && a.toLowerCase() === b.toLowerCase();
}
