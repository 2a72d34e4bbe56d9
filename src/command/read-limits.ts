import { has, isWord, type Token } from "./token.ts";

type Tokens = readonly Token[];

const numbers: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fortyfive: 45,
  sixty: 60,
  ninety: 90,
};

/** A length of time: ISO 8601 in the unit that was typed, or too vague to be one ("a few hours"). */
export type DurationPhrase = { iso?: string; end: number };

type Part = { amount: number; letter: string; time: boolean };

function unitOf(token: Token | undefined): { letter: string; time: boolean } | undefined {
  if (!has(token, "unit") || token === undefined) return undefined;
  const unit = token.lower;
  if (/^s(ec|$)/.test(unit)) return { letter: "S", time: true };
  if (/^month/.test(unit)) return { letter: "M", time: false };
  if (/^m/.test(unit)) return { letter: "M", time: true };
  if (/^h/.test(unit)) return { letter: "H", time: true };
  if (/^d/.test(unit)) return { letter: "D", time: false };
  return { letter: "W", time: false };
}

/** Reads "2 hours", "half an hour", "1 hour and 30 minutes", "the next 90 minutes". */
export function readDuration(tokens: Tokens, from: number): DurationPhrase | undefined {
  let index = from;
  while (
    isWord(
      tokens[index],
      "the",
      "about",
      "around",
      "next",
      "another",
      "exactly",
      "max",
      "only",
      "just",
      "maximum",
      "roughly",
      "approximately",
      "like",
      "say",
      "further",
      "additional",
      "extra",
      "more",
      "next-up",
    )
  )
    index++;
  const framed =
    isWord(tokens[index], "a", "the", "an") &&
    isWord(tokens[index + 1], "period", "duration", "total", "maximum", "max", "time");
  if (framed) index += isWord(tokens[index + 2], "of") ? 3 : 2;
  if (isWord(tokens[index], "up", "at") && isWord(tokens[index + 1], "to", "most")) index += 2;
  const half = isWord(tokens[index], "half");
  if (half) {
    let at = index + 1;
    if (isWord(tokens[at], "a", "an")) at++;
    const unit = unitOf(tokens[at]);
    if (unit === undefined) return undefined;
    if (unit.letter === "H") return { iso: "PT30M", end: at + 1 };
    return unit.letter === "D" ? { iso: "PT12H", end: at + 1 } : { end: at + 1 };
  }
  const parts: Part[] = [];
  let end = index;
  for (;;) {
    let at = end;
    if (parts.length > 0 && (isWord(tokens[at], "and", "&") || tokens[at]?.kind === "comma")) at++;
    const part = readPart(tokens, at, parts.length === 0 && index > from);
    if (part === undefined) break;
    if (part.vague) return { end: part.end };
    parts.push(part);
    end = part.end;
  }
  if (parts.length === 0) return undefined;
  if (isWord(tokens[end], "max", "maximum", "tops", "total")) end++;
  const iso = format(parts);
  return iso === undefined ? { end } : { iso, end };
}

function readPart(
  tokens: Tokens,
  from: number,
  nextOne: boolean,
): (Part & { end: number; vague: boolean }) | undefined {
  const token = tokens[from];
  const bare = nextOne ? unitOf(token) : undefined;
  if (bare !== undefined) return { amount: 1, ...bare, end: from + 1, vague: false };
  let amount: number | undefined;
  let index = from + 1;
  if (token?.kind === "number") amount = Number(token.text.replace(",", "."));
  else if (token?.kind === "word") amount = numbers[token.lower];
  if (isWord(tokens[index], "more", "full", "additional", "extra", "whole", "further", "other")) index++;
  const vagueWord =
    isWord(token, "couple", "few", "several", "some") || isWord(tokens[index], "couple", "few");
  if (vagueWord) {
    while (isWord(tokens[index], "couple", "few", "of", "more")) index++;
    return unitOf(tokens[index]) === undefined
      ? undefined
      : { amount: 0, letter: "", time: false, end: index + 1, vague: true };
  }
  const half = isHalfMore(tokens, index);
  if (half) index += 3;
  const unit = unitOf(tokens[index]);
  if (amount === undefined || unit === undefined) return undefined;
  // "an hour and a half".
  const after = !half && isHalfMore(tokens, index + 1);
  return {
    amount: half || after ? amount + 0.5 : amount,
    ...unit,
    end: index + (after ? 4 : 1),
    vague: false,
  };
}

/** "and a half". */
function isHalfMore(tokens: Tokens, from: number): boolean {
  return isWord(tokens[from], "and") && isWord(tokens[from + 1], "a") && isWord(tokens[from + 2], "half");
}

function format(parts: readonly Part[]): string | undefined {
  const order = ["W", "D", "H", "M", "S"];
  let date = "";
  let time = "";
  let last = -1;
  for (const { amount, letter, time: inTime } of parts) {
    const place = letter === "M" && !inTime ? -1 : order.indexOf(letter);
    if (place >= 0 && place <= last) return undefined;
    last = place;
    if (amount <= 0 || amount > 100_000) return undefined;
    if (Number.isInteger(amount)) {
      if (inTime) time += `${amount}${letter}`;
      else date += `${amount}${letter}`;
      continue;
    }
    const minutes = letter === "H" ? amount * 60 : letter === "D" ? amount * 24 * 60 : Number.NaN;
    if (!Number.isInteger(minutes)) return undefined;
    if (letter === "D") time += `${minutes / 60}H`;
    else time += `${minutes}M`;
  }
  if (date.includes("W") && (date.length > 2 || time !== "") && !/^\d+W$/.test(date + time)) return undefined;
  return `P${date}${time === "" ? "" : `T${time}`}`;
}

/** How long a change is to hold: "for 2 hours", "temporarily (90 minutes)", "and revert it after 30 minutes". */
export function readHold(tokens: Tokens, from: number): DurationPhrase | undefined {
  let index = from;
  if (tokens[index]?.kind === "open") {
    const inside = readHold(tokens, index + 1);
    const closed = inside !== undefined && tokens[inside.end]?.kind === "close";
    return closed && inside !== undefined ? { ...inside, end: inside.end + 1 } : undefined;
  }
  if (has(tokens[index], "undoLater")) return readDuration(tokens, index + 1) ?? { end: index + 1 };
  if (has(tokens[index], "temporarily")) {
    index++;
    while (tokens[index]?.kind === "open" || tokens[index]?.kind === "comma" || isWord(tokens[index], "for"))
      index++;
    const duration = readDuration(tokens, index);
    if (duration === undefined) return { end: from + 1 };
    return tokens[duration.end]?.kind === "close" ? { ...duration, end: duration.end + 1 } : duration;
  }
  if (isWord(tokens[index], "for", "during", "fr") || isWord(tokens[index], "duration", "lasting")) {
    index++;
    if (tokens[index]?.kind === "colon" || isWord(tokens[index], "of", "is", "for")) index++;
    return readDuration(tokens, index);
  }
  return undefined;
}
