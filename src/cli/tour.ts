import type { Command } from "commander";
import { createControlClient } from "./tour/control-client.ts";
import { type PlaygroundProcess, startPlaygroundProcess } from "./tour/playground-process.ts";
import { NotSeen, playStory } from "./tour/story.ts";
import { createTranscript } from "./tour/transcript.ts";

export function addTourCommand(program: Command): void {
  program
    .command("tour")
    .description("play the main job in the playground, without a browser, and print it")
    .action(tour);
}

/** Ends with exit code 0 only if every step was really seen. Leaves nothing behind. */
async function tour(): Promise<void> {
  const began = performance.now();
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  print("Starting a playground: a local Azure, Teams and Slack, and the bot with its production adapters …");
  let playground: PlaygroundProcess | undefined;
  let interrupted = false;
  const interrupt = () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    // While it is starting, its own end follows from the start that fails or from the stop below.
    if (playground === undefined) process.exitCode = 130;
    else playground.stop().finally(() => process.exit(130));
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    playground = await startPlaygroundProcess();
    if (!interrupted) {
      await playStory(createControlClient(playground.pageUrl), createTranscript(print));
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      print(`\nEvery step was seen (${seconds} s). Try it by hand: npm start`);
    }
  } catch (error) {
    process.exitCode = 1;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`\n${error instanceof NotSeen ? "The tour ends here. " : ""}${message}\n`);
  } finally {
    await playground?.stop();
  }
  if (interrupted) process.exit(130);
}
