import type { ClarifyCommand, ParsedCommand, PartialRequest } from "../domain/command.ts";
import type { Sentence } from "./split-sentences.ts";
import { type Wish, wishText } from "./suggest.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

/**
 * What is suggested when something is asked back is copied in a hurry. So it never is the opposite of what may have been
 * meant, never more than that, and says what the language has instead: several names for "all but one", a length of time
 * for "until". A question about freezes is answered, and not with how to make one.
 */
export function suggestWhatIsMeant(parsed: ParsedCommand, sentences: readonly Sentence[]): ParsedCommand {
  const { command } = parsed;
  if (command.kind !== "clarify") return parsed;
  const tokens = sentences.flatMap((sentence) => sentence.tokens);
  if (asksOfFreeze(tokens, command)) return { ...parsed, command: { kind: "help", topic: "freeze" } };
  const { partial } = command;
  if (partial === undefined) return parsed;
  const mended = { ...command, ...mend(command, { tokens, partial }) };
  const isUrgent = tokens.some((token) => has(token, "breakGlass"));
  const urgent = mended.suggestions.map((text) =>
    isUrgent && /^(?:route|stop|enable|disable)\b/.test(text) ? `break glass: ${text}` : text,
  );
  return { ...parsed, command: { ...mended, suggestions: urgent } };
}

type Told = { readonly tokens: readonly Token[]; readonly partial: PartialRequest };
type Mended = Partial<Pick<ClarifyCommand, "question" | "suggestions">>;

function mend({ code }: ClarifyCommand, { tokens, partial }: Told): Mended {
  const { set = {}, targets = [] } = partial;
  const wish: Wish = { set, targets };
  switch (code) {
    case "condition":
    case "negation": {
      if (
        tokens.some(
          (token, at) =>
            leavesOut(token) && namesBefore(tokens.slice(0, at), targets) && at < tokens.length - 1,
        )
      )
        return leftOut(wish);
      if (!tokens.some((token) => isWord(token, "until", "till", "til")) || targets.length === 0) return {};
      const text = wishText(wish);
      return {
        question: 'I cannot wait for a time of day. Say for how long, such as "for 2 hours".',
        suggestions: [`${text} for 2 hours`, text],
      };
    }
    case "missing-flag":
      if (partial.enable !== false || Object.keys(set).length > 0) return {};
      return { suggestions: [wishText({ set: { applicationTraffic: false }, targets })] };
    case "unplaced-words": {
      const flags = Object.keys(set);
      const isOn = flags.length > 0 && Object.values(set).every((on) => on);
      if (!isOn || !tokens.some(mayTurnOff)) return {};
      const off = Object.fromEntries(flags.map((flag) => [flag, false]));
      return { suggestions: [wishText({ set: off, targets }), wishText(wish)] };
    }
    default:
      return {};
  }
}

/** What was left out must not be in what is suggested. */
function leftOut(wish: Wish): Mended {
  const [first] = wish.targets;
  const all = first === undefined || first.all === true;
  return {
    question:
      "I cannot leave something out of what is asked for. Please name each app that should be changed.",
    suggestions: [wishText({ ...wish, targets: all ? [{ name: "app-a" }, { name: "app-b" }] : [first] })],
  };
}

function namesBefore(tokens: readonly Token[], [first]: Wish["targets"]): boolean {
  if (first?.all === true) return tokens.some((token) => has(token, "all"));
  return tokens.some(({ text }) => text === first?.name);
}

function leavesOut(token: Token): boolean {
  return isWord(
    token,
    ...["except", "excluding", "excl", "besides", "apart", "minus", "bar", "barring", "but not"],
    ...["apart from", "other than", "aside from", "with the exception of", "without", "instead of", "not"],
  );
}

/** A word that could not be placed, or stands where it has no place, and may have been to turn something off. */
function mayTurnOff(token: Token): boolean {
  if (hasAny(token, ["off"]) || token.entry?.act?.act === "undo") return true;
  const isForeign = token.kind === "word" && token.entry === undefined;
  return isForeign && /^(?:aus|ab|out|di[as].*|de[sa].*|un.*|u?rn)$/.test(token.lower);
}

/** "is there a freeze?", "why is it frozen": what is so, and no wish to have one. */
function asksOfFreeze(tokens: readonly Token[], { code }: ClarifyCommand): boolean {
  if (code !== "doubt" && code !== "not-a-request") return false;
  const freezes = tokens.some(({ entry }) => entry?.act?.act === "freeze" || entry?.act?.act === "unfreeze");
  const [first] = tokens;
  const asks =
    has(first, "be") || isWord(first, "why", "any", "when", "who", "what", "which", "what's", "whats");
  return freezes && asks;
}
