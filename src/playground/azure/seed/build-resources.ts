import type { Json } from "../http/json.ts";
import type { StoredResource } from "../world/world.ts";
import {
  ASE_NAME,
  GROUPS,
  type GroupName,
  groupId,
  networkId,
  PLANS,
  type PlanName,
  planId,
  SUBNETS,
  type SubnetName,
  subnetId,
} from "./places.ts";

/** Plans, virtual networks, subnets, network security groups and route tables. */
export function buildResources(): StoredResource[] {
  return [
    ...planNames().map(buildPlan),
    ...buildNetworks(),
    ...subnetNames().map(buildSubnet),
    ...buildRules(),
  ];
}

function buildPlan(name: PlanName): StoredResource {
  const plan = PLANS[name];
  const id = planId(name);
  const isIsolated = plan.tier === "IsolatedV2";
  return {
    id,
    body: {
      id,
      name,
      type: "Microsoft.Web/serverfarms",
      kind: plan.linux ? "linux" : "app",
      location: GROUPS[plan.group].location,
      tags: {},
      properties: {
        provisioningState: "Succeeded",
        status: "Ready",
        reserved: plan.linux,
        numberOfSites: 1,
        hostingEnvironmentProfile: isIsolated
          ? {
              id: `${groupId(plan.group)}/providers/Microsoft.Web/hostingEnvironments/${ASE_NAME}`,
              name: ASE_NAME,
            }
          : null,
      },
      sku: {
        name: plan.size,
        tier: plan.tier,
        size: plan.size,
        family: plan.size.replace(/\d/g, ""),
        capacity: plan.tier === "Dynamic" || plan.tier === "FlexConsumption" ? 0 : 2,
      },
    },
  };
}

function buildNetworks(): StoredResource[] {
  const networks = new Map<string, SubnetName[]>();
  for (const name of subnetNames()) {
    const id = networkId(name);
    networks.set(id, [...(networks.get(id) ?? []), name]);
  }
  return [...networks].map(([id, names]) => ({
    id,
    body: {
      id,
      name: id.split("/").at(-1) ?? "",
      type: "Microsoft.Network/virtualNetworks",
      location: names[0] === undefined ? "" : region(SUBNETS[names[0]].group),
      properties: {
        provisioningState: "Succeeded",
        addressSpace: { addressPrefixes: [names[0] === "dev" ? "10.60.0.0/16" : "10.20.0.0/16"] },
        subnets: names.map((name) => ({ id: subnetId(name), name: `snet-${name}` })),
      },
    },
  }));
}

function buildSubnet(name: SubnetName): StoredResource {
  const subnet = SUBNETS[name];
  const id = subnetId(name);
  const network = `${groupId(subnet.group)}/providers/Microsoft.Network`;
  const service = name === "flex" ? "Microsoft.App/environments" : "Microsoft.Web/serverFarms";
  return {
    id,
    body: {
      id,
      name: `snet-${name}`,
      type: "Microsoft.Network/virtualNetworks/subnets",
      properties: {
        provisioningState: "Succeeded",
        addressPrefix: subnet.prefix,
        delegations: [{ name: "delegation", properties: { serviceName: service } }],
        serviceEndpoints: [],
        ...(subnet.nsg === null
          ? {}
          : { networkSecurityGroup: { id: `${network}/networkSecurityGroups/${subnet.nsg}` } }),
        ...(subnet.routes === null ? {} : { routeTable: { id: `${network}/routeTables/${subnet.routes}` } }),
      },
    },
  };
}

function buildRules(): StoredResource[] {
  const network = `${groupId("rg-platform")}/providers/Microsoft.Network`;
  return [
    securityGroup(`${network}/networkSecurityGroups/nsg-apps`, [
      outboundRule("AllowHttpsOut", { priority: 200, access: "Allow", ports: ["443"] }),
    ]),
    securityGroup(`${network}/networkSecurityGroups/nsg-functions`, [
      outboundRule("AllowHttpsOut", { priority: 200, access: "Allow", ports: ["443"] }),
      outboundRule("DenyFileShareOut", { priority: 300, access: "Deny", ports: ["445"] }),
    ]),
    {
      id: `${network}/routeTables/rt-egress`,
      body: {
        id: `${network}/routeTables/rt-egress`,
        name: "rt-egress",
        type: "Microsoft.Network/routeTables",
        location: region("rg-platform"),
        properties: {
          provisioningState: "Succeeded",
          disableBgpRoutePropagation: true,
          routes: [
            {
              name: "default-to-firewall",
              properties: {
                addressPrefix: "0.0.0.0/0",
                nextHopType: "VirtualAppliance",
                nextHopIpAddress: "10.20.250.4",
                provisioningState: "Succeeded",
              },
            },
          ],
        },
      },
    },
  ];
}

function securityGroup(id: string, rules: Json[]): StoredResource {
  return {
    id,
    body: {
      id,
      name: id.split("/").at(-1) ?? "",
      type: "Microsoft.Network/networkSecurityGroups",
      location: region("rg-platform"),
      properties: { provisioningState: "Succeeded", securityRules: rules, defaultSecurityRules: [] },
    },
  };
}

function outboundRule(
  name: string,
  rule: { readonly priority: number; readonly access: "Allow" | "Deny"; readonly ports: string[] },
): Json {
  return {
    name,
    properties: {
      direction: "Outbound",
      protocol: "Tcp",
      access: rule.access,
      priority: rule.priority,
      sourceAddressPrefix: "*",
      sourcePortRange: "*",
      destinationAddressPrefix: "*",
      destinationPortRanges: rule.ports,
    },
  };
}

function region(group: GroupName): string {
  return GROUPS[group].location.toLowerCase().replace(" ", "");
}

function planNames(): PlanName[] {
  return Object.keys(PLANS).filter((name): name is PlanName => name in PLANS);
}

function subnetNames(): SubnetName[] {
  return Object.keys(SUBNETS).filter((name): name is SubnetName => name in SUBNETS);
}
