import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { parseCommand } from "../command/parse.ts";
import { type Command, isActing, type TargetReference } from "../domain/command.ts";

/** What must hold of the command that a text becomes: `notChange`, or fields of the command. */
const expectationShape = z.record(z.string(), z.unknown());
const entryShape = z.object({ text: z.string(), expect: expectationShape, category: z.string().optional() });

/** One line of a corpus: a text as a person wrote it, and what it is to be understood as. */
export type CorpusEntry = { text: string; expect: Record<string, unknown>; category: string };

/**
 * How a text was understood: `right`; `wrong`, when something would be done that was not asked for, or not in this way;
 * `missed`, when a person would have understood it and we did not.
 */
export type Verdict = "right" | "wrong" | "missed";

/** Reads a corpus of JSON lines. Throws an error that names the line when one is no entry. */
export function readCorpus(file: string): CorpusEntry[] {
  const entries: CorpusEntry[] = [];
  for (const [index, line] of readFileSync(file, "utf8").split("\n").entries()) {
    if (line.trim() === "") continue;
    const entry = readEntry(line);
    if (entry === undefined) throw new Error(`${file}, line ${index + 1}: no corpus entry`);
    entries.push({ category: "all", ...entry });
  }
  return entries;
}

function readEntry(line: string): z.infer<typeof entryShape> | undefined {
  try {
    return entryShape.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** A change that says nothing of these means these. */
const changeDefaults = {
  via: "property",
  dryRun: false,
  breakGlass: false,
  reason: undefined,
  revertAfter: undefined,
};

/** Judges one text. `set` and `targets` hold exactly; the host of a target only where it is expected. */
export function judge(entry: CorpusEntry): { verdict: Verdict; command: Command } {
  const { command } = parseCommand(entry.text);
  const acts = isActing(command);
  const right = entry.expect.notChange === true ? !acts : holds(entry.expect, command);
  return { verdict: right ? "right" : acts ? "wrong" : "missed", command };
}

function holds(expect: Record<string, unknown>, command: Command): boolean {
  const wanted = expect.kind === "change" ? { ...changeDefaults, ...expect } : expect;
  const fields = new Map<string, unknown>(Object.entries(command));
  return Object.entries(wanted).every(([name, value]) =>
    name === "targets" ? sameTargets(value, fields.get(name)) : isDeepStrictEqual(fields.get(name), value),
  );
}

const targetsShape = z.array(z.record(z.string(), z.unknown()));

function sameTargets(expected: unknown, got: unknown): boolean {
  const wanted = targetsShape.safeParse(expected).data;
  const found = targetsShape.safeParse(got).data;
  if (wanted === undefined || found === undefined || wanted.length !== found.length) return false;
  return wanted.every((target, index) => {
    const { host, ...rest } = found[index] ?? {};
    const named: keyof TargetReference = "host";
    return isDeepStrictEqual(named in target ? { ...rest, host } : rest, target);
  });
}

/** Counts by category. */
export type Tally = { texts: number; right: number; wrong: number; missed: number };

/** Judges a corpus: the figures by category, and each text that was not understood right. */
export function judgeCorpus(entries: readonly CorpusEntry[]): {
  byCategory: Map<string, Tally>;
  total: Tally;
  failures: { entry: CorpusEntry; verdict: Verdict; command: Command }[];
} {
  const byCategory = new Map<string, Tally>();
  const total: Tally = { texts: 0, right: 0, wrong: 0, missed: 0 };
  const failures: { entry: CorpusEntry; verdict: Verdict; command: Command }[] = [];
  for (const entry of entries) {
    const { verdict, command } = judge(entry);
    const tally = byCategory.get(entry.category) ?? { texts: 0, right: 0, wrong: 0, missed: 0 };
    byCategory.set(entry.category, tally);
    for (const counts of [tally, total]) {
      counts.texts++;
      counts[verdict]++;
    }
    if (verdict !== "right") failures.push({ entry, verdict, command });
  }
  return { byCategory, total, failures };
}
