import type { Hold } from "../domain/change/hold.ts";
import { type Stop, scopeWords } from "../domain/change/stop.ts";
import { utcTime } from "./words.ts";

/** Why nothing is written now, as the end of a sentence. */
export function holdWords(hold: Hold): string {
  if (hold.kind === "stop") return `${stopWords(hold.stop)}.`;
  return hold.until === undefined
    ? `the freeze "${hold.name}" is on, for more than a year.`
    : `the freeze "${hold.name}" is on until ${utcTime(hold.until)}.`;
}

/** `all changes in rg-shop are stopped by Ana Alvarez since 2026-11-22 14:05 UTC (the sale)`. */
export function stopWords({ scope, by, at, reason }: Stop): string {
  const why = reason === undefined ? "" : ` (${reason})`;
  return `${scopeWords(scope)} are stopped by ${by.name} since ${utcTime(at)}${why}`;
}

/** A sentence of its own. */
export function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
