#!/usr/bin/env node
/**
 * The command line. Each subcommand is one file of cli/ that adds itself to the program; only the one that was asked for is
 * loaded, so that `parse` does not wait for a chat SDK.
 */
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import packageJson from "../package.json" with { type: "json" };

const subcommands: readonly {
  readonly name: string;
  readonly summary: string;
  readonly add: (program: Command) => Promise<unknown>;
}[] = [
  {
    name: "serve",
    summary: "run the bot, configured by environment variables and a policy file",
    add: async (program) => (await import("./cli/serve.ts")).addServeCommand(program),
  },
  {
    name: "playground",
    summary: "run the bot with a local Azure, Teams and Slack, and a page to try it on",
    add: async (program) => (await import("./cli/playground.ts")).addPlaygroundCommand(program),
  },
  {
    name: "tour",
    summary: "play the main job in the playground, without a browser, and print it",
    add: async (program) => (await import("./cli/tour.ts")).addTourCommand(program),
  },
  {
    name: "parse",
    summary: "show how messages are understood",
    add: async (program) => (await import("./cli/parse.ts")).addParseCommand(program),
  },
  {
    name: "manifest",
    summary: "make the Teams app package, or print the Slack app manifest, of this deployment",
    add: async (program) => (await import("./cli/manifest.ts")).addManifestCommand(program),
  },
  {
    name: "policy",
    summary: "check the policy file, and ask it who may do what",
    add: async (program) => (await import("./cli/policy.ts")).addPolicyCommand(program),
  },
  {
    name: "setup",
    summary: "ask what this deployment needs, check it, and write .env and routebot.yaml",
    add: async (program) => (await import("./cli/setup.ts")).addSetupCommand(program),
  },
  {
    name: "doctor",
    summary: "check the configuration and everything that it names, and say what to do",
    add: async (program) => (await import("./cli/doctor.ts")).addDoctorCommand(program),
  },
  {
    name: "audit",
    summary: "export the audit, and verify an export offline",
    add: async (program) => (await import("./cli/audit.ts")).addAuditCommand(program),
  },
  {
    name: "migrate",
    summary: "bring the tables of the configured store up to date; serve does the same at its start",
    add: async (program) => (await import("./cli/migrate.ts")).addMigrateCommand(program),
  },
  {
    name: "move",
    summary: "move an embedded store to the PostgreSQL database that DATABASE_URL names",
    add: async (program) => (await import("./cli/move.ts")).addMoveCommand(program),
  },
  {
    name: "park",
    summary: "after a restore that Routebot cannot see: park everything that is open at the next start",
    add: async (program) => (await import("./cli/park.ts")).addParkCommand(program),
  },
];

// Compiled code is kept beside the dependencies: only who may change those may change it. Where that folder cannot be
// written, Node goes on without.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/routebot", import.meta.url)));

const program = new Command("routebot")
  .description(packageJson.description)
  .version(packageJson.version)
  .option("--env <file>", "read environment variables from this file, too; those that are set already stay")
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError("(routebot --help lists the commands)")
  .showSuggestionAfterError();

// Before anything is run that looks at the environment.
program.on("option:env", (file: string) => {
  try {
    process.loadEnvFile(file);
  } catch {
    program.error(`error: ${file} cannot be read; give --env a file with lines NAME=value`);
  }
});

const words = process.argv.slice(2);
const asked = words.find((word) => subcommands.some(({ name }) => name === word));
for (const { name, summary, add } of subcommands) {
  if (name === asked) await add(program);
  else program.command(name).description(summary);
}
await program.parseAsync();
