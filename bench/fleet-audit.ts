import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { rounded } from "./statistics.ts";

export type FleetAudit = {
  /** Sites in the file that the audit ends with. */
  readonly sites: number;
  /** Requests that the whole audit cost: pages of lists. */
  readonly armRequests: number;
  /** Requests that the local Azure, which enforces the resource manager's buckets, answered with 429. */
  readonly throttled: number;
  /** From the message to its file. Most of it is waiting for the budget: more than 22 pages a second are not asked for. */
  readonly seconds: number;
  /** Resident memory at its highest during the audit, above what it was after a small one, in MB. */
  readonly rssGrowthMb: number;
};

const started = z.object({
  url: z.string(),
  caFile: z.string(),
  tenantId: z.string(),
  subscription: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
});
const counts = z.object({ armRequests: z.number(), throttled: z.number() });
const measured = z.object({ sites: z.number(), seconds: z.number(), rssGrowthMb: z.number() });

/** One audit of 10,000 sites, on pages of 25, by a bot with the embedded store. */
export async function measureFleetAudit(): Promise<FleetAudit> {
  const azure = start("./fleet/azure-process.ts", {});
  try {
    const { caFile, clientId, clientSecret, ...where } = started.parse(await next(azure));
    const bot = start("./fleet/bot-process.ts", {
      FLEET_AZURE: JSON.stringify(where),
      NODE_EXTRA_CA_CERTS: caFile,
      AZURE_TENANT_ID: where.tenantId,
      AZURE_CLIENT_ID: clientId,
      AZURE_CLIENT_SECRET: clientSecret,
      AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
    });
    await next(bot);
    const before = await countsOf(azure);
    bot.send("go");
    const { sites, seconds, rssGrowthMb } = measured.parse(await next(bot));
    const after = await countsOf(azure);
    return {
      sites,
      armRequests: after.armRequests - before.armRequests,
      throttled: after.throttled,
      seconds: rounded(seconds),
      rssGrowthMb: rounded(rssGrowthMb),
    };
  } finally {
    azure.send("end");
  }
}

function start(file: string, environment: Readonly<Record<string, string>>): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ["--expose-gc"],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
  });
}

/** What the process says next; rejects when it ends without a word. */
function next(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error("a process of the benchmark ended early"));
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      resolve(message);
    });
  });
}

async function countsOf(azure: ChildProcess): Promise<z.infer<typeof counts>> {
  azure.send("counts");
  return counts.parse(await next(azure));
}
