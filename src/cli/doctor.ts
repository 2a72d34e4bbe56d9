import type { Command } from "commander";
import { createPinoLog } from "../adapters/log/pino-log.ts";
import { redactor } from "../adapters/log/redact.ts";
import { secretValues } from "../config/environment.ts";
import { loadConfig } from "../config/load-config.ts";
import { checksOf } from "./doctor/checks.ts";

export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("check the configuration and everything that it names, and say what to do")
    .action(doctor);
}

/** Tries out what the configuration names and prints a line for each; exit code 1 if anything failed. Changes nothing. */
async function doctor(): Promise<void> {
  const redact = redactor(secretValues(process.env));
  const report = (result: "ok" | "failed", name: string, text: string) =>
    process.stdout.write(`${result.padEnd(7)} ${name.padEnd(14)} ${redact("text", text)}\n`);

  const loaded = await loadConfig(process.env);
  if (loaded.kind === "invalid") {
    report("failed", "configuration", loaded.message);
    process.exitCode = 1;
    return;
  }
  report("ok", "configuration", `policy from ${loaded.config.policyFile}`);
  for (const warning of loaded.warnings) report("ok", "  but note", warning);

  // What goes wrong is told below in words for people; the SDKs' own remarks would only stand between.
  const log = createPinoLog({ level: "error", secrets: [], stream: { write: () => undefined } });
  for (const { name, run } of checksOf(loaded.config, log)) {
    try {
      report("ok", name, await run());
    } catch (error) {
      report("failed", name, error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  }
  // Credential caches and connection pools would keep the process for a while.
  process.exit();
}
