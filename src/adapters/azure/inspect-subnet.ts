import { z } from "zod";
import type { SecurityRule, SubnetInspection } from "../../domain/routing/subnet-inspection.ts";
import type { AzureTools } from "./azure-settings.ts";
import { failureOfAnswer } from "./errors.ts";
import { type ResourceManager, UnexpectedAnswer } from "./resource-manager.ts";

/** Api-version of Microsoft.Network that is read with. */
const networkVersion = "2024-05-01";
const timeoutMs = 10_000;

const reference = z.object({ id: z.string() }).nullish();
const subnet = z.object({
  properties: z.object({ networkSecurityGroup: reference, routeTable: reference }),
});

const several = z.array(z.string()).nullish();
const rule = z.object({
  name: z.string(),
  properties: z.object({
    direction: z.string(),
    protocol: z.string(),
    access: z.string(),
    priority: z.number(),
    sourceAddressPrefix: z.string().nullish(),
    sourceAddressPrefixes: several,
    destinationAddressPrefix: z.string().nullish(),
    destinationAddressPrefixes: several,
    destinationPortRange: z.string().nullish(),
    destinationPortRanges: several,
  }),
});
type Rule = z.infer<typeof rule>;
const securityGroup = z.object({
  name: z.string(),
  properties: z.object({
    securityRules: z.array(rule).nullish(),
    defaultSecurityRules: z.array(rule).nullish(),
  }),
});

const routeTable = z.object({
  name: z.string(),
  properties: z.object({
    routes: z
      .array(
        z.object({
          properties: z.object({ addressPrefix: z.string().nullish(), nextHopType: z.string() }),
        }),
      )
      .nullish(),
  }),
});

/** Reads what is around an integration subnet; see `RoutingService.inspectSubnet`. */
export function createSubnetInspector(
  arm: ResourceManager,
  { clock, log }: AzureTools,
): (subnetId: string, signal?: AbortSignal) => Promise<SubnetInspection> {
  return async (subnetId, signal) => {
    try {
      const { networkSecurityGroup, routeTable: table } = (await read(subnetId, subnet, signal)).properties;
      const group = networkSecurityGroup && (await read(networkSecurityGroup.id, securityGroup, signal));
      const routes = table && (await read(table.id, routeTable, signal));
      const leavesByRoute = routes?.properties.routes?.some(
        ({ properties: { addressPrefix, nextHopType } }) =>
          addressPrefix === "0.0.0.0/0" &&
          ["virtualappliance", "virtualnetworkgateway"].includes(nextHopType.toLowerCase()),
      );
      return {
        kind: "read",
        ...(group ? { securityGroup: { name: group.name, rules: rulesOf(group) } } : {}),
        ...(routes && leavesByRoute ? { defaultRouteTable: routes.name } : {}),
      };
    } catch (error) {
      signal?.throwIfAborted();
      const failure =
        error instanceof UnexpectedAnswer ? failureOfAnswer(error.answer, clock.now()) : undefined;
      const reason = error instanceof Error ? error.message : String(error);
      log.warn("azure-subnet-unreadable", { subnet: subnetId, reason });
      return failure?.missingAction === undefined
        ? { kind: "unreadable" }
        : { kind: "unreadable", missingAction: failure.missingAction };
    }
  };

  async function read<Body>(
    id: string,
    schema: z.ZodType<Body>,
    signal: AbortSignal | undefined,
  ): Promise<Body> {
    const path = `${encodeURI(id)}?api-version=${networkVersion}`;
    const limit = AbortSignal.timeout(timeoutMs);
    const answer = await arm.send({ method: "GET", path, limit, ...(signal ? { signal } : {}) });
    if (answer.status !== 200) throw new UnexpectedAnswer(answer);
    return schema.parse(answer.body);
  }
}

function rulesOf({ properties }: z.infer<typeof securityGroup>): readonly SecurityRule[] {
  const own = (properties.securityRules ?? []).filter(isOutboundTcp).map(toRule);
  const platform = (properties.defaultSecurityRules ?? []).filter(isOutboundTcp).map(toRule);
  return [...own, ...(platform.length > 0 ? platform : defaults)];
}

/** The platform's own rules, where a list does not show them. */
const defaults: readonly SecurityRule[] = (
  [
    { name: "AllowVnetOutBound", priority: 65_000, access: "allow", destinations: ["VirtualNetwork"] },
    { name: "AllowInternetOutBound", priority: 65_001, access: "allow", destinations: ["Internet"] },
    { name: "DenyAllOutBound", priority: 65_500, access: "deny", destinations: ["*"] },
  ] as const
).map((one) => ({ ...one, ports: ["*"], forWholeSubnet: true }));

function isOutboundTcp({ properties: { direction, protocol } }: Rule): boolean {
  return direction.toLowerCase() === "outbound" && ["tcp", "*"].includes(protocol.toLowerCase());
}

function toRule({ name, properties }: Rule): SecurityRule {
  const sources = listOf(properties.sourceAddressPrefix, properties.sourceAddressPrefixes);
  return {
    name,
    priority: properties.priority,
    access: properties.access.toLowerCase() === "allow" ? "allow" : "deny",
    ports: listOf(properties.destinationPortRange, properties.destinationPortRanges),
    destinations: listOf(properties.destinationAddressPrefix, properties.destinationAddressPrefixes),
    forWholeSubnet: sources.some((one) => ["*", "0.0.0.0/0", "virtualnetwork"].includes(one.toLowerCase())),
  };
}

function listOf(
  one: string | null | undefined,
  more: readonly string[] | null | undefined,
): readonly string[] {
  return [...(one ? [one] : []), ...(more ?? [])];
}
