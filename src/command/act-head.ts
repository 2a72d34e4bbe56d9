import type { TypedChangeId } from "../domain/command.ts";
import type { ActVerb } from "./lexicon.ts";
import { readDuration } from "./read-limits.ts";
import type { Frame } from "./request.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

export type Tokens = readonly Token[];

export type Sentence = { tokens: Tokens; text: string; question: boolean };

/** What is done to a change request or a freeze; to withdraw is to take one's own approval back. */
export type Act = ActVerb | "withdraw";

/** Says where an act verb was found and what is left to read. */
export type Head = { act: Act; end: number; frame: Frame; id?: TypedChangeId; spread?: "back" };

export function skipNoise(tokens: Tokens, from: number): number {
  let index = from;
  while (index < tokens.length) {
    const token = tokens[index];
    const noise =
      token?.kind === "comma" ||
      token?.kind === "dash" ||
      token?.kind === "colon" ||
      token?.kind === "mention" ||
      token?.kind === "code" ||
      token?.kind === "fence" ||
      token?.kind === "bullet";
    if (isWord(token, "back") && isWord(tokens[index + 1], "out")) break;
    if (!noise && !hasAny(token, ["polite", "filler"])) break;
    index++;
  }
  return index;
}

/** Reads the id of a change request: "CR-3", "cr 3", "change request #3". */
export function readChangeId(tokens: Tokens, from: number): { id: TypedChangeId; end: number } | undefined {
  let index = from;
  while (
    hasAny(tokens[index], ["determiner", "temporarily"]) ||
    isWord(
      tokens[index],
      "change",
      "request",
      "requests",
      "cr",
      "number",
      "no",
      "id",
      "changes",
      "open",
      "pending",
      "my request",
      "my requests",
    ) ||
    tokens[index]?.kind === "colon" ||
    tokens[index]?.kind === "quote" ||
    tokens[index]?.kind === "code"
  )
    index++;
  const token = tokens[index];
  let end = index + 1;
  while (tokens[end]?.kind === "quote" || tokens[end]?.kind === "code") end++;
  if (token?.kind === "change") return { id: `CR-${Number(token.text.slice(3))}`, end };
  const named =
    index > from && tokens.slice(from, index).some((word) => isWord(word, "cr", "change", "request"));
  const digits = /^#?(\d{1,9})$/.exec(token?.text ?? "")?.[1];
  return named && digits !== undefined ? { id: `CR-${Number(digits)}`, end } : undefined;
}

export function readHead(tokens: Tokens): Head | undefined {
  let index = skipNoise(tokens, 0);
  let frame: Frame = "plain";
  for (const role of ["ask", "want", "lets", "makeSure"] as const) {
    if (!has(tokens[index], role)) continue;
    frame = role;
    index = skipNoise(tokens, index + 1);
  }
  // "Regarding CR-12, please cancel."
  if (
    isWord(tokens[index], "about", "regarding", "concerning", "re", "for", "on") &&
    readChangeId(tokens, index + 1)?.end === index + 2
  )
    index++;
  const first = readChangeId(tokens, index);
  const bareId = tokens[index]?.kind === "change" && first !== undefined;
  const at = bareId && first !== undefined ? skipPraise(tokens, first.end) : index;
  const verb = readWithdrawal(tokens, at) ?? readActVerb(tokens, isWord(tokens[at], "do") ? at + 1 : at);
  if (verb === undefined) return undefined;
  return { ...verb, frame, ...(bareId && first !== undefined ? { id: first.id } : {}) };
}

/** "CR-12 is fine by me, approve": praise between the request and what to do with it. */
function skipPraise(tokens: Tokens, from: number): number {
  const index = skipNoise(tokens, from);
  if (!isWord(tokens[index], "is", "looks", "seems", "sounds", "it's", "its")) return index;
  let end = index + 1;
  while (
    hasAny(tokens[end], ["polite", "filler"]) ||
    isWord(tokens[end], "by", "for", "from", "with", "to", "me", "us", "good")
  )
    end++;
  const sign = tokens[end]?.kind;
  return end > index + 1 && (sign === "comma" || sign === "dash") ? skipNoise(tokens, end) : index;
}

function readActVerb(tokens: Tokens, at: number): Pick<Head, "act" | "end" | "spread"> | undefined {
  const token = tokens[at];
  if (token === undefined || token.possessive) return undefined;
  const freeze = readFreezeNoun(tokens, at);
  if (freeze !== undefined) return freeze;
  if (token.entry?.act?.form === "base") {
    // "approve of CR-12".
    if (token.entry.act.act === "approve" && isWord(tokens[at + 1], "of"))
      return { act: "approve", end: at + 2 };
    const back = isWord(tokens[at + 1], "back");
    return { act: token.entry.act.act, end: back ? at + 2 : at + 1 };
  }
  if (isWord(token, "make", "do", "perform", "execute", "start")) {
    const noun = has(tokens[at + 1], "determiner") ? at + 2 : at + 1;
    const undone = tokens[noun]?.entry?.act;
    if (undone?.act === "undo" && undone.form === "base")
      return { act: "undo", end: isWord(tokens[noun + 1], "of", "for", "on") ? noun + 2 : noun + 1 };
  }
  if (isWord(token, "roll") && isWord(tokens[at + 1], "back")) return { act: "undo", end: at + 2 };
  if (isWord(token, "back") && isWord(tokens[at + 1], "out")) return { act: "undo", end: at + 2 };
  if (isWord(token, "call") && isWord(tokens[at + 1], "off")) return { act: "cancel", end: at + 2 };
  if (isWord(token, "roll", "put", "take")) {
    const back = tokens.findIndex(
      (word, index) => index > at + 1 && index <= at + 12 && isWord(word, "back"),
    );
    const traffic = tokens.slice(at, back).some((word) => hasAny(word, ["traffic", "vnet", "public"]));
    const after = tokens[back + 1];
    const ends =
      after === undefined ||
      after.kind !== "word" ||
      hasAny(after, ["polite", "filler", "reason"]) ||
      isWord(after, "the", "as", "to", "how");
    if (back > 0 && !traffic && ends && !hasAny(tokens[back + 2], ["vnet", "public"]))
      return { act: "undo", end: at + 1, spread: "back" };
  }
  // "stop the temporary change CR-12".
  if (
    isWord(token, "stop") &&
    tokens.slice(at + 1, at + 3).some((next) => has(next, "temporarily")) &&
    readChangeId(tokens, at + 1) !== undefined
  )
    return { act: "end", end: at + 1 };
  // "CR-12 needs another hour".
  if (isWord(token, "needs", "need") && tokens[at - 1]?.kind === "change" && asksForMore(tokens, at + 1))
    return { act: "extend", end: at + 1 };
  if (isWord(token, "give", "keep") && readChangeId(tokens, at + 1) !== undefined)
    return { act: "extend", end: at + 1 };
  return undefined;
}

/** "another hour", "2 more hours", and nothing behind it. */
function asksForMore(tokens: Tokens, from: number): boolean {
  const duration = readDuration(tokens, from);
  if (duration?.iso === undefined) return false;
  const said = tokens.slice(from, duration.end);
  const more = said.some((token) => isWord(token, "another", "more", "extra", "additional", "further"));
  return more && tokens.slice(duration.end).every((token) => hasAny(token, ["polite", "filler"]));
}

/** "withdraw my approval of CR-3", "I take my approval of CR-3 back", "unapprove CR-3": of one's own approval alone. */
function readWithdrawal(tokens: Tokens, from: number): Pick<Head, "act" | "end"> | undefined {
  let index = from;
  if (isWord(tokens[index], "i")) index = skipNoise(tokens, index + 1);
  const verb = tokens[index];
  if (/^un-?approve$/i.test(verb?.text ?? "")) return { act: "withdraw", end: index + 1 };
  const takes = isWord(verb, "withdraw", "retract", "revoke", "rescind");
  if (!takes && !isWord(verb, "take", "pull", "remove", "cancel", "undo", "revert")) return undefined;
  index++;
  const back = isWord(tokens[index], "back");
  if (back) index++;
  const mine = isWord(tokens[index], "my");
  if (mine || (takes && isWord(tokens[index], "the"))) index++;
  const own = mine || takes;
  if (!own || !isWord(tokens[index], "approval", "vote", "sign-off", "signoff", "consent")) return undefined;
  index++;
  if (isWord(tokens[index], "of", "for", "on", "from", "to")) index++;
  // What is only taken or pulled has to come back.
  const comes = back || !isWord(verb, "take", "pull") || tokens.some((token) => isWord(token, "back"));
  return comes ? { act: "withdraw", end: index } : undefined;
}

/** "start a freeze", "lift the freeze". */
function readFreezeNoun(tokens: Tokens, at: number): Pick<Head, "act" | "end"> | undefined {
  const opens = isWord(
    tokens[at],
    "start",
    "begin",
    "declare",
    "impose",
    "put",
    "set",
    "enable",
    "activate",
    "add",
    "set up",
  );
  const lifts = isWord(
    tokens[at],
    "lift",
    "end",
    "stop",
    "remove",
    "release",
    "cancel",
    "finish",
    "terminate",
    "drop",
    "disable",
    "clear",
    "deactivate",
  );
  if (!opens && !lifts) return undefined;
  let index = at + 1;
  while (
    has(tokens[index], "determiner") ||
    isWord(tokens[index], "change", "deployment", "deploy", "up", "in", "current", "code", "all")
  )
    index++;
  if (!isWord(tokens[index], "freeze", "freezes", "freezing")) return undefined;
  return { act: opens ? "freeze" : "unfreeze", end: index + 1 };
}
