import { createInterface } from "node:readline";
import type { Command } from "commander";
import { z } from "zod";
import { parseCommand } from "../command/parse.ts";
import { visibleJson, visibleLine } from "../domain/visible-text.ts";
import { judgeCorpus, readCorpus, type Tally } from "./parse-corpus.ts";

const lineShape = z.object({ text: z.string() });

/** Adds `routebot parse`: what a text is understood as, for a person, a program, or a whole corpus. */
export function addParseCommand(program: Command): void {
  program
    .command("parse")
    .description("Show how a text is understood, and which words decided it")
    .argument("[text...]", "the text, as it would be written in the chat")
    .option("--jsonl", 'read one JSON object {"text": "..."} a line, print one command a line')
    .option("--corpus <file>", "check the expectations of a corpus, print accuracy by category")
    .action(async (words: string[], options: { jsonl?: boolean; corpus?: string }) => {
      if (options.jsonl === true) process.exitCode = await parseLines();
      else if (options.corpus !== undefined) process.exitCode = reportCorpus(options.corpus);
      else printOne(words.join(" "));
    });
}

/** Answers every line, so that answers and lines stay side by side; returns the exit code. */
async function parseLines(): Promise<number> {
  let code = 0;
  let number = 0;
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    number++;
    if (line.trim() === "") continue;
    const text = readText(line);
    if (text === undefined) {
      process.stderr.write(`Line ${number} is not a JSON object with a "text".\n`);
      code = 1;
    }
    const command = text === undefined ? { kind: "unknown", suggestions: [] } : parseCommand(text).command;
    process.stdout.write(`${visibleJson(JSON.stringify(command))}\n`);
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
  process.stdout.write(`${visibleJson(JSON.stringify(command, null, 2))}\n`);
  if (explanation.length > 0) process.stdout.write("\nWhich words decided it:\n");
  for (const { words, meaning } of explanation) process.stdout.write(`  ${visibleLine(words)}: ${meaning}\n`);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;
}

function row(name: string, tally: Tally, width: number): string {
  const counts = [tally.texts, tally.right, tally.wrong, tally.missed].map((count) =>
    String(count).padStart(7),
  );
  return `${name.padEnd(width)}${counts.join("")}${percent(tally.right, tally.texts).padStart(9)}\n`;
}

function reportCorpus(file: string): number {
  let report: ReturnType<typeof judgeCorpus>;
  try {
    report = judgeCorpus(readCorpus(file));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  for (const { entry, verdict, command } of report.failures) {
    process.stdout.write(`${verdict}: ${JSON.stringify(entry.text)}\n`);
    process.stdout.write(
      `  expected ${JSON.stringify(entry.expect)}\n  got      ${JSON.stringify(command)}\n`,
    );
  }
  const width = Math.max(24, ...[...report.byCategory.keys()].map(({ length }) => length));
  process.stdout.write(`${"category".padEnd(width)}  texts  right  wrong missed accuracy\n`);
  for (const [name, tally] of report.byCategory) process.stdout.write(row(name, tally, width));
  process.stdout.write(row("total", report.total, width));
  process.stdout.write(`wrong ${report.total.wrong} (${percent(report.total.wrong, report.total.texts)})\n`);
  process.stdout.write(
    `missed ${report.total.missed} (${percent(report.total.missed, report.total.texts)})\n`,
  );
  return report.total.wrong + report.total.missed === 0 ? 0 : 1;
}
