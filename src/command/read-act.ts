import type { ClarifyCode, Command, TargetReference, TypedChangeId } from "../domain/command.ts";
import type { ActVerb, Role } from "./lexicon.ts";
import { readDuration } from "./read-limits.ts";
import { readReason } from "./read-reason.ts";
import { readScopes } from "./read-scope.ts";
import { readTargets } from "./read-targets.ts";
import type { Frame, Issue } from "./request.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

/** What a sentence about a change request or a freeze comes to: a command, or why it is none. */
export type ActReading = { command: Command; words: string } | { issue: Issue; act: ActVerb };

type Tokens = readonly Token[];
type Sentence = { tokens: Tokens; text: string; question: boolean };

/** Says where an act verb was found and what is left to read. */
type Head = { act: ActVerb; end: number; frame: Frame; id?: TypedChangeId; spread?: "back" };

const blocking: readonly [Role, ClarifyCode][] = [
  ["hostile", "hostile"],
  ["negation", "negation"],
  ["doubt", "doubt"],
  ["condition", "condition"],
  ["later", "scheduling"],
  ["past", "not-a-request"],
  ["reported", "not-a-request"],
  ["only", "condition"],
  ["or", "several-requests"],
  ["but", "condition"],
  ["subject", "not-a-request"],
  ["be", "not-a-request"],
];

/** Words that take something back even inside a reason. */
const retracting =
  /^(no wait|never ?mind|nvm|scratch that|forget it|forget that|just kidding|kidding|jk|wait|actually no|actually not|hold on|lol|haha|cancel that|changed my mind|i take that back|on second thought)/;

/** Reads "approve CR-3", "roll back app-x", "freeze changes in rg-x". `undefined`: the sentence is about something else. */
export function readAct(sentence: Sentence): ActReading | undefined {
  const head = readHead(sentence.tokens);
  if (head === undefined) return undefined;
  const reader = new ActReader(sentence, head);
  return reader.read();
}

function skipNoise(tokens: Tokens, from: number): number {
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

function readHead(tokens: Tokens): Head | undefined {
  let index = skipNoise(tokens, 0);
  let frame: Frame = "plain";
  for (const role of ["ask", "want", "lets", "makeSure"] as const) {
    if (!has(tokens[index], role)) continue;
    frame = role;
    index = skipNoise(tokens, index + 1);
  }
  const first = readChangeId(tokens, index);
  const bareId = tokens[index]?.kind === "change" && first !== undefined;
  const at = bareId && first !== undefined ? skipNoise(tokens, first.end) : index;
  const verb = readActVerb(tokens, at);
  if (verb === undefined) return undefined;
  return { ...verb, frame, ...(bareId && first !== undefined ? { id: first.id } : {}) };
}

function readActVerb(tokens: Tokens, at: number): Pick<Head, "act" | "end" | "spread"> | undefined {
  const token = tokens[at];
  if (token === undefined || token.possessive) return undefined;
  const freeze = readFreezeNoun(tokens, at);
  if (freeze !== undefined) return freeze;
  if (token.entry?.act?.form === "base") {
    const back = isWord(tokens[at + 1], "back");
    return { act: token.entry.act.act, end: back ? at + 2 : at + 1 };
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
  if (isWord(token, "give", "keep") && readChangeId(tokens, at + 1) !== undefined)
    return { act: "extend", end: at + 1 };
  return undefined;
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

class ActReader {
  readonly sentence: Sentence;
  readonly head: Head;

  constructor(sentence: Sentence, head: Head) {
    this.sentence = sentence;
    this.head = head;
  }

  read(): ActReading {
    const { act } = this.head;
    const framed = this.blockedByFrame();
    if (framed !== undefined) return framed;
    if (act === "freeze" || act === "unfreeze") return this.readFreeze(act);
    if (act === "undo") return this.readUndo();
    return this.readById(act);
  }

  private refuse(code: ClarifyCode, words = ""): ActReading {
    return { issue: { code, words }, act: this.head.act };
  }

  private done(command: Command): ActReading {
    const last = this.sentence.tokens.at(-1);
    const first = this.sentence.tokens[0];
    return { command, words: this.sentence.text.slice(first?.start ?? 0, last?.end ?? 0) };
  }

  private blockedByFrame(): ActReading | undefined {
    const { act, frame } = this.head;
    const { tokens, question } = this.sentence;
    const decides = act === "approve" || act === "reject";
    if (frame === "makeSure" || (decides && frame !== "plain")) return this.refuse("not-a-request");
    if (question && frame !== "ask") return this.refuse("doubt");
    const people = tokens.filter(
      (token, index) =>
        token.kind === "mention" &&
        index > 0 &&
        tokens.slice(0, index).some((other) => other.kind === "mention" || other.kind === "word"),
    );
    if (people.length > 0) return this.refuse("not-a-request");
    return undefined;
  }

  /** What follows the object: courtesy, a reason, or words that block. */
  private readTail(from: number, freeReason: boolean): { reason?: string } | ActReading {
    const { tokens, text } = this.sentence;
    let index = from;
    let signed = false;
    while (index < tokens.length) {
      const token = tokens[index];
      if (token === undefined) break;
      const reason = readReason({ tokens, from: index, text });
      if (reason !== undefined || (isWord(token, "as", "since") && index + 1 < tokens.length && freeReason)) {
        const retracted = tokens
          .slice(index)
          .find((word) => retracting.test(word.lower) || has(word, "hostile"));
        if (retracted !== undefined) return this.refuse("taken-back", retracted.text);
        return { reason: reason?.reason ?? this.rest(index + 1) };
      }
      if (signed && freeReason && has(token, "filler")) return this.readFreeReason(index);
      if (
        hasAny(token, ["polite", "filler"]) ||
        token.kind === "code" ||
        token.kind === "fence" ||
        token.kind === "close" ||
        isWord(token, "early", "lgtm", "looks", "good")
      )
        index++;
      else if (
        token.kind === "comma" ||
        token.kind === "dash" ||
        token.kind === "colon" ||
        token.kind === "open" ||
        isWord(token, "-")
      ) {
        signed = true;
        index++;
      } else if (signed && freeReason && (token.kind === "word" || token.kind === "quote"))
        return this.readFreeReason(index);
      else return this.blockedBy(token);
    }
    return {};
  }

  private rest(from: number): string {
    const { tokens, text } = this.sentence;
    return text
      .slice(tokens[from]?.start ?? text.length, tokens.at(-1)?.end ?? text.length)
      .replace(/^["']+|["')]+$/g, "")
      .trim();
  }

  private readFreeReason(from: number): { reason: string } | ActReading {
    const rest = this.sentence.tokens.slice(from);
    const strict = this.head.act !== "reject";
    for (const token of rest) {
      if (retracting.test(token.lower) || has(token, "hostile")) return this.refuse("taken-back", token.text);
      const bound = isWord(
        token,
        "if",
        "unless",
        "until",
        "when",
        "once",
        "only",
        "except",
        "or",
        "instead",
        "maybe",
        "not yet",
      );
      if (
        bound ||
        (strict && hasAny(token, ["condition", "but", "doubt", "negation", "only", "or", "later"]))
      )
        return this.refuse("condition", token.text);
      if (
        token.kind === "change" ||
        (token.entry?.act?.form === "base" && token.entry.act.act !== this.head.act)
      )
        return this.refuse("several-requests", token.text);
    }
    return { reason: this.rest(from) };
  }

  private blockedBy(token: Token): ActReading {
    if (retracting.test(token.lower)) return this.refuse("taken-back", token.text);
    const found = blocking.find(([role]) => has(token, role));
    if (has(token, "and") || token.kind === "change") return this.refuse("several-requests", token.text);
    if (token.kind === "time") return this.refuse("scheduling", token.text);
    return this.refuse(found?.[1] ?? (has(token, "takeBack") ? "taken-back" : "unplaced-words"), token.text);
  }

  private readById(act: "approve" | "reject" | "cancel" | "extend" | "end"): ActReading {
    const { tokens } = this.sentence;
    const { head } = this;
    const named =
      head.id === undefined
        ? readChangeId(tokens, skipNoise(tokens, head.end))
        : { id: head.id, end: head.end };
    if (named === undefined) {
      const blocked = tokens
        .slice(head.end)
        .find((token) => hasAny(token, ["negation", "takeBack", "doubt"]));
      return blocked === undefined ? this.refuse("missing-change") : this.blockedBy(blocked);
    }
    if (act === "extend") return this.readExtend(named.id, named.end);
    const tail = this.readTail(named.end, act !== "end");
    if ("issue" in tail || "command" in tail) return tail;
    const reason = tail.reason === undefined || tail.reason === "" ? {} : { reason: tail.reason };
    if (act === "approve" || act === "reject")
      return this.done({ kind: "decision", decision: act, changeId: named.id, ...reason });
    return this.done({ kind: act, changeId: named.id, ...reason });
  }

  private readExtend(changeId: TypedChangeId, from: number): ActReading {
    const { tokens } = this.sentence;
    let index = from;
    while (
      isWord(
        tokens[index],
        "by",
        "for",
        "with",
        "on",
        "up",
        "going",
        "running",
        "active",
        "alive",
        "open",
        "in",
      ) ||
      hasAny(tokens[index], ["filler"]) ||
      tokens[index]?.kind === "comma"
    )
      index++;
    if (index > from && isWord(tokens[index - 1], "in")) return this.refuse("scheduling");
    const duration = readDuration(tokens, index);
    if (duration?.iso === undefined) {
      const token = tokens[index];
      return token === undefined ||
        duration !== undefined ||
        hasAny(token, ["polite"]) ||
        isWord(token, "to", "more")
        ? this.refuse("missing-duration")
        : this.blockedBy(token);
    }
    let end = duration.end;
    while (isWord(tokens[end], "more", "longer", "extra")) end++;
    const tail = this.readTail(end, true);
    if ("issue" in tail || "command" in tail) return tail;
    const reason = tail.reason === undefined || tail.reason === "" ? {} : { reason: tail.reason };
    return this.done({ kind: "extend", changeId, revertAfter: duration.iso, ...reason });
  }

  private readUndo(): ActReading {
    const { tokens } = this.sentence;
    const { head } = this;
    let index = skipNoise(tokens, head.end);
    if (head.id !== undefined) return this.finishUndo({ changeId: head.id }, index);
    const change = readChangeId(tokens, index);
    if (change !== undefined) return this.finishUndo({ changeId: change.id }, change.end);
    const about =
      /^(change|changes|last change|latest change|recent change|previous change|last changes|update|modification|edit|everything|last|routing|setting|settings|work)$/;
    while (
      has(tokens[index], "determiner") ||
      about.test(tokens[index]?.lower ?? "") ||
      isWord(tokens[index], "on", "for", "of", "to", "at", "made", "in", "done")
    ) {
      if (isWord(tokens[index], "changes", "last changes", "everything", "settings"))
        return this.refuse("missing-change", tokens[index]?.text);
      index++;
    }
    const led = index > head.end || head.spread === undefined;
    const phrase = readTargets(tokens, { from: index, led });
    if (phrase === undefined) {
      const token = tokens[index];
      return token === undefined || token.kind !== "word" || has(token, "polite")
        ? this.refuse("missing-change")
        : hasAny(token, ["pronoun"])
          ? this.refuse("missing-change")
          : this.blockedBy(token);
    }
    if (phrase.pointsBack === true) return this.refuse("missing-change");
    if (phrase.issue !== undefined) return this.refuse(phrase.issue);
    return this.finishUndo({ targets: phrase.targets }, phrase.end);
  }

  private finishUndo(
    what: { changeId: TypedChangeId } | { targets: TargetReference[] },
    from: number,
  ): ActReading {
    const { tokens } = this.sentence;
    let index = from;
    if (isWord(tokens[index], "back")) index++;
    const before =
      /^(to|the|as|how|way|it|was|were|what|before|had|been|previous|state|settings|setting|prior|earlier|original|configuration|config|where|before that|like|in)$/;
    const start = index;
    while (before.test(tokens[index]?.lower ?? "") || isWord(tokens[index], "previously", "earlier")) index++;
    if (isWord(tokens[start], "before") || isWord(tokens[start], "was")) index = start;
    const tail = this.readTail(index, true);
    if ("issue" in tail || "command" in tail) return tail;
    return this.done({
      kind: "undo",
      ...what,
      ...(tail.reason === undefined || tail.reason === "" ? {} : { reason: tail.reason }),
    });
  }

  private readFreeze(act: "freeze" | "unfreeze"): ActReading {
    const { tokens } = this.sentence;
    let index = skipNoise(tokens, this.head.end);
    let scoped = false;
    for (;;) {
      const token = tokens[index];
      const whole =
        hasAny(token, ["all"]) &&
        (isWord(tokens[index + 1], "changes", "change", "requests") ||
          isWord(tokens[index + 1], "routing", "the", "our", "future", "new"));
      if (
        whole ||
        isWord(
          token,
          "changes",
          "change",
          "everything",
          "requests",
          "all changes",
          "routing",
          "future",
          "new",
          "work",
        ) ||
        (has(token, "determiner") &&
          (tokens[index + 1] === undefined ||
            isWord(tokens[index + 1], "change", "changes", "routing", "requests", "work")))
      )
        index++;
      else if (
        isWord(token, "on", "for", "of", "to", "in", "at", "from") &&
        index + 1 < tokens.length &&
        tokens[index + 1]?.kind !== "number"
      ) {
        scoped = true;
        const scope = readScopes(tokens, index);
        if (scope.end > index) break;
        index++;
      } else break;
    }
    const direct = readScopes(tokens, index);
    const phrase =
      direct.end > index || index >= tokens.length
        ? undefined
        : readTargets(tokens, { from: index, led: true });
    const lone = direct.end > index ? direct : readLoneGroup(tokens, index);
    let targets: TargetReference[] | undefined;
    let end = index;
    if (lone !== undefined && lone.end > index) {
      if (lone.ambiguous === true) return this.refuse("ambiguous-target");
      targets = [
        {
          all: true,
          ...(lone.resourceGroup === undefined ? {} : { resourceGroup: lone.resourceGroup }),
          ...(lone.subscription === undefined ? {} : { subscription: lone.subscription }),
        },
      ];
      end = lone.end;
    } else if (phrase !== undefined && !hasAny(tokens[index], ["polite", "filler", "reason"])) {
      if (phrase.pointsBack === true) return this.refuse("missing-target");
      const everything =
        phrase.issue === "missing-target" && phrase.targets.length === 1 && phrase.targets[0]?.all === true;
      if (phrase.issue !== undefined && !everything) return this.refuse(phrase.issue);
      if (!everything) targets = phrase.targets;
      end = phrase.end;
    } else if (scoped) return this.refuse("missing-target");
    const tail = this.readTail(end, true);
    if ("issue" in tail || "command" in tail) return tail;
    return this.done({
      kind: act,
      ...(targets === undefined ? {} : { targets }),
      ...(tail.reason === undefined || tail.reason === "" ? {} : { reason: tail.reason }),
    });
  }
}

function readLoneGroup(tokens: Tokens, index: number): ReturnType<typeof readScopes> | undefined {
  const token = tokens[index];
  if (token?.kind !== "word" || token.entry !== undefined || !/^rg[-_.\d]/i.test(token.text))
    return undefined;
  const rest = readScopes(tokens, index + 1);
  return { ...rest, resourceGroup: token.text };
}
