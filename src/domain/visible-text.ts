/**
 * What a terminal obeys or a reader is misled by: controls (but for the tab), marks of writing direction and other characters
 * without a shape. The joiners stay: emoji and some scripts need them.
 */
const obeyed = /[[\p{Cc}\p{Cf}\u2028\u2029]--[\t\u200c\u200d]]/gv;
const lineBreaks = /[\r\n\v\f\u0085\u2028\u2029]+/g;

/** Text that others wrote, as one line that only says what it shows: for terminals and tables. */
export function visibleLine(text: string): string {
  return text.replaceAll(lineBreaks, " ").replaceAll(obeyed, "");
}

/**
 * JSON in which such characters are written as escapes: a program reads the same from it. JSON itself escapes only the controls
 * below the space; as they are it has spaces, tabs and line breaks between its parts.
 */
export function visibleJson(json: string): string {
  return json.replaceAll(obeyed, (character) => (/[\r\n]/.test(character) ? character : escaped(character)));
}

function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
