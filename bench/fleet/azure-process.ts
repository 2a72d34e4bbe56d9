/** A local Azure with many sites that enforces the resource manager's buckets, in a process of its own so that its memory is not measured. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Snapshot, startLocalAzure } from "../../src/playground/azure/local-azure.ts";

const sites = 10_000;
const pageSize = 25;

const directory = await mkdtemp(join(tmpdir(), "routebot-bench-azure-"));
const azure = await startLocalAzure({ port: 0, directory, behaviour: { pageSize, enforceRateLimits: true } });
azure.restore(manySites(structuredClone(azure.snapshot())));

let armRequests = 0;
let throttled = 0;
azure.onEvent((event) => {
  if (event.kind !== "request" || event.request.surface !== "arm") return;
  armRequests += 1;
  if (event.request.status === 429) throttled += 1;
});

process.on("message", (asked) => {
  if (asked === "counts") process.send?.({ armRequests, throttled });
  if (asked === "end") void end();
});
process.on("disconnect", () => void end());
const { clientId, clientSecret } = azure.credentials.routing;
process.send?.({
  url: azure.url,
  caFile: azure.caFile,
  tenantId: azure.tenantId,
  subscription: azure.subscriptions[0]?.id,
  clientId,
  clientSecret,
});

async function end(): Promise<void> {
  await azure.close();
  await rm(directory, { recursive: true, force: true });
  process.exit(0);
}

/** The first subscription with so many copies of one site, in twenty groups, routed in different ways. */
function manySites({ world, ...rest }: Snapshot): Snapshot {
  const [model] = world.sites.filter(({ name, slot }) => name === "app-x" && slot === null);
  const [subscription] = world.subscriptions;
  if (model === undefined || subscription === undefined) throw new Error("there is no app-x to copy");
  const groups = Array.from({ length: 20 }, (_, index) => `rg-fleet-${index}`);
  return {
    ...rest,
    behaviour: { ...rest.behaviour, pageSize, enforceRateLimits: true },
    world: {
      ...world,
      resourceGroups: groups.map((name) => ({
        subscriptionId: subscription.id,
        name,
        location: "westeurope",
        tags: {},
      })),
      sites: Array.from({ length: sites }, (_, index) => ({
        ...model,
        subscriptionId: subscription.id,
        resourceGroup: groups[index % groups.length] ?? "",
        name: `fleet-${String(index).padStart(5, "0")}`,
        routing: { ...model.routing, applicationTraffic: index % 3 === 0, allTraffic: index % 7 === 0 },
      })),
    },
  };
}
