/** The two subscriptions of the invented company "Fernhill". */
export const SUBSCRIPTIONS = {
  "shop-prod": "4c2e9f10-7a3b-4d52-8e61-0b9d3f5a1c01",
  "shop-dev": "4c2e9f10-7a3b-4d52-8e61-0b9d3f5a1c02",
} as const;

/** Resource groups with their subscription and region. */
export const GROUPS = {
  "rg-shop": { subscription: "shop-prod", location: "West Europe", team: "storefront" },
  "rg-platform": { subscription: "shop-prod", location: "West Europe", team: "platform" },
  "rg-shop-dev": { subscription: "shop-dev", location: "North Europe", team: "storefront" },
} as const;

export type GroupName = keyof typeof GROUPS;

/** App Service plans: `tier` is what a site shows as its `sku`. */
export const PLANS = {
  "plan-shop": { group: "rg-shop", tier: "PremiumV3", size: "P1v3", linux: true },
  "plan-shop-windows": { group: "rg-shop", tier: "Standard", size: "S1", linux: false },
  "plan-shop-functions": { group: "rg-shop", tier: "ElasticPremium", size: "EP1", linux: false },
  "plan-platform": { group: "rg-platform", tier: "PremiumV3", size: "P2v3", linux: true },
  "plan-platform-windows": { group: "rg-platform", tier: "Standard", size: "S2", linux: false },
  "plan-platform-isolated": { group: "rg-platform", tier: "IsolatedV2", size: "I1v2", linux: true },
  "plan-platform-flex": { group: "rg-platform", tier: "FlexConsumption", size: "FC1", linux: true },
  "plan-platform-flows": { group: "rg-platform", tier: "WorkflowStandard", size: "WS1", linux: false },
  "plan-platform-events": { group: "rg-platform", tier: "Dynamic", size: "Y1", linux: false },
  "plan-dev": { group: "rg-shop-dev", tier: "Basic", size: "B1", linux: true },
  "plan-dev-free": { group: "rg-shop-dev", tier: "Free", size: "F1", linux: false },
  "plan-dev-shared": { group: "rg-shop-dev", tier: "Shared", size: "D1", linux: false },
  "plan-dev-events": { group: "rg-shop-dev", tier: "Dynamic", size: "Y1", linux: false },
} as const satisfies Record<string, PlanSeed>;

interface PlanSeed {
  readonly group: GroupName;
  readonly tier: string;
  readonly size: string;
  readonly linux: boolean;
}

export type PlanName = keyof typeof PLANS;

/**
 * Integration subnets. `egress` has a route of 0.0.0.0/0 to a firewall; `functions` has a network security group that
 * lets no file-share traffic (445) out.
 */
export const SUBNETS = {
  apps: { network: "vnet-shop", group: "rg-platform", prefix: "10.20.1.0/26", nsg: "nsg-apps", routes: null },
  functions: {
    network: "vnet-shop",
    group: "rg-platform",
    prefix: "10.20.2.0/26",
    nsg: "nsg-functions",
    routes: null,
  },
  egress: {
    network: "vnet-shop",
    group: "rg-platform",
    prefix: "10.20.3.0/26",
    nsg: "nsg-apps",
    routes: "rt-egress",
  },
  flex: { network: "vnet-shop", group: "rg-platform", prefix: "10.20.4.0/26", nsg: null, routes: null },
  dev: { network: "vnet-shop-dev", group: "rg-shop-dev", prefix: "10.60.1.0/26", nsg: null, routes: null },
} as const satisfies Record<string, SubnetSeed>;

interface SubnetSeed {
  readonly network: string;
  readonly group: GroupName;
  readonly prefix: string;
  readonly nsg: string | null;
  readonly routes: string | null;
}

export type SubnetName = keyof typeof SUBNETS;

export const ASE_NAME = "ase-platform";

export function groupId(group: GroupName): string {
  return `/subscriptions/${SUBSCRIPTIONS[GROUPS[group].subscription]}/resourceGroups/${group}`;
}

export function planId(plan: PlanName): string {
  return `${groupId(PLANS[plan].group)}/providers/Microsoft.Web/serverfarms/${plan}`;
}

export function subnetId(name: SubnetName): string {
  return `${networkId(name)}/subnets/snet-${name}`;
}

export function networkId(name: SubnetName): string {
  const { network, group } = SUBNETS[name];
  return `${groupId(group)}/providers/Microsoft.Network/virtualNetworks/${network}`;
}
