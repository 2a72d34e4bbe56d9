import type { ChangeCommand, ParsedCommand } from "../domain/command.ts";
import { gravest } from "./clarify.ts";
import { blocked } from "./combine.ts";
import { marks } from "./normalize.ts";
import { readAz, startsAz } from "./read-az.ts";
import { readRequest } from "./read-request.ts";
import type { Issue } from "./request.ts";
import { splitSentences } from "./split-sentences.ts";
import { hasAny } from "./token.ts";
import { tokenize } from "./tokenize.ts";

// A pasted command line.
const azAnywhere = /(?:^|[\s`\uE004\uE005>$])az(?:\.cmd)?\s+[a-z]/i;

const otherTools =
  /\b(?:Set-AzWebApp|Set-AzResource|Update-Az\w+|New-Az\w+|Remove-Az\w+|terraform (?:apply|destroy)|Invoke-AzRest\w*|kubectl|azd up)\b/i;

export function readPasted(text: string): ParsedCommand | undefined {
  if (otherTools.test(text))
    return blocked([{ code: "unsupported", words: otherTools.exec(text)?.[0] ?? "" }]);
  const found = azAnywhere.exec(text);
  if (found === null) return undefined;
  const start = found.index + found[0].search(/az/i);
  const fenced = text.lastIndexOf(marks.fence, start) >= 0 || text.lastIndexOf(marks.code, start) >= 0;
  const rest = text.slice(start);
  const close = fenced ? rest.search(/[\uE004\uE005]/) : endOfCommand(rest);
  const command = (close < 0 ? rest : rest.slice(0, close)).trim();
  if (!startsAz(command)) return undefined;
  const around = `${text.slice(0, start)}\n${close < 0 ? "" : rest.slice(close)}`
    .replace(/[\uE004\uE005]/g, " ")
    .replace(/(^|\s)(\$|PS>|#)(?=\s|$)/g, " ");
  const reading = readAz(command);
  const frame = readAround(around);
  if ("issue" in frame) return blocked([frame.issue]);
  if ("code" in reading) return blocked([{ code: reading.code, words: reading.words.slice(0, 80) }]);
  const change: ChangeCommand = {
    kind: "change",
    set: reading.set,
    targets: reading.targets,
    via: "property",
    dryRun: frame.dryRun,
    breakGlass: frame.breakGlass,
    ...(frame.reason === undefined ? {} : { reason: frame.reason }),
    ...(frame.revertAfter === undefined ? {} : { revertAfter: frame.revertAfter }),
  };
  return { command: change, explanation: [{ words: command, meaning: "pasted Azure CLI command" }] };
}

/** A bare command ends with its line, unless the line says that it goes on. */
function endOfCommand(text: string): number {
  for (let line = text.indexOf("\n"); line >= 0; line = text.indexOf("\n", line + 1)) {
    const before = text.slice(0, line).trimEnd();
    const next = text.slice(line + 1).trimStart();
    if (!/[\\`^]$/.test(before) && !next.startsWith("-") && !next.startsWith("—")) return line;
  }
  return -1;
}

const runWords =
  /^(run|execute|apply|do|this|following|command|it|the|for|is|here|that|paste|perform|make|change|below|these|commands|script|snippet)$/;

/** What is written around a pasted command may only ask to run it. */
function readAround(
  text: string,
): { dryRun: boolean; breakGlass: boolean; reason?: string; revertAfter?: string } | { issue: Issue } {
  const tokens = tokenize(text);
  const sentences = splitSentences(tokens);
  if (
    sentences.some(
      (sentence) => sentence.question && !sentence.tokens.some((token) => hasAny(token, ["ask", "dryRun"])),
    )
  )
    return { issue: { code: "doubt", words: text.trim() } };
  const kept = tokens.filter(
    (token) =>
      !(token.kind === "word" && (runWords.test(token.lower) || hasAny(token, ["ask", "want", "lets"]))) &&
      token.kind !== "stop" &&
      token.kind !== "line",
  );
  const draft = readRequest(kept, text);
  const worst = gravest(draft.issues);
  if (worst !== undefined) return { issue: worst };
  const more = draft.actions.length > 0 || draft.targets.length > 0;
  if (more) return { issue: { code: "several-requests", words: text.trim() } };
  return draft;
}
