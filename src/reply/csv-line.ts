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
  const line = cell.replaceAll(lineBreaks, " ").replaceAll(obeyed, "");
  return /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(line) || /^[\t\r]/.test(cell) ? `'${line}` : line;
}

const lineBreaks = /[\r\n\v\f\u0085\u2028\u2029]+/g;
/** Controls and marks of writing direction; not the tab, nor the joiners that some scripts need. */
const obeyed = /[[\p{Cc}\p{Cf}]--[\t\u200c\u200d]]/gv;
