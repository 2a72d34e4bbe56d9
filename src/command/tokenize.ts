import type { Role } from "./lexicon.ts";
import { correctionOf, type Entry, entryOf, idiomAt } from "./lexicon-index.ts";
import { marks } from "./normalize.ts";
import { hasAny, isWord, type Token, type TokenKind } from "./token.ts";

const none: ReadonlySet<Role> = new Set();

const punctuation: Record<string, TokenKind> = {
  ",": "comma",
  ".": "stop",
  "!": "stop",
  "?": "stop",
  ";": "stop",
  "\n": "line",
  ":": "colon",
  "—": "dash",
  "(": "open",
  "[": "open",
  "{": "open",
  ")": "close",
  "]": "close",
  "}": "close",
  '"': "quote",
  "'": "quote",
  "/": "slash",
  "=": "equals",
  "•": "bullet",
  [marks.broadcast]: "broadcast",
  [marks.junk]: "junk",
  [marks.code]: "code",
  [marks.fence]: "fence",
};

/** Emoji that say no, or that somebody is not serious. */
const sourEmoji = /[🚫❌👎🛑✋⛔🙅⏸❓❔🤔🙃😂🤣😜😝😏🤷⏳⌛🤡⚠🙄👀✅✔☑🏁]/u;
const emoji = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]+$/u;
const slackEmoji = /^:([a-z0-9_+'-]+):$/;
const sourSlackEmoji =
  /thumbsdown|-1|no_|stop|x$|thinking|joy|laugh|upside|wink|shrug|hand$|question|pause|cross|check_mark|roll|eyes$/;

const urlStart = /^https?:\/\//i;
const hostShape = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;
const siteHost = /\.(azurewebsites\.(net|us|cn)|chinacloudsites\.cn|appserviceenvironment\.(net|us))$/i;
const changeShape = /^#?cr[-#]?0*(\d{1,9})$/i;
const timeShape =
  /^(\d{1,2}[:.]\d{2}([ap]m)?|\d{1,2}[ap]m|\d{4}-\d{2}-\d{2}(t[\d:.]+z?)?|\d{1,2}h\d{2}|\d{1,2}(st|nd|rd|th)|q[1-4])$/i;
const numberShape = /^\d+(\.\d+)?$/;
const amountShape = /^(\d+(?:[.,]\d+)?)-?(s|secs?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)$/i;
/** "1h30m": two lengths of time in one word. */
const hoursShape = /^(\d{1,3}h)(\d{1,2}m(?:in|ins)?)$/i;
const assignmentShape = /^([\w.-]+)(==?|:)([\w.-]+)$/;

/** Text to tokens, in one pass; idioms come out as one token. */
export function tokenize(text: string): Token[] {
  const plain: Token[] = [];
  let index = 0;
  let glued = false;
  while (index < text.length) {
    const char = text[index] ?? "";
    if (char === " ") {
      glued = false;
      index++;
    } else if (char === marks.mentionOpen) {
      const end = text.indexOf(marks.mentionClose, index);
      const stop = end < 0 ? text.length : end + 1;
      plain.push(make("mention", text.slice(index + 1, stop - 1), index, stop, glued));
      glued = true;
      index = stop;
    } else if (smileyAt(text, index) > 0) {
      const end = index + smileyAt(text, index);
      plain.push(make(char === ";" ? "junk" : "stop", text.slice(index, end), index, end, glued));
      index = end;
    } else if (
      punctuation[char] !== undefined &&
      !startsPath(text, index) &&
      !(char === ":" && slackEmojiAt(text, index) > 0)
    ) {
      plain.push(make(punctuation[char], char, index, index + 1, glued));
      glued = true;
      index++;
    } else {
      index = readChunk({ text, start: index, glued, out: plain });
      glued = true;
    }
  }
  return joinIdioms(plain);
}

function make(kind: TokenKind, text: string, start: number, end: number, glued: boolean): Token {
  return {
    kind,
    text,
    lower: text.toLowerCase(),
    start,
    end,
    roles: none,
    possessive: false,
    corrected: false,
    glued,
  };
}

/** Length of a friendly ":)" at this place, or 0; it ends a sentence. ";)" may take it back. */
function smileyAt(text: string, index: number): number {
  if (text[index] === ";")
    return /^;-?[)D](?![\p{L}\p{N}])/u.exec(text.slice(index, index + 4))?.[0].length ?? 0;
  if (text[index] !== ":" && text[index] !== "=") return 0;
  return /^[:=]-?[)D](?![\p{L}\p{N}])/u.exec(text.slice(index, index + 4))?.[0].length ?? 0;
}

/** Length of ":wave:" at this place, or 0. */
function slackEmojiAt(text: string, index: number): number {
  const end = text.indexOf(":", index + 1);
  return end > index + 1 && end - index < 40 && slackEmoji.test(text.slice(index, end + 1))
    ? end + 1 - index
    : 0;
}

function startsPath(text: string, index: number): boolean {
  return text[index] === "/" && /^\/(subscriptions|resourcegroups)\//i.test(text.slice(index, index + 20));
}

type ChunkRequest = { text: string; start: number; glued: boolean; out: Token[] };

const ends = new Set([
  " ",
  "\n",
  ",",
  ";",
  "!",
  "?",
  '"',
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  "—",
  "•",
  ...Object.values(marks),
]);

/** Reads from a letter, digit or sign up to white space or a sign that ends a word. Returns where it stopped. */
function readChunk(request: ChunkRequest): number {
  const { text, start, glued, out } = request;
  const first = text[start];
  const isUrl =
    first === "/" || ((first === "h" || first === "H") && urlStart.test(text.slice(start, start + 9)));
  const emojiLength = text[start] === ":" ? slackEmojiAt(text, start) : 0;
  if (emojiLength > 0) {
    pushChunk(text.slice(start, start + emojiLength), start, glued, out);
    return start + emojiLength;
  }
  let end = start;
  while (end < text.length) {
    const char = text[end] ?? "";
    if (isUrl ? char === " " || char === "\n" || char === '"' || char >= "\uE000" : ends.has(char)) break;
    end++;
  }
  while (
    end > start + 1 &&
    /[.:'),!?;]/.test(text[end - 1] ?? "") &&
    !slackEmoji.test(text.slice(start, end))
  )
    end--;
  const chunk = text.slice(start, end);
  const abbreviated =
    text[end] === "." &&
    abbreviations.has(chunk.toLowerCase()) &&
    /^\. +[a-z0-9]/.test(text.slice(end, end + 4));
  if (isUrl) out.push(readAddress(chunk, start, end, glued));
  else pushChunk(chunk, start, glued, out);
  return abbreviated ? end + 1 : end;
}

/** Words that are written with a full stop in the middle of a sentence. */
const abbreviations = new Set(
  "incl excl config conf approx max min mins hrs hr sec secs resp e.g i.e vs temp app sub ref pls".split(" "),
);

function readAddress(chunk: string, start: number, end: number, glued: boolean): Token {
  const portal = /^https:\/\/portal\.azure\.com\/[^\s]*?(\/subscriptions\/[^\s?]*)/i.exec(chunk)?.[1];
  if (portal !== undefined) return make("arm", portal, start, end, glued);
  if (chunk.startsWith("/")) return make("arm", chunk, start, end, glued);
  const host = /^https?:\/\/([^/?#]+)/i.exec(chunk)?.[1] ?? "";
  return make("host", host.replace(/:\d+$/, ""), start, end, glued);
}

/** No name, host or setting is longer. */
const longestChunk = 300;

const lettersOnly = /^[a-z][a-z-]*$/i;

/** A chunk that is one token as it stands, or several glued together by signs. */
function pushChunk(chunk: string, start: number, glued: boolean, out: Token[]): void {
  if (chunk.length > longestChunk) {
    out.push(make("junk", chunk, start, start + chunk.length, glued));
    return;
  }
  const together = /^(turn|switch)(on|off)$/i.exec(chunk);
  if (together?.[1] !== undefined && together[2] !== undefined) {
    out.push(word(together[1], start, glued), word(together[2], start + together[1].length, true));
    return;
  }
  // Most words are letters and nothing else, and none of the shapes below.
  if (lettersOnly.test(chunk)) {
    out.push(word(chunk, start, glued));
    return;
  }
  if (/^<3+$/.test(chunk)) {
    out.push({ ...word("thx", start, glued), text: chunk, end: start + chunk.length });
    return;
  }
  if (/^(?:-+>?|=+>|→)$/.test(chunk)) {
    out.push(make("dash", chunk, start, start + chunk.length, glued));
    return;
  }
  const whole = readWhole(chunk, start, glued);
  if (whole !== undefined) {
    out.push(whole);
    return;
  }
  const both = hoursShape.exec(chunk);
  if (both?.[1] !== undefined && both[2] !== undefined) {
    pushChunk(both[1], start, glued, out);
    pushChunk(both[2], start + both[1].length, true, out);
    return;
  }
  const amount = amountShape.exec(chunk);
  if (amount !== null) {
    const digits = amount[1] ?? "";
    out.push(make("number", digits, start, start + digits.length, glued));
    const unit = chunk.slice(digits.length).replace(/^-/, "");
    out.push(word(unit, start + chunk.length - unit.length, true));
    return;
  }
  const cut = /[/&+=:|]|(?<=[a-z0-9])\.(?=[A-Z])|'(?=')/.exec(chunk);
  if (cut === null) {
    out.push(word(chunk, start, glued));
    return;
  }
  const at = cut.index;
  if (at > 0) pushChunk(chunk.slice(0, at), start, glued, out);
  const sign = chunk[at] ?? "";
  const kind = sign === "&" || sign === "+" ? undefined : (punctuation[sign] ?? "junk");
  out.push(
    kind === undefined
      ? word(sign, start + at, at > 0)
      : make(kind, sign, start + at, start + at + 1, at > 0 || glued),
  );
  if (at + 1 < chunk.length) pushChunk(chunk.slice(at + 1), start + at + 1, true, out);
}

function readWhole(chunk: string, start: number, glued: boolean): Token | undefined {
  const end = start + chunk.length;
  const change = changeShape.exec(chunk);
  if (change !== null) return make("change", `CR-${change[1]}`, start, end, glued);
  if (timeShape.test(chunk)) return make("time", chunk, start, end, glued);
  if (numberShape.test(chunk)) return make("number", chunk, start, end, glued);
  if (emoji.test(chunk) || slackEmoji.test(chunk)) {
    const sour = sourEmoji.test(chunk) || sourSlackEmoji.test(slackEmoji.exec(chunk)?.[1] ?? "");
    return sour ? make("junk", chunk, start, end, glued) : { ...word("thx", start, glued), text: chunk, end };
  }
  if (chunk === "@") return { ...word("at", start, glued), text: "@", end };
  if (chunk.startsWith("@")) return readPlainMention(chunk, start, glued);
  if (siteHost.test(chunk) && hostShape.test(chunk)) return make("host", chunk, start, end, glued);
  const assignment = assignmentShape.exec(chunk);
  if (assignment !== null && (assignment[2] !== ":" || isLiteralName(assignment[1] ?? ""))) {
    return make("assignment", chunk, start, end, glued);
  }
  if (entryOf(chunk.toLowerCase()) !== undefined) return word(chunk, start, glued);
  return undefined;
}

function isLiteralName(name: string): boolean {
  return (
    /^(properties\.|outboundvnetrouting|vnet\w+enabled$|website_)/i.test(name) || /^[a-z]+Traffic$/.test(name)
  );
}

function readPlainMention(chunk: string, start: number, glued: boolean): Token {
  const name = chunk.slice(1).toLowerCase();
  const everyone = /^(channel|here|everyone|all|team)$/.test(name);
  const bot = /^(route-?)?bot$/.test(name);
  if (bot) return { ...word("routebot", start, glued), text: chunk, end: start + chunk.length };
  const kind = everyone ? "broadcast" : /^[\w.-]+$/.test(name) ? "mention" : "junk";
  return make(kind, chunk, start, start + chunk.length, glued);
}

const wordShape = /^[\p{L}\p{N}_.'@#&+/-]+$/u;

function word(text: string, start: number, glued: boolean): Token {
  const plain = lettersOnly.test(text) || wordShape.test(text);
  const token = make(plain ? "word" : "junk", text, start, start + text.length, glued);
  if (token.kind === "junk") return token;
  const known = entryOf(token.lower);
  if (known !== undefined) {
    token.entry = known;
    token.roles = known.roles;
    return token;
  }
  const owner = /^(.+?)(?:'s|s'|')$/i.exec(text);
  if (owner !== null) {
    const name = text.endsWith("s'") ? text.slice(0, -1) : (owner[1] ?? "");
    const owned = word(name, start, glued);
    return { ...owned, possessive: true, end: start + text.length };
  }
  const corrected = /^[a-z']+$/i.test(text) ? correctionOf(token.lower) : undefined;
  if (corrected === undefined) return token;
  const entry = entryOf(corrected);
  return entry === undefined
    ? { ...token, lower: corrected, corrected: true }
    : { ...token, lower: corrected, corrected: true, entry, roles: entry.roles };
}

/** "get rid of" is a verb, though it has three words. */
function idiomEntry(roles: ReadonlySet<Role>): Entry {
  const verb = roles.has("offVerb")
    ? entryOf("remove")?.verb
    : roles.has("onVerb")
      ? entryOf("apply")?.verb
      : undefined;
  return verb === undefined ? { roles } : { roles, verb };
}

/** "tirn on", "trun off": too short to be put right by itself, but before "on" or "off" nothing else is written so. */
function switchSlip(tokens: readonly Token[], index: number): Token | undefined {
  const token = tokens[index];
  if (token?.kind !== "word" || token.entry !== undefined || token.text.length > 5) return undefined;
  if (!/^(?:t\w?r\w?n|t\wrn|tu\w?n|tur\w|sw\w?t\w?h|fl\wp)$/i.test(token.text)) return undefined;
  const before = tokens[index - 1];
  if (before !== undefined && before.kind === "word" && before.roles.size === 0) return undefined;
  if (
    !hasAny(tokens[index + 1], ["on", "off"]) ||
    isWord(before, "for", "of", "on", "in", "to", "and", "app")
  )
    return undefined;
  const entry = entryOf("turn");
  return entry === undefined
    ? undefined
    : { ...token, lower: "turn", corrected: true, entry, roles: entry.roles };
}

function joinIdioms(tokens: readonly Token[]): Token[] {
  const wordAt = (index: number) => {
    const token = tokens[index];
    return token === undefined || token.kind !== "word" || token.possessive ? undefined : token.lower;
  };
  const joined: Token[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) continue;
    const switched = switchSlip(tokens, index);
    if (switched !== undefined) {
      joined.push(switched);
      continue;
    }
    const idiom = idiomAt(wordAt, index);
    const last = idiom === undefined ? undefined : tokens[index + idiom.length - 1];
    if (idiom === undefined || last === undefined || idiom.length < 2) {
      joined.push(token);
      continue;
    }
    const parts = tokens.slice(index, index + idiom.length);
    joined.push({
      ...token,
      text: parts.map((part) => part.text).join(" "),
      lower: parts.map((part) => part.lower).join(" "),
      end: last.end,
      roles: idiom.roles,
      entry: idiomEntry(idiom.roles),
      corrected: parts.some((part) => part.corrected),
    });
    index += idiom.length - 1;
  }
  return joined;
}
