/** The playground command as a program of its own, with the tiny bot in place of Routebot. */
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { addPlaygroundCommand } from "../../src/cli/playground.ts";

const program = new Command("routebot");
addPlaygroundCommand(program, fileURLToPath(new URL("tiny-bot.ts", import.meta.url)));
await program.parseAsync();
