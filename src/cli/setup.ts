import { readFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { AnswersRefused, Cancelled } from "./setup/asker.ts";
import { runSetup, type SetupOutcome } from "./setup/run-setup.ts";

type Options = {
  readonly answers?: string;
  readonly overwrite?: true;
  readonly check: boolean;
};

/** `main.ts` here, `main.js` in the published package. */
const thisProgram = fileURLToPath(new URL(`../main${extname(import.meta.url)}`, import.meta.url));
const isClone = extname(thisProgram) === ".ts";

/** Adds `routebot setup`: from nothing to a configuration that `doctor` finds right. */
export function addSetupCommand(program: Command): void {
  program
    .command("setup")
    .description(
      "ask what this deployment needs, check it, and write .env and routebot.yaml in the current folder",
    )
    .option("--answers <file>", "take the answers from this YAML file and ask nobody")
    .option("--overwrite", "with --answers: replace files that are there and differ")
    .option("--no-check", "do not try out what the files name")
    .addHelpText("after", help)
    .action(setup);
}

const help = `
Names of answers: place (host, container, app-service), chats (teams, slack, both), signIn (secret, managed-identity, other),
slackConnection (http, socket), store (embedded, postgres), host, policy (keep, new), people (name, id, teams, slack, may),
rule (resourceGroups, everybody, quorum, approversStop), and every variable of .env.example by its own name. A secret that the
file does not have is taken from the environment variable of that name. docs/install.md has an example.

Exit code: 0 when the files are written and nothing in them is known to be wrong, 1 otherwise.`;

async function setup({ answers, overwrite, check }: Options): Promise<void> {
  const folder = process.cwd();
  if (answers === undefined && !process.stdin.isTTY) {
    end({
      kind: "refused",
      message: "setup asks questions and needs a terminal; without one, give --answers FILE.",
    });
    return;
  }
  try {
    const outcome = await runSetup({
      folder,
      check,
      overwrite: overwrite === true,
      ...(answers !== undefined && { answers: readFileSync(resolve(answers), "utf8") }),
      environment: process.env,
      streams: { input: process.stdin, output: process.stdout },
      doctor: [process.execPath, thisProgram, "doctor", "--json"],
      routebot: isClone ? "npm run -s routebot --" : "npx routebot",
    });
    end(outcome);
  } catch (error) {
    const unread =
      error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EACCES");
    if (error instanceof Cancelled || error instanceof AnswersRefused)
      end({ kind: "refused", message: error.message });
    else if (unread)
      end({
        kind: "refused",
        message: `${answers === undefined ? join(folder, ".env") : resolve(answers)} cannot be read or written.`,
      });
    else throw error;
  }
}

function end(outcome: SetupOutcome): void {
  if (outcome.kind === "refused") process.stderr.write(`${outcome.message}\n`);
  if (outcome.kind !== "written" || outcome.problems > 0) process.exitCode = 1;
  process.stdin.pause();
}
