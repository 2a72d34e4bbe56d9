import { visibleLine } from "../domain/visible-text.ts";

/** One record as RFC 4180 has it, every cell in quotes. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${inert(cell).replaceAll('"', '""')}"`).join(",")}\r\n`;
}

/**
 * A spreadsheet takes a cell that begins with one of these for a formula, quotes or not; an apostrophe before it makes it text
 * (OWASP, "CSV injection"; also in full width). Line breaks become spaces, so that no later line can begin with one; what a terminal
 * obeys or reorders is left out.
 */
function inert(cell: string): string {
  const line = visibleLine(cell);
  return /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(line) || /^[\t\r]/.test(cell) ? `'${line}` : line;
}
