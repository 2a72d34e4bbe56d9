/** `npm run -s chaos`: runs the product under trouble, and says on standard output, as JSON, what came of it. */
import { Command, InvalidArgumentError, Option } from "commander";
import { runChaos } from "./run-chaos.ts";

const whole = (least: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new InvalidArgumentError(`a whole number from ${least} on`);
  return value;
};

const program = new Command("chaos")
  .description(
    "run real replicas under kills, stalls, restarts and faults, and check that nothing was lost or doubled",
  )
  .addOption(
    new Option("--store <store>", "where everything is kept")
      .choices(["postgres", "embedded"])
      .default("postgres"),
  )
  .option("--requests <n>", "change requests to ask for", whole(1), 60)
  .option("--kills <n>", "kill -9 of a replica", whole(0), 6)
  .option("--replicas <n>", "replicas on PostgreSQL", whole(1), 3)
  .option("--seed <text>", "makes the same choices again", String(Math.floor(Math.random() * 1e9)))
  .option("--no-faults", "kills only")
  .option("--keep <folder>", "where logs and evidence are copied when something is not as promised")
  .option("--json", "print nothing but the figures");
program.parse();

const options = program.opts<{
  store: "postgres" | "embedded";
  requests: number;
  kills: number;
  replicas: number;
  seed: string;
  faults: boolean;
  keep?: string;
  json?: true;
}>();
const say = (line: string) => {
  if (options.json !== true) process.stderr.write(`${line}\n`);
};
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
process.once("SIGTERM", () => stop.abort());
const result = await runChaos({ ...options, stop: stop.signal, say });
const { violations, ...figures } = result;
process.stdout.write(`${JSON.stringify({ ...figures, violations }, null, 2)}\n`);
for (const violation of violations) say(violation);
say(
  violations.length === 0
    ? `All promises were kept; repeat with --seed ${result.seed}.`
    : `${violations.length} promises were broken; repeat with --seed ${result.seed}, and --keep FOLDER for its traces.`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
