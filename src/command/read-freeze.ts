import type { TargetReference } from "../domain/command.ts";
import { skipNoise, type Tokens } from "./act-head.ts";
import { type ActReading, type ActRequest, done, readTail, refuse } from "./act-tail.ts";
import { isSign } from "./read-field.ts";
import { looksLikeGroup, readScopes } from "./read-scope.ts";
import { readTargets } from "./read-targets.ts";
import { has, hasAny, isWord } from "./token.ts";

export function readFreeze(request: ActRequest, act: "freeze" | "unfreeze"): ActReading {
  const { tokens } = request.sentence;
  let index = skipNoise(tokens, request.head.end);
  let scoped = false;
  for (;;) {
    const token = tokens[index];
    const next = tokens[index + 1];
    const whole =
      hasAny(token, ["all"]) &&
      (next === undefined ||
        isSign(next) ||
        next.kind === "colon" ||
        hasAny(next, ["polite", "filler", "reason"]) ||
        isWord(next, "changes", "change", "requests", "routing", "the", "our", "future", "new") ||
        isWord(next, "on", "for", "of", "to", "in", "at"));
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
    if (lone.ambiguous === true) return refuse(request, "ambiguous-target");
    targets = [
      {
        all: true,
        ...(lone.resourceGroup === undefined ? {} : { resourceGroup: lone.resourceGroup }),
        ...(lone.subscription === undefined ? {} : { subscription: lone.subscription }),
      },
    ];
    end = lone.end;
  } else if (phrase !== undefined && !hasAny(tokens[index], ["polite", "filler", "reason"])) {
    if (phrase.pointsBack === true) return refuse(request, "missing-target");
    const everything =
      phrase.issue === "missing-target" && phrase.targets.length === 1 && phrase.targets[0]?.all === true;
    if (phrase.issue !== undefined && !everything) return refuse(request, phrase.issue);
    if (!everything) targets = phrase.targets;
    end = phrase.end;
  } else if (scoped) return refuse(request, "missing-target");
  // "freeze everything, rg-shop": all of it, or only what is in there?
  const aside = isSign(tokens[end]) || tokens[end]?.kind === "colon" ? end + 1 : end;
  if (looksLikeGroup(tokens[aside]) || (aside > end && readScopes(tokens, aside).end > aside))
    return refuse(request, "ambiguous-target");
  const tail = readTail(request, end, true);
  if ("issue" in tail || "command" in tail) return tail;
  return done(request, {
    kind: act,
    ...(targets === undefined ? {} : { targets }),
    ...(tail.reason === undefined || tail.reason === "" ? {} : { reason: tail.reason }),
  });
}

function readLoneGroup(tokens: Tokens, index: number): ReturnType<typeof readScopes> | undefined {
  const token = tokens[index];
  if (token?.kind !== "word" || token.entry !== undefined || !/^rg[-_.\d]/i.test(token.text))
    return undefined;
  const rest = readScopes(tokens, index + 1);
  return { ...rest, resourceGroup: token.text };
}
