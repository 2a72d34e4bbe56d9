import type { ParsedCommand } from "../domain/command.ts";
import { clarify } from "./clarify.ts";
import { combine, unknown } from "./combine.ts";
import { longestText, type NormalText, normalize } from "./normalize.ts";
import { readFollowUp } from "./read-follow-up.ts";
import { readPasted } from "./read-pasted.ts";
import { readSentence } from "./read-sentence.ts";
import { isSmallTalk, splitSentences } from "./split-sentences.ts";
import { wishText } from "./suggest.ts";
import { tokenize } from "./tokenize.ts";

/** More words, numbers and signs than any request has. */
const mostTokens = 250;

/**
 * Reads a chat message as a command. Pure, synchronous, linear in the length of the text, and never throws: the same
 * text always gives the same command, and the explanation says which words decided it.
 */
export function parseCommand(text: string): ParsedCommand {
  if (text.length > longestText) return tooLong();
  const normal = normalize(text);
  const body = withoutSignature(normal.text.replace(/^\/route-?bot\b/i, "")).trim();
  if (body === "") return unknown(text);
  return readPasted(body) ?? suggestReadable(readMessage({ ...normal, text: body }));
}

/** "... with approval from Bob": not everything that stands where an app may stand can be suggested as one. */
function suggestReadable(parsed: ParsedCommand): ParsedCommand {
  const { command } = parsed;
  if (command.kind !== "clarify" || command.partial?.targets === undefined) return parsed;
  const { set = {}, targets } = command.partial;
  if (targets.length < 2 || command.suggestions.every(isReadable)) return parsed;
  const readable = command.suggestions.filter(isReadable);
  const first = wishText({ set, targets: targets.slice(0, 1) });
  return { ...parsed, command: { ...command, suggestions: readable.length > 0 ? readable : [first] } };
}

function isReadable(text: string): boolean {
  const { kind } = readMessage(normalize(text)).command;
  return kind !== "clarify" && kind !== "unknown";
}

function readMessage(normal: NormalText): ParsedCommand {
  const tokens = tokenize(normal.text);
  if (tokens.length > mostTokens) return tooLong();
  const sentences = splitSentences(tokens);
  if (sentences.length > 0 && sentences.every((sentence) => sentence.tokens.length === 0)) {
    return { command: { kind: "help" }, explanation: [{ words: normal.text, meaning: "question: help" }] };
  }
  const said = sentences.filter((sentence) => sentence.tokens.length > 0);
  const spoken = said.filter((sentence) => !isSmallTalk(sentence.tokens));
  const [only] = spoken;
  const followUp = spoken.length === 1 && only !== undefined ? readFollowUp(only) : undefined;
  if (followUp !== undefined) return followUp;
  const parts = said.map((sentence) => readSentence(sentence, normal.text));
  return combine(parts, sentences, normal);
}

/** What stands below a line with "--" is a signature. */
function withoutSignature(text: string): string {
  const at = text.search(/\n *-- *\n/);
  return at > 0 ? text.slice(0, at) : text;
}

function tooLong(): ParsedCommand {
  return {
    command: clarify({ issue: { code: "too-long", words: "" }, suggestions: ["help"] }),
    explanation: [],
  };
}
