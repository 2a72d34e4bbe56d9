import { systemClock } from "../../adapters/clock/system-clock.ts";
import type { AzureSettings } from "../../config/config.ts";
import type { Failure } from "../../domain/failure.ts";
import type { ResolvedTarget } from "../../domain/target.ts";
import type { Log } from "../../ports/log.ts";
import { type Check, type Finding, ok, problem, warning } from "./finding.ts";
import { judgeClock } from "./judge-clock.ts";
import { type Rights, weighRights } from "./weigh-rights.ts";

/** Resource groups, and subnets, whose rights are asked for: a sample where there are more. */
const sampledScopes = 25;
const timeoutMs = 20_000;

/** Sign-in, sites, clock and rights. They share one connection, and what the earlier ones have found. */
export function azureChecks(settings: AzureSettings, log: Log): readonly Check[] {
  const opened = once(() => open(settings, log));
  const sites = new Map<string, readonly ResolvedTarget[]>();
  return [
    {
      name: "Azure",
      run: async () => {
        const findings: Finding[] = [];
        for (const subscription of settings.subscriptions) {
          findings.push(await checkSubscription(await opened(), subscription, sites));
        }
        return findings;
      },
    },
    { name: "clock", run: async () => [await checkClock(await opened())] },
    { name: "rights", run: async () => checkRights(await opened(), settings, [...sites.values()].flat()) },
  ];
}

/** Loaded late, and one after the other: these packages race for the modules that they share. */
async function open(settings: AzureSettings, log: Log) {
  const tools = { clock: systemClock, log };
  const { openResourceManager } = await import("../../adapters/azure/resource-manager.ts");
  const { chooseApi } = await import("../../adapters/azure/api-generation.ts");
  const { listSites } = await import("../../adapters/azure/list-sites.ts");
  const { failureOfError } = await import("../../adapters/azure/errors.ts");
  const { needs, needsOfPut, readPermissions } = await import("../../adapters/azure/rights.ts");
  const { createRoutingReader } = await import("../../adapters/azure/read-routing.ts");
  const arm = openResourceManager(settings, tools);
  const api = chooseApi(arm, settings, tools);
  const reader = createRoutingReader(arm, api, tools);
  return { arm, api, reader, listSites, failureOfError, needs, needsOfPut, readPermissions };
}
type Opened = Awaited<ReturnType<typeof open>>;

async function checkSubscription(
  { arm, api: choose, listSites, failureOfError }: Opened,
  subscription: string,
  sites: Map<string, readonly ResolvedTarget[]>,
): Promise<Finding> {
  try {
    const api = await choose(subscription);
    const found = await listSites(arm, api, subscription);
    sites.set(subscription, found);
    const what = `signed in; ${subscription}: ${found.length} sites, api-version ${api.apiVersion}`;
    if (found.length === 0) {
      return warning(
        `${what}.`,
        "Give the identity a role on the resource groups of the sites, or take the subscription out of ROUTEBOT_SUBSCRIPTIONS.",
      );
    }
    return api.generation === "modern"
      ? ok(what)
      : warning(
          `${what}, which is older than outboundVnetRouting.`,
          "allTraffic and managedIdentityTraffic cannot be said there; nothing to do where the cloud has no later version, else set ROUTEBOT_ARM_API_VERSION.",
        );
  } catch (error) {
    const { code, message } = failureOfError(error, systemClock.now());
    return problem(
      `${message} ${reasonOf(error)} Subscription ${subscription}.`,
      `${whatToDo[code] ?? "Look at the reason above"}; see \`${code}\` in docs/failures.md.`,
    );
  }
}

const whatToDo: Partial<Record<Failure["code"], string>> = {
  "azure-signin":
    "Check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or that the managed identity is assigned to this host",
  "azure-unreachable":
    "Check the network, proxy and DNS of this machine, AZURE_RESOURCE_MANAGER_URL and AZURE_AUTHORITY_HOST",
  "azure-denied": "Give the identity the role of docs/operations.md on the resource groups of the sites",
};

async function checkClock({ arm }: Opened): Promise<Finding> {
  const sent = systemClock.now();
  const answer = await arm.send({
    method: "GET",
    path: "/subscriptions?api-version=2022-12-01",
    limit: AbortSignal.timeout(timeoutMs),
  });
  return judgeClock(answer.header("date"), sent, systemClock.now());
}

/** What the identity may do on the groups that have sites, and on the subnets of those sites. */
async function checkRights(
  opened: Opened,
  settings: AzureSettings,
  sites: readonly ResolvedTarget[],
): Promise<readonly Finding[]> {
  if (sites.length === 0)
    return [
      warning(
        "No site is visible, so there is nothing to ask for rights on.",
        "See what is said about Azure above.",
      ),
    ];
  const groups = [...new Set(sites.map(groupScope))];
  const subnets = await subnetsOf(opened, sites);
  const needs = settings.putFallback === true ? [...opened.needs, ...opened.needsOfPut] : opened.needs;
  const asked: readonly { readonly where: Rights["where"]; readonly scopes: readonly string[] }[] = [
    { where: "group", scopes: groups.slice(0, sampledScopes) },
    { where: "subnet", scopes: subnets.slice(0, sampledScopes) },
  ];
  const rights: Rights[] = [];
  for (const { where, scopes } of asked) {
    for (const scope of scopes) rights.push({ where, scope, ...(await permissionsAt(opened, scope)) });
  }
  const left = Math.max(0, groups.length - sampledScopes);
  return [
    ...weighRights(rights, needs),
    ...(left > 0
      ? [ok(`the first ${sampledScopes} of ${groups.length} resource groups were looked at`)]
      : []),
  ];
}

async function permissionsAt(
  { arm, readPermissions, failureOfError }: Opened,
  scope: string,
): Promise<Pick<Rights, "permissions" | "unread">> {
  try {
    return { permissions: await readPermissions(arm, scope) };
  } catch (error) {
    return { unread: failureOfError(error, systemClock.now()).message };
  }
}

function groupScope({ subscriptionId, resourceGroup }: ResolvedTarget): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
}

/** The integration subnets of one site of each group: enough to see whether a role on subnets was forgotten. */
async function subnetsOf({ reader }: Opened, sites: readonly ResolvedTarget[]): Promise<readonly string[]> {
  const subnets = new Map<string, string>();
  const perGroup = Map.groupBy(sites, groupScope);
  for (const ofGroup of [...perGroup.values()].slice(0, sampledScopes)) {
    for (const target of ofGroup.slice(0, 3)) {
      const read = await reader.observe(target, { withoutAppSettings: true });
      if (read.kind !== "observed" || read.observation.integration.kind !== "regional") continue;
      const { subnetId } = read.observation.integration;
      subnets.set(subnetId.toLowerCase(), subnetId);
    }
  }
  return [...subnets.values()];
}

/** The first line of what a library says: the operator at the terminal may see it, chats do not. */
function reasonOf(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return `(${line.slice(0, 300)})`;
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
