import { createInterface } from "node:readline/promises";
import { systemClock } from "../../adapters/clock/system-clock.ts";
import type { AzureSettings } from "../../config/config.ts";
import type { TargetReference } from "../../domain/command.ts";
import type { Log } from "../../ports/log.ts";
import type { Check } from "./finding.ts";
import { joinAction, testLive } from "./live.ts";

export type LiveOrder = {
  /** `NAME` or `NAME/SLOT`. */
  readonly site: string;
  readonly resourceGroup?: string | undefined;
  /** Asks nobody. */
  readonly yes: boolean;
};

/** The live test as the operator ordered it, with the production adapter and without the PUT fallback. */
export function liveCheck(settings: AzureSettings, order: LiveOrder, log: Log): Check {
  return {
    name: "live",
    run: async () => {
      const { createRoutingService } = await import("../../adapters/azure/routing-service.ts");
      const { openResourceManager } = await import("../../adapters/azure/resource-manager.ts");
      const { missingActions, readPermissions } = await import("../../adapters/azure/rights.ts");
      const { putFallback: _, ...patchOnly } = settings;
      const tools = { clock: systemClock, log };
      const arm = openResourceManager(patchOnly, tools);
      return testLive({
        reference: referenceOf(order),
        routing: createRoutingService(patchOnly, tools),
        clock: systemClock,
        consent: (question) => (order.yes ? Promise.resolve(true) : ask(question)),
        async mayJoin(subnetId) {
          try {
            const permissions = await readPermissions(arm, subnetId);
            return missingActions(permissions, [joinAction]).length === 0;
          } catch {
            return "unknown";
          }
        },
      });
    },
  };
}

function referenceOf({ site, resourceGroup }: LiveOrder): TargetReference {
  const [name = site, slot] = site.split("/");
  return {
    name,
    ...(slot === undefined ? {} : { slot }),
    ...(resourceGroup === undefined ? {} : { resourceGroup }),
  };
}

/** On standard error, so that standard output stays the report. Without a terminal nobody can have said yes. */
async function ask(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
