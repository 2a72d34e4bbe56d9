import type { Command } from "commander";
import { createPinoLog } from "../adapters/log/pino-log.ts";
import { redactor } from "../adapters/log/redact.ts";
import { secretValues } from "../config/environment.ts";
import { loadConfig } from "../config/load-config.ts";
import { visibleLine } from "../domain/visible-text.ts";
import type { Log } from "../ports/log.ts";
import { checksOf } from "./doctor/checks.ts";
import { type Check, type Finding, ok, problem, warning } from "./doctor/finding.ts";
import { manifestChecks } from "./doctor/manifest-checks.ts";
import { liveCheck } from "./doctor/run-live.ts";

type Options = {
  readonly json?: true;
  readonly live?: string;
  readonly resourceGroup?: string;
  readonly yes?: true;
  readonly teamsApp?: string;
  readonly slackManifest?: string;
};

export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("check the configuration and everything that it names, and say what to do")
    .option("--json", "print one JSON object instead of lines")
    .option(
      "--live <site>",
      "besides, try on this site (NAME or NAME/SLOT) what Azure's documentation leaves open; asks first",
    )
    .option("--resource-group <name>", "the resource group of that site, where several have its name")
    .option("--yes", "do not ask before the live test")
    .option("--teams-app <zip>", "besides, compare the package that was uploaded to Teams")
    .option("--slack-manifest <json>", "besides, compare the manifest that the Slack app has")
    .addHelpText(
      "after",
      "\nExit code: 0 when there is no problem (warnings are none), 1 when there is one. Only --live changes anything.",
    )
    .action((options: Options) => doctor(options));
}

/** Tries out what the configuration names and tells what was found; see the exit code in the help. */
async function doctor(options: Options): Promise<void> {
  // No secret is in any finding, whatever a library put into its message.
  const redact = redactor(secretValues(process.env));
  const report = options.json ? jsonReport(redact) : lineReport(redact);
  const loaded = await loadConfig(process.env);
  if (loaded.kind === "invalid") {
    report.add(
      "configuration",
      problem(loaded.message, "Mend what is named above; .env.example lists every variable."),
    );
    report.end();
    process.exitCode = 1;
    return;
  }
  const { config, warnings } = loaded;
  report.add("configuration", ok(`policy from ${config.policyFile}`));
  for (const text of warnings) {
    report.add("configuration", warning(text, "Mend or remove it in the environment or the policy file."));
  }

  // What goes wrong is told below in words for people; the SDKs' own remarks would only stand between.
  const log: Log = createPinoLog({ level: "error", secrets: [], stream: { write: () => undefined } });
  const { live, resourceGroup, yes } = options;
  const order = live === undefined ? [] : [{ site: live, resourceGroup, yes: yes === true }];
  const checks = [
    ...checksOf(config, log),
    ...manifestChecks(config, options),
    ...order.map((one) => liveCheck(config.azure, one, log)),
  ];
  for (const check of checks) {
    for (const finding of await findingsOf(check)) {
      report.add(check.name, finding);
      if (finding.result === "problem") process.exitCode = 1;
    }
  }
  report.end();
  // Credential caches and connection pools would keep the process for a while.
  process.exit();
}

async function findingsOf({ run }: Check): Promise<readonly Finding[]> {
  try {
    return await run();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return [
      problem(text, "Nothing is known of the cause: run it again, with ROUTEBOT_LOG_LEVEL=debug in `serve`."),
    ];
  }
}

type Report = {
  add(check: string, finding: Finding): void;
  /** Says what is to be said at once. */
  end(): void;
};

type Redact = ReturnType<typeof redactor>;

function lineReport(redact: Redact): Report {
  // Names in Azure, and what a service answered, were written by others.
  const write = (text: string) => process.stdout.write(`${text.split("\n").map(visibleLine).join("\n")}\n`);
  return {
    add(check, finding) {
      write(`${finding.result.padEnd(8)} ${check.padEnd(14)} ${redact("text", finding.text)}`);
      if (finding.result !== "ok") write(`${" ".repeat(24)}To do: ${redact("text", finding.todo)}`);
    },
    end: () => {},
  };
}

function jsonReport(redact: Redact): Report {
  const findings: { readonly check: string; readonly result: string }[] = [];
  return {
    add(check, finding) {
      const { result, text } = finding;
      const todo = result === "ok" ? {} : { todo: redact("text", finding.todo) };
      findings.push({ check, result, ...{ text: redact("text", text) }, ...todo });
    },
    end() {
      const healthy = findings.every(({ result }) => result !== "problem");
      process.stdout.write(`${JSON.stringify({ healthy, findings }, null, 2)}\n`);
    },
  };
}
