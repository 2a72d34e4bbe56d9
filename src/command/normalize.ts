/**
 * Takes off what chat clients put around words: entities, mentions, links, bold and code marks, smart quotes, invisible
 * characters, quoted and struck-out passages. One pass over the text. What a later step has to know of is left behind
 * as one private-use character, so that no word of a person can be mistaken for it.
 */
export const marks = {
  mentionOpen: "\uE000",
  mentionClose: "\uE001",
  /** A mention of everyone. */
  broadcast: "\uE002",
  /** Something that is no part of a sentence: unknown markup, control characters, a link that lies. */
  junk: "\uE003",
  /** Begin or end of a code block. */
  fence: "\uE004",
  /** Begin or end of inline code. */
  code: "\uE005",
} as const;

export type NormalText = {
  text: string;
  /** Something was quoted or struck out, and is not part of `text`. */
  quoted: boolean;
};

/** The longest text that is read as a command; what is longer is a document. */
export const longestText = 4_000;

const namedEntities: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  rsquo: "'",
  lsquo: "'",
  ldquo: '"',
  rdquo: '"',
  ndash: "–",
  mdash: "—",
  hellip: "...",
};

const replacements = new Map<string, string>();
for (const space of "\t\v\f\r\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000") {
  replacements.set(space, " ");
}
for (const line of "\u2028\u2029\u0085") replacements.set(line, "\n");
for (const gone of "\u00AD\u200B\u200C\u200D\u200E\u2060\uFEFF\uFE0F\uFE0E") replacements.set(gone, "");
for (const single of "‘’‚‛´ʼ′＇") replacements.set(single, "'");
for (const double of "“”„‟«»″＂") replacements.set(double, '"');
for (const hyphen of "\u2010\u2011﹣－") replacements.set(hyphen, "-");
for (const dash of "\u2012\u2013\u2014\u2015\u2212") replacements.set(dash, "—");
for (const bullet of "•‣◦▪●·") replacements.set(bullet, "•");
replacements.set("…", "...");
replacements
  .set("？", "?")
  .set("！", "!")
  .set("，", ", ")
  .set("、", ", ")
  .set("。", ". ")
  .set("：", ":")
  .set("；", ";");

/** Tags that only say how something looks. */
const plainTags = new Set(
  "b i u em strong span font a ul ol big small mark sub sup table tbody tr td th h1 h2 h3 h4 attachment".split(
    " ",
  ),
);
const lineTags = new Set("br p div li hr".split(" "));
const droppedTags = new Set("blockquote s del strike q".split(" "));
const codeLanguages = new Set(
  "bash sh shell zsh azurecli azurecli-interactive powershell pwsh console text plain plaintext cmd".split(
    " ",
  ),
);

type Scan = {
  text: string;
  lower: string;
  index: number;
  out: string[];
  quoted: boolean;
  open: Set<string>;
  closers: Map<string, { from: number; at: number; closes: boolean }>;
  /** Position from which on there is no ">" any more. */
  lastTagEnd: number;
};

/** Printable ASCII without any sign that a client uses for markup: nothing to take off. */
const plainText = /^[ !"#$%'()+,\-./0-9:;=?@A-Z[\]^a-z{|}]*$/;

/** Reads a message as its platform sent it. Never throws; linear in the length of the text. */
export function normalize(raw: string): NormalText {
  if (plainText.test(raw)) return { text: raw.trim(), quoted: false };
  const scan: Scan = {
    text: raw,
    lower: raw.toLowerCase(),
    index: 0,
    out: [],
    quoted: false,
    open: new Set(),
    closers: new Map(),
    lastTagEnd: raw.lastIndexOf(">"),
  };
  let lineStart = true;
  while (scan.index < raw.length) {
    if (lineStart && skipQuotedLine(scan)) continue;
    lineStart = false;
    const char = raw[scan.index] ?? "";
    if (char === "<") readMarkup(scan);
    else if (char === "&") readEntity(scan);
    else if (char === "`") readCode(scan);
    else if (char === "*" || char === "_" || char === "~") readEmphasis(scan, char);
    else {
      scan.out.push(plainCharacter(char));
      scan.index++;
    }
    lineStart = scan.out.at(-1) === "\n";
  }
  return { text: scan.out.join("").trim(), quoted: scan.quoted };
}

function plainCharacter(char: string): string {
  const replacement = replacements.get(char);
  if (replacement !== undefined) return replacement;
  const code = char.charCodeAt(0);
  const control = code < 32 && char !== "\n";
  const hidden = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  const privateUse = code >= 0xe000 && code <= 0xf8ff;
  return control || hidden || privateUse || code === 0x7f || code === 0xfffd ? marks.junk : char;
}

/** A line that begins with ">" is somebody else's words; in Slack ">>>" quotes all that follows. */
function skipQuotedLine(scan: Scan): boolean {
  let start = scan.index;
  while (scan.text[start] === " " || scan.text[start] === "\u00A0" || scan.text[start] === "\t") start++;
  const length = scan.text[start] === ">" ? 1 : scan.text.startsWith("&gt;", start) ? 4 : 0;
  if (length === 0) return false;
  const mark = scan.text.slice(start, start + length);
  const lineEnd = scan.text.indexOf("\n", start);
  scan.index = scan.text.startsWith(mark.repeat(3), start) || lineEnd < 0 ? scan.text.length : lineEnd + 1;
  scan.quoted = true;
  return true;
}

function readEntity(scan: Scan): void {
  const end = scan.text.indexOf(";", scan.index);
  const name = end > scan.index && end - scan.index <= 9 ? scan.text.slice(scan.index + 1, end) : "";
  const value = name.startsWith("#") ? numericEntity(name.slice(1)) : namedEntities[name];
  scan.out.push(value === undefined ? "&" : value);
  scan.index = value === undefined ? scan.index + 1 : end + 1;
}

function numericEntity(digits: string): string | undefined {
  const code = /^x[0-9a-f]{1,5}$/i.test(digits)
    ? Number.parseInt(digits.slice(1), 16)
    : /^\d{1,6}$/.test(digits)
      ? Number(digits)
      : Number.NaN;
  return Number.isInteger(code) && code > 0 && code <= 0x10ffff
    ? plainCharacter(String.fromCodePoint(code))
    : undefined;
}

function readCode(scan: Scan): void {
  if (!scan.text.startsWith("```", scan.index)) {
    scan.out.push(marks.code);
    scan.index++;
    return;
  }
  scan.out.push("\n", marks.fence);
  scan.index += 3;
  const language = /^[a-z-]{2,20}(?=\s)/.exec(scan.text.slice(scan.index, scan.index + 24))?.[0];
  if (language !== undefined && codeLanguages.has(language)) scan.index += language.length;
}

function isBoundary(char: string | undefined): boolean {
  return char === undefined || !/[\p{L}\p{N}_*~`/\\.=+-]/u.test(char);
}

/** Bold and italic marks go, struck-out words go with their marks; a star or tilde with no partner is not ours. */
function readEmphasis(scan: Scan, mark: string): void {
  let end = scan.index;
  while (scan.text[end] === mark) end++;
  const before = scan.out.at(-1)?.at(-1);
  const after = scan.text[end];
  const bullet = mark === "*" && (before === undefined || before === "\n") && after === " ";
  if (bullet) scan.out.push("•");
  else if (scan.open.has(mark) && (isBoundary(after) || after === ".")) scan.open.delete(mark);
  else if (
    (isBoundary(before) || before === marks.code) &&
    after !== undefined &&
    !/\s/.test(after) &&
    hasPartner(scan, mark, end)
  ) {
    if (mark === "~") {
      scan.quoted = true;
      scan.index = scan.text.indexOf("~", end);
      while (scan.text[scan.index] === "~") scan.index++;
      return;
    }
    scan.open.add(mark);
  } else scan.out.push(mark === "_" ? scan.text.slice(scan.index, end) : marks.junk);
  scan.index = end;
}

/** Whether a mark is closed later in the same line. What was found is kept, so that a line is searched once. */
function hasPartner(scan: Scan, mark: string, from: number): boolean {
  const known = scan.closers.get(mark);
  if (known !== undefined && from >= known.from && from <= known.at) return known.closes;
  const found = findCloser(scan.text, mark, from);
  scan.closers.set(mark, { from, ...found });
  return found.closes;
}

function findCloser(text: string, mark: string, from: number): { at: number; closes: boolean } {
  let index = from;
  while (index < text.length && text[index] !== "\n") {
    if (text[index] !== mark) {
      index++;
      continue;
    }
    let end = index;
    while (text[end] === mark) end++;
    if (isBoundary(text[end]) || text[end] === ".") return { at: index, closes: true };
    index = end;
  }
  return { at: index, closes: false };
}

const longestTag = 600;

function readMarkup(scan: Scan): void {
  const end = scan.index > scan.lastTagEnd ? -1 : scan.text.indexOf(">", scan.index);
  const inside = end < 0 || end - scan.index > longestTag ? undefined : scan.text.slice(scan.index + 1, end);
  if (inside === undefined || inside.includes("<")) {
    scan.out.push(marks.junk);
    scan.index++;
    return;
  }
  scan.index = end + 1;
  const first = inside[0];
  const [target = "", label] = inside.split("|", 2);
  if (first === "@") scan.out.push(marks.mentionOpen, target.slice(1).replace(/\s/g, ""), marks.mentionClose);
  else if (first === "!") scan.out.push(target.startsWith("!date") ? marks.junk : marks.broadcast);
  else if (first === "#") scan.out.push(marks.junk);
  else if (/^(mailto|tel):/i.test(target)) scan.out.push(label ?? target);
  else if (/^https?:\/\//i.test(target))
    scan.out.push(label === undefined || saysTheSame(target, label) ? shownAs(target, label) : marks.junk);
  else readTag(scan, inside);
}

function shownAs(url: string, label: string | undefined): string {
  return label !== undefined && /^cr-?\d/i.test(label) ? label : url;
}

/** Whether a link's label is no other address than the link's; words are fine. */
function saysTheSame(url: string, label: string): boolean {
  // A ticket system's link to a change request, shown by its number.
  if (/^cr-?\d{1,9}$/i.test(label) && url.toLowerCase().endsWith(`/${label.toLowerCase()}`)) return true;
  const host = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1]?.toLowerCase() ?? "";
  const shown = label
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/[/?#].*$/, "");
  return shown === host || host.startsWith(`${shown}.`);
}

function readTag(scan: Scan, inside: string): void {
  const name = /^\/?([a-z][a-z0-9]*)(?=[\s/]|$)/i.exec(inside)?.[1]?.toLowerCase() ?? "";
  const closing = inside.startsWith("/");
  if (name === "at") readTeamsMention(scan, closing);
  else if (name === "code" || name === "pre")
    scan.out.push(name === "code" ? marks.code : `\n${marks.fence}`);
  else if (lineTags.has(name)) scan.out.push("\n");
  else if (droppedTags.has(name)) dropElement(scan, name, closing);
  else if (!plainTags.has(name)) scan.out.push(marks.junk);
}

function readTeamsMention(scan: Scan, closing: boolean): void {
  const end = closing ? -1 : scan.lower.indexOf("</at>", scan.index);
  if (end < 0) {
    scan.out.push(marks.junk);
    return;
  }
  const name = scan.text.slice(scan.index, end).replace(/&nbsp;/g, " ");
  scan.out.push(" ", marks.mentionOpen, name.trim().replace(/\s+/g, "\u00A0"), marks.mentionClose, " ");
  scan.index = end + "</at>".length;
}

function dropElement(scan: Scan, name: string, closing: boolean): void {
  scan.quoted = true;
  if (closing) return;
  const end = scan.lower.indexOf(`</${name}>`, scan.index);
  scan.index = end < 0 ? scan.text.length : end + name.length + 3;
  scan.out.push("\n");
}
