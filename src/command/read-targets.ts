import type { TargetReference } from "../domain/command.ts";
import { looksLikeGroup, readScopes } from "./read-scope.ts";
import { readTarget, scoped } from "./read-site.ts";
import { isUnknownName, type Request, type TargetPhrase, type Tokens } from "./site-name.ts";
import { has, isWord, type Token } from "./token.ts";

/** One or several targets: "app-a, app-b and app-c in rg-x". */
export function readTargets(tokens: Tokens, request: Request): TargetPhrase | undefined {
  const first = readTarget(tokens, request);
  if (first === undefined) return undefined;
  if (first.issue !== undefined || first.pointsBack === true) return first;
  const targets = [...first.targets];
  let phrase: TargetPhrase = { ...first, targets };
  for (;;) {
    const next = readNextInList(tokens, phrase, tokens[request.from - 1]);
    if (next === undefined) break;
    if (next.issue !== undefined || next.pointsBack === true)
      return { ...next, targets, issue: next.issue ?? "ambiguous-target" };
    targets.push(...next.targets);
    phrase = { ...phrase, targets, end: next.end };
    if (first.slotFirst === true) phrase = { ...phrase, issue: "ambiguous-target" };
    else if (
      first.targets[0]?.slot !== undefined &&
      /slots/.test(
        tokens
          .slice(request.from, first.end)
          .map((token) => token.lower)
          .join(" "),
      )
    ) {
      for (const target of targets) target.slot ??= first.targets[0].slot;
    }
  }
  // "app-a and app-b, slot staging": the slot of both, or of the last?
  const span = tokens.slice(request.from, phrase.end);
  const apart = span.some((token, at) => token.kind === "comma" && has(span[at + 1], "slot"));
  if (targets.length > 1 && apart && targets[0]?.slot === undefined && targets.at(-1)?.slot !== undefined)
    return { ...phrase, targets, issue: "ambiguous-target" };
  return { ...phrase, targets: targets.length > 1 ? shareScope(targets) : targets };
}

/** "app-a and app-b in rg-x": the scope at the end is that of all that have none. */
function shareScope(targets: readonly TargetReference[]): TargetReference[] {
  const last = targets.at(-1);
  const { resourceGroup, subscription } = last ?? {};
  if (
    targets
      .slice(0, -1)
      .some(
        (target) =>
          target.resourceGroup !== undefined || target.subscription !== undefined || target.all === true,
      )
  ) {
    return [...targets];
  }
  return targets.map((target) => ({
    ...target,
    ...(resourceGroup === undefined || last?.all === true ? {} : { resourceGroup }),
    ...(subscription === undefined || last?.all === true ? {} : { subscription }),
  }));
}

function readNextInList(
  tokens: Tokens,
  phrase: TargetPhrase,
  lead: Token | undefined,
): TargetPhrase | undefined {
  let index = phrase.end;
  let separated = false;
  while (
    tokens[index]?.kind === "comma" ||
    tokens[index]?.kind === "bullet" ||
    tokens[index]?.kind === "line" ||
    (tokens[index]?.kind === "dash" && tokens[index - 1]?.kind === "line") ||
    (has(tokens[index], "and") && !isWord(tokens[index], "then", "and then"))
  ) {
    separated = true;
    index++;
  }
  if (tokens[index]?.kind === "slash" && tokens[index]?.glued === false) {
    separated = true;
    index++;
  }
  if (!separated) return undefined;
  // "..., the app is shop-web": said of the app, and no further one.
  if (has(tokens[index], "determiner") && has(tokens[index + 1], "app") && isWord(tokens[index + 2], "is"))
    return undefined;
  const added = tokens.slice(phrase.end, index).some((one) => has(one, "and"));
  if (isWord(tokens[index], "also", "for", "on", "of")) {
    if (isWord(tokens[index], "also")) index++;
    // "..., on paper": without "and" the preposition has to be the one of the list.
    const repeated = added || tokens[index]?.lower === lead?.lower || isWord(tokens[index - 1], "also");
    if (isWord(tokens[index], "for", "on", "of") && repeated) index++;
  }
  const previous = phrase.targets.at(-1);
  if (previous?.all === true && previous.resourceGroup !== undefined) {
    const scope = readScopes(tokens, index);
    const alone =
      scope.end > index
        ? scope
        : looksLikeGroup(tokens[index])
          ? { resourceGroup: tokens[index]?.text ?? "", end: index + 1 }
          : undefined;
    if (alone?.resourceGroup !== undefined) return scoped(alone);
  }
  const plainList = previous?.name !== undefined && !/[-\d]/.test(previous.name);
  const token = tokens[index];
  const led = isWord(tokens[index - 1], "for", "on", "of") || (plainList && isUnknownName(token));
  return readTarget(tokens, { from: index, led });
}
