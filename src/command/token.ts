import type { Role } from "./lexicon.ts";
import type { Entry } from "./lexicon-index.ts";

/** What a token is before any grammar. Only a `word` can have roles. */
export type TokenKind =
  | "word"
  | "number"
  | "time"
  | "change"
  | "assignment"
  | "host"
  | "arm"
  | "mention"
  | "broadcast"
  | "junk"
  | "comma"
  | "stop"
  | "line"
  | "colon"
  | "dash"
  | "open"
  | "close"
  | "quote"
  | "slash"
  | "equals"
  | "bullet"
  | "code"
  | "fence";

export type Token = {
  kind: TokenKind;
  /** As typed. */
  text: string;
  /** Lower case, slips in the language's own words put right. */
  lower: string;
  /** Offsets in the normalised text. */
  start: number;
  end: number;
  roles: ReadonlySet<Role>;
  entry?: Entry;
  /** "app-x's". */
  possessive: boolean;
  /** Only put right: the typed word is not in the lexicon. */
  corrected: boolean;
  /** No white space before it. */
  glued: boolean;
};

/** Whether a token can be this in a sentence. */
export function has(token: Token | undefined, role: Role): boolean {
  return token?.roles.has(role) ?? false;
}

/** Whether a token is one of a longer list of words. */
export function isOneOf(token: Token | undefined, words: ReadonlySet<string>): boolean {
  return token?.kind === "word" && words.has(token.lower);
}

/** Whether a token has one of these roles. */
export function hasAny(token: Token | undefined, roles: readonly Role[]): boolean {
  if (token === undefined || token.roles.size === 0) return false;
  for (const role of roles) if (token.roles.has(role)) return true;
  return false;
}

/** Whether a token is one of these words, as typed but for case. */
export function isWord(token: Token | undefined, ...lower: readonly string[]): boolean {
  return token?.kind === "word" && lower.includes(token.lower);
}
