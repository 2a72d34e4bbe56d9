import type { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { createPinoLog } from "../adapters/log/pino-log.ts";
import { storyFields } from "../adapters/telemetry/telemetry.ts";
import type { Bot } from "../compose.ts";
import { forgetSecrets, secretValues } from "../config/environment.ts";
import { loadConfig } from "../config/load-config.ts";
import type { Log } from "../ports/log.ts";
import { holdOldMemory, holdYoungMemory, letYoungMemoryGrow } from "./memory.ts";

/** How long a stop may take before the process ends anyway; orchestrators wait 10 to 30 seconds before they kill. */
const stopWithinMs = 9_000;

/** By then everything is loaded that is loaded without being asked for. */
const loadedAfterMs = 10_000;

export function addServeCommand(program: Command): void {
  program
    .command("serve")
    .description("run the bot, configured by environment variables and a policy file")
    .addHelpText(
      "after",
      "\nThe variables are listed in .env.example, the policy file in routebot.example.yaml.",
    )
    .action(serve);
}

/**
 * Runs the bot until it is told to stop: SIGTERM, SIGINT or, where configured, the end of standard input. A configuration
 * that is not right in every part starts nothing and ends with exit code 1.
 */
async function serve(): Promise<void> {
  holdYoungMemory();
  holdOldMemory();
  setTimeout(letYoungMemoryGrow, loadedAfterMs).unref();
  const loaded = await loadConfig(process.env);
  if (loaded.kind === "invalid") {
    process.stderr.write(`${loaded.message}\n`);
    process.exitCode = 1;
    return;
  }
  const { config, warnings } = loaded;
  const log = createPinoLog({
    level: config.logLevel,
    secrets: secretValues(process.env),
    context: storyFields,
  });
  forgetSecrets(process.env);
  endOnUnexpectedErrors(log);
  for (const warning of warnings) log.warn("configuration-warning", { warning });

  let bot: Bot | undefined;
  const stop = stopOnce(async () => bot?.stop(), log);
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  if (config.stopOnStdinEnd) {
    process.stdin.on("end", () => stop("end of standard input"));
    process.stdin.on("error", () => stop("end of standard input"));
    process.stdin.resume();
  }
  try {
    const { composeBot } = await import("../compose.ts");
    bot = await composeBot(config, { log, version: packageJson.version });
    const { url } = await bot.start();
    log.info("listening", { message: `Routebot ${packageJson.version} listens on ${url}`, url });
  } catch (error) {
    // Told to stop while it started: what that breaks is no failure, and the stop goes on.
    if (stop.begun()) return;
    log.error("start-failed", error);
    process.exitCode = 1;
    stop("failed start");
  }
}

/** Makes the function that stops the bot and ends the process; a second call does not wait any longer. */
function stopOnce(stopBot: () => Promise<unknown>, log: Log): ((why: string) => void) & { begun(): boolean } {
  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) {
      log.warn("stop-hurried", { why });
      process.exit(1);
    }
    stopping = true;
    log.info("stopping", { why });
    const overdue = setTimeout(() => {
      log.error("stop-overdue", new Error(`The bot did not stop within ${stopWithinMs} ms.`));
      process.exit(1);
    }, stopWithinMs);
    stopBot().then(
      () => {
        clearTimeout(overdue);
        log.info("stopped");
        process.exit();
      },
      (error: unknown) => {
        log.error("stop-failed", error);
        process.exit(1);
      },
    );
  };
  return Object.assign(stop, { begun: () => stopping });
}

/** After an error that nobody expected, memory is not to be trusted: what is stored is, and the next start goes on from there. */
function endOnUnexpectedErrors(log: Log): void {
  process.on("uncaughtException", (error) => {
    log.error("uncaught-exception", error);
    process.exit(1);
  });
  process.on("unhandledRejection", (reason) => {
    log.error("unhandled-rejection", reason);
    process.exit(1);
  });
}
