import type { TargetReference, TypedChangeId } from "../domain/command.ts";
import { readChangeId, readHead, type Sentence, skipNoise } from "./act-head.ts";
import { type ActReading, type ActRequest, blockedBy, done, readTail, refuse } from "./act-tail.ts";
import { regrets } from "./explanation-words.ts";
import { isContext, isLabel } from "./judge-context.ts";
import { isExplanation } from "./judge-explanation.ts";
import { readFreeze } from "./read-freeze.ts";
import { readDuration } from "./read-limits.ts";
import { readTargets } from "./read-targets.ts";
import { has, hasAny, isWord } from "./token.ts";

/** Reads "approve CR-3", "roll back app-x", "freeze changes in rg-x". `undefined`: the sentence is about something else. */
export function readAct(sentence: Sentence): ActReading | undefined {
  const head = readHead(sentence.tokens);
  return head === undefined ? readAfterContext(sentence) : readActRequest({ sentence, head });
}

/** "The release is over, please unfreeze rg-x": what went before only tells. */
function readAfterContext(sentence: Sentence): ActReading | undefined {
  const { tokens } = sentence;
  if (!tokens.some((token) => token.entry?.act?.form === "base")) return undefined;
  let tries = 0;
  for (const [index, token] of tokens.entries()) {
    const labelled = token.kind === "colon" && isLabel(tokens.slice(0, index));
    const sign =
      labelled ||
      token.kind === "comma" ||
      token.kind === "dash" ||
      isWord(token, "so", "hence", "therefore");
    if (!sign || index === 0 || ++tries > 3) continue;
    const rest = { ...sentence, tokens: tokens.slice(index + 1) };
    const head = readHead(rest.tokens);
    if (head === undefined) continue;
    if (labelled) return readActRequest({ sentence: rest, head });
    const told = { tokens: tokens.slice(0, index), question: false, courteous: false };
    return isContext(told, true) ? readActRequest({ sentence: rest, head }) : undefined;
  }
  return undefined;
}

function readActRequest(request: ActRequest): ActReading {
  const { act } = request.head;
  const framed = blockedByFrame(request);
  if (framed !== undefined) return framed;
  if (act === "freeze" || act === "unfreeze") return readFreeze(request, act);
  if (act === "undo") return readUndo(request);
  return readById(request, act);
}

function blockedByFrame(request: ActRequest): ActReading | undefined {
  const { act, frame } = request.head;
  const { tokens, question } = request.sentence;
  const decides = act === "approve" || act === "reject";
  if (frame === "makeSure" || (decides && frame !== "plain")) return refuse(request, "not-a-request");
  if (question && frame !== "ask") return refuse(request, "doubt");
  const people = tokens.filter(
    (token, index) =>
      token.kind === "mention" &&
      (token.text.startsWith("@") ||
        tokens.slice(0, index).some((other) => other.kind === "mention" || other.kind === "word")),
  );
  if (people.length > 0) return refuse(request, "not-a-request");
  return undefined;
}

function readById(
  request: ActRequest,
  act: "approve" | "reject" | "cancel" | "extend" | "end" | "withdraw",
): ActReading {
  const { tokens } = request.sentence;
  const { head } = request;
  const named =
    head.id === undefined
      ? readChangeId(tokens, skipNoise(tokens, skipIt(tokens, skipNoise(tokens, head.end))))
      : { id: head.id, end: head.end };
  if (named === undefined) {
    const blocked = tokens.slice(head.end).find((token) => hasAny(token, ["negation", "takeBack", "doubt"]));
    return blocked === undefined ? refuse(request, "missing-change") : blockedBy(request, blocked);
  }
  if (act === "extend") return readExtend(request, named.id, named.end);
  // "take my approval of CR-3 back".
  const back = act === "withdraw" && isWord(tokens[named.end], "back") ? 1 : 0;
  const tail = readTail(request, named.end + back, true);
  if ("issue" in tail || "command" in tail) return tail;
  const reason = tail.reason === undefined || tail.reason === "" ? {} : { reason: tail.reason };
  if (act === "approve" || act === "reject")
    return done(request, { kind: "decision", decision: act, changeId: named.id, ...reason });
  return done(request, { kind: act, changeId: named.id, ...reason });
}

/** "approve it: CR-12": the pronoun only goes before the number. */
function skipIt(tokens: ActRequest["sentence"]["tokens"], from: number): number {
  if (!isWord(tokens[from], "it", "this", "that", "this one", "that one")) return from;
  const next = skipNoise(tokens, from + 1);
  const sign = tokens
    .slice(from + 1, next)
    .some(({ kind }) => kind === "comma" || kind === "colon" || kind === "dash");
  return sign && tokens[next]?.kind === "change" ? next : from;
}

function readExtend(request: ActRequest, changeId: TypedChangeId, from: number): ActReading {
  const { tokens } = request.sentence;
  let index = from;
  while (
    isWord(
      tokens[index],
      "+",
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
  if (index > from && isWord(tokens[index - 1], "in")) return refuse(request, "scheduling");
  const duration = readDuration(tokens, index);
  if (duration?.iso === undefined) {
    const token = tokens[index];
    return token === undefined ||
      duration !== undefined ||
      hasAny(token, ["polite"]) ||
      isWord(token, "to", "more")
      ? refuse(request, "missing-duration")
      : blockedBy(request, token);
  }
  let end = duration.end;
  while (isWord(tokens[end], "more", "longer", "extra")) end++;
  const tail = readTail(request, end, true);
  if ("issue" in tail || "command" in tail) return tail;
  const reason = tail.reason === undefined || tail.reason === "" ? {} : { reason: tail.reason };
  return done(request, { kind: "extend", changeId, revertAfter: duration.iso, ...reason });
}

function readUndo(request: ActRequest): ActReading {
  const { tokens } = request.sentence;
  const { head } = request;
  let index = skipNoise(tokens, head.end);
  // "roll that back: CR-12".
  if (head.spread !== undefined && hasAny(tokens[index], ["pronoun"]) && isWord(tokens[index + 1], "back"))
    index = skipNoise(tokens, index + 2);
  if (head.id !== undefined) return finishUndo(request, { changeId: head.id }, index);
  const change = readChangeId(tokens, index);
  if (change !== undefined) return finishUndo(request, { changeId: change.id }, change.end);
  const about =
    /^(change|changes|last change|latest change|recent change|previous change|last changes|update|modification|edit|everything|last|routing|setting|settings|work)$/;
  // "undo what was done to app-x".
  if (
    isWord(tokens[index], "what", "whatever") &&
    ((isWord(tokens[index + 1], "was") && isWord(tokens[index + 2], "done", "changed")) ||
      (isWord(tokens[index + 1], "you", "u", "i", "we", "routebot") &&
        isWord(tokens[index + 2], "did", "changed", "do")))
  )
    index += 3;
  while (
    has(tokens[index], "determiner") ||
    about.test(tokens[index]?.lower ?? "") ||
    isWord(tokens[index], "on", "for", "of", "to", "at", "made", "in", "done")
  ) {
    if (isWord(tokens[index], "changes", "last changes", "everything", "settings"))
      return refuse(request, "missing-change", tokens[index]?.text);
    index++;
  }
  const led = index > head.end || head.spread === undefined;
  const state = tokens.findIndex(
    (token, at) => at > index && leadsToState(tokens, at) && !isWord(token, "for"),
  );
  const phrase = readTargets(state < 0 ? tokens : tokens.slice(0, state), { from: index, led });
  if (phrase === undefined) {
    const token = tokens[index];
    return token === undefined || token.kind !== "word" || has(token, "polite")
      ? refuse(request, "missing-change")
      : hasAny(token, ["pronoun"])
        ? refuse(request, "missing-change")
        : blockedBy(request, token);
  }
  if (phrase.pointsBack === true) return refuse(request, "missing-change");
  if (phrase.issue !== undefined) return refuse(request, phrase.issue);
  return finishUndo(request, { targets: phrase.targets }, phrase.end);
}

/** "to its previous settings", "to the state before". */
function leadsToState(tokens: ActRequest["sentence"]["tokens"], from: number): boolean {
  let index = from + 1;
  if (!isWord(tokens[from], "to")) return false;
  while (has(tokens[index], "determiner")) index++;
  return /^(?:previous|old|original|former|prior|earlier|last|initial|state|how|what|where|before)\b/.test(
    tokens[index]?.lower ?? "",
  );
}

function finishUndo(
  request: ActRequest,
  what: { changeId: TypedChangeId } | { targets: TargetReference[] },
  from: number,
): ActReading {
  const { tokens } = request.sentence;
  let index = from;
  if (isWord(tokens[index], "back")) index++;
  const before =
    /^(to|the|its|as|how|way|it|was|were|what|before|had|been|previous|old|former|initial|state|states|(?:previous |current )?(?:state|settings?|routing|values?)|prior|earlier|original|configuration|config|where|before that|like|in)$/;
  const start = index;
  const explained = !isWord(tokens[start], "to") && isExplanation(tokens.slice(start), regrets);
  while (
    !explained &&
    (before.test(tokens[index]?.lower ?? "") || isWord(tokens[index], "previously", "earlier"))
  )
    index++;
  if (isWord(tokens[start], "before") || isWord(tokens[start], "was")) index = start;
  const tail = readTail(request, index, true);
  if ("issue" in tail || "command" in tail) return tail;
  return done(request, {
    kind: "undo",
    ...what,
    ...(tail.reason === undefined || tail.reason === "" ? {} : { reason: tail.reason }),
  });
}
