import type { ClarifyCode } from "../domain/command.ts";
import { type Action, emptyAction, type RequestDraft } from "./request.ts";
import type { Token } from "./token.ts";

/** What the last piece was: "on" after "turn" is another word than "on" after "image pull". */
export type Piece = "start" | "verb" | "flag" | "target" | "via" | "join" | "particle" | "other";

/** Reading of one sentence, piece by piece; each step takes tokens and says what it took them for. */
export type Reader = {
  readonly tokens: readonly Token[];
  readonly text: string;
  /** Somebody greets or thanks in another sentence: "would you ...?" asks for something then. */
  readonly courteous: boolean;
  readonly draft: RequestDraft;
  index: number;
  last: Piece;
  /** The action that is being read; a verb after "and" starts the next. */
  action?: Action;
  /** "for", "on": what led to the first site. */
  lead?: string;
  /** A comma, "and" or the like was passed since the last piece. */
  joined: boolean;
};

/** Notes which words were taken for what. */
export function note(reader: Reader, end: number, meaning: string): void {
  const first = reader.tokens[reader.index];
  const last = reader.tokens[end - 1];
  if (first === undefined || last === undefined) return;
  reader.draft.explanation.push({ words: reader.text.slice(first.start, last.end), meaning });
}

export function take(reader: Reader, end: number, piece: Piece): void {
  reader.index = end;
  reader.last = piece;
  reader.joined = piece === "join";
}

export function raise(reader: Reader, code: ClarifyCode, end = reader.index + 1): void {
  const first = reader.tokens[reader.index];
  const last = reader.tokens[Math.max(reader.index, end - 1)];
  const words = first === undefined || last === undefined ? "" : reader.text.slice(first.start, last.end);
  reader.draft.issues.push({ code, words });
}

/** The action to which a flag, direction or via belongs; without a verb there is one all the same. */
export function currentAction(reader: Reader): Action {
  if (reader.action === undefined) {
    reader.action = emptyAction();
    reader.draft.actions.push(reader.action);
  }
  return reader.action;
}
