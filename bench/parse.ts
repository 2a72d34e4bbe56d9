import { readdirSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { longestText } from "../src/command/normalize.ts";
import { parseCommand } from "../src/command/parse.ts";

const corpus = new URL("../test/corpus/", import.meta.url);

/** Texts of 100,000 characters that a careless reader would be slow on. */
export function hostileTexts(): string[] {
  const length = 100_000;
  const fill = (part: string) => part.repeat(Math.ceil(length / part.length)).slice(0, length);
  return [
    fill("a"),
    fill("<"),
    fill("*a "),
    fill("&amp"),
    fill("`"),
    fill("route all traffic for app-x and "),
    fill("if you could please "),
    fill("all of the "),
    fill("\u202e\u{1f680}"),
    fill("> quoted\n"),
    fill("/subscriptions/"),
    fill("enabel trafic "),
    fill(" "),
    fill("((((\"'"),
    fill("az resource update --set "),
  ];
}

/** The corpus of the tests: what people write. */
export function corpusTexts(): string[] {
  const files = readdirSync(corpus).filter((name) => name.endsWith(".jsonl"));
  return files.flatMap((name) =>
    readFileSync(new URL(name, corpus), "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line): string => {
        const entry: { text: string } = JSON.parse(line);
        return entry.text;
      }),
  );
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const rounds = 30;
const batch = 5;

/** Time to read a text: median and 99th percentile over the corpus in microseconds, the worst hostile text in ms. */
export async function benchParse(): Promise<{ usMedian: number; usP99: number; hostileMsMax: number }> {
  const texts = corpusTexts();
  for (let round = 0; round < rounds; round++) for (const text of texts) parseCommand(text);
  const times = texts.map((text) => {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds / batch; round++) {
      const start = performance.now();
      for (let turn = 0; turn < batch; turn++) parseCommand(text);
      best = Math.min(best, ((performance.now() - start) * 1_000) / batch);
    }
    return best;
  });
  times.sort((left, right) => left - right);
  // As they are, and cut to what is still read word by word.
  const hostile = hostileTexts()
    .flatMap((text) => [text, text.slice(0, longestText)])
    .map((text) => {
      const start = performance.now();
      parseCommand(text);
      return performance.now() - start;
    });
  return { usMedian: quantile(times, 0.5), usP99: quantile(times, 0.99), hostileMsMax: Math.max(...hostile) };
}
