import { withSignIn } from "../../adapters/azure/database-token.ts";
import { systemClock } from "../../adapters/clock/system-clock.ts";
import { createPinoLog } from "../../adapters/log/pino-log.ts";
import type { StoreSettings } from "../../adapters/store/open-store.ts";
import type { Config } from "../../config/config.ts";
import { secretValues } from "../../config/environment.ts";
import { loadConfig } from "../../config/load-config.ts";

export type ConfiguredStore = {
  readonly config: Config;
  readonly settings: StoreSettings;
  /** What people call it; no secret is in it. */
  readonly name: string;
  readonly tools: { readonly clock: typeof systemClock; readonly log: ReturnType<typeof createPinoLog> };
};

/**
 * Runs a step on the store that the configuration names; the exit code. What goes wrong is told in one sentence on standard
 * error, warnings of the store as log lines.
 */
export async function withConfiguredStore(
  step: (store: ConfiguredStore) => Promise<number>,
): Promise<number> {
  const loaded = await loadConfig(process.env);
  if (loaded.kind === "invalid") {
    complain(loaded.message);
    return 1;
  }
  const { config } = loaded;
  const log = createPinoLog({ level: "warn", secrets: secretValues(process.env) });
  try {
    return await step({
      config,
      settings: withSignIn(config.store, config.azure),
      name: nameOf(config.store),
      tools: { clock: systemClock, log },
    });
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}

function nameOf(store: Config["store"]): string {
  if (store.kind === "embedded") return `the embedded store in ${store.directory}`;
  const { host, pathname } = new URL(store.url);
  return `${host}${pathname}`;
}
