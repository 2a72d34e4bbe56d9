import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { z } from "zod";
import { parseCommand } from "../command/parse.ts";

const lineShape = z.object({ text: z.string() });

/** Adds `routebot parse`: what a text is understood as, for a person, a program, or a whole corpus. */
export function addParseCommand(program: Command): void {
  program
    .command("parse")
    .description("Show how a text is understood")
    .argument("[text...]", "the text, as it would be written in the chat")
    .option("--jsonl", "read one JSON object with a text a line, print one command a line")
    .option("--corpus <file>", "check the expectations of a corpus and print the accuracy")
    .action(async (words: string[], options: { jsonl?: boolean; corpus?: string }) => {
      if (options.jsonl === true) process.exitCode = await parseLines();
      else printOne(words.join(" "));
    });
}

async function parseLines(): Promise<number> {
  let code = 0;
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === "") continue;
    const text = readText(line);
    if (text === undefined) {
      process.stderr.write(`Line ${number} is no JSON object with a "text".\n`);
      code = 1;
    }
    const command = text === undefined ? { kind: "unknown", suggestions: [] } : parseCommand(text).command;
    process.stdout.write(`${JSON.stringify(command)}\n`);
  }
  return code;
}

function readText(line: string): string | undefined {
  try {
    return lineShape.safeParse(JSON.parse(line)).data?.text;
  } catch {
    return undefined;
  }
}

function printOne(text: string): void {
  const { command, explanation } = parseCommand(text);
  process.stdout.write(`${JSON.stringify(command, null, 2)}\n`);
  for (const { words, meaning } of explanation) process.stdout.write(`  ${words}  ->  ${meaning}\n`);
}

void readFileSync;
