import type { AuditFilter, Command, ExplainedWords, TargetReference } from "../domain/command.ts";
import { type RoutingFlag, routingFlags } from "../domain/routing/routing-flag.ts";
import { clarify } from "./clarify.ts";
import { readChangeId } from "./read-act.ts";
import { literalFlag, readFlag } from "./read-flags.ts";
import { looksLikeGroup, readScopes } from "./read-scope.ts";
import { readTargets } from "./read-targets.ts";
import { checksBox } from "./read-verb.ts";
import { readVia } from "./read-via.ts";
import { has, hasAny, isWord, type Token } from "./token.ts";

type Tokens = readonly Token[];
type Sentence = { tokens: Tokens; text: string; question: boolean };
export type QuestionReading = { command: Command; explanation: ExplainedWords[] };

/** Questions change nothing, so they are read with goodwill: words that say nothing to us are passed over. */
export function readQuestion(sentence: Sentence): QuestionReading | undefined {
  const start = skipCourtesy(sentence.tokens);
  const tokens = sentence.tokens.slice(start);
  if (tokens.length === 0) return undefined;
  const scan = scanAll(tokens);
  const request: QuestionRequest = { ...sentence, tokens, scan };
  const command =
    readHelp(request) ??
    readExplain(request) ??
    readPending(request) ??
    readAudit(request) ??
    readHistory(request) ??
    readStatus(request);
  if (command === undefined) return undefined;
  const first = tokens[0];
  const words = sentence.text.slice(first?.start ?? 0, tokens.at(-1)?.end ?? 0);
  return {
    command: checkTargets(command, scan),
    explanation: [{ words, meaning: `question: ${command.kind}` }],
  };
}

type Scan = {
  targets: TargetReference[];
  flags: RoutingFlag[];
  issue?: "missing-target" | "invalid-target" | "ambiguous-target";
  /** Group-like scope with no app named. */
  scope?: TargetReference;
  legacy: boolean;
  changeId?: ReturnType<typeof readChangeId>;
};
type QuestionRequest = Sentence & { scan: Scan };

function skipCourtesy(tokens: Tokens): number {
  let index = 0;
  while (index < tokens.length) {
    const token = tokens[index];
    const sign =
      token !== undefined &&
      ["comma", "dash", "colon", "mention", "bullet", "code", "fence", "quote", "open", "close"].includes(
        token.kind,
      );
    const courtesy = hasAny(token, ["polite", "filler"]) && !hasAny(token, ["help", "show"]);
    const framing =
      hasAny(token, ["ask", "want", "lets"]) && !hasAny(token, ["show", "help", "doubt", "pending"]);
    if (!sign && !courtesy && !framing) break;
    index++;
  }
  return index;
}

/** Finds sites, flags and change ids wherever they stand. */
function scanAll(tokens: Tokens): Scan {
  const scan: Scan = { targets: [], flags: [], legacy: false };
  let index = 0;
  while (index < tokens.length) {
    const token = tokens[index];
    const before = tokens[index - 1];
    const change = token?.kind === "change" || isWord(token, "cr") ? readChangeId(tokens, index) : undefined;
    if (change !== undefined) {
      scan.changeId ??= change;
      index = change.end;
      continue;
    }
    if (/^website_/i.test(token?.text ?? "") || isWord(token, "legacy")) scan.legacy = true;
    const via = readVia(tokens, index);
    if (via !== undefined) {
      index = via.end;
      continue;
    }
    const shown = hasAny(before, ["show", "statusNoun", "history", "audit"]) || isWord(before, "get");
    const led =
      leadsName(before) || (shown && token?.entry === undefined) || (index === 0 && tokens.length === 1);
    const flag = readFlag(tokens, index, isWord(before, "route", "routing", "routes", "routed"));
    if (
      flag !== undefined &&
      flag.end > index &&
      !(led && flag.end === index + 1 && token?.text.includes("-"))
    ) {
      for (const name of flag.everything === true ? (["allTraffic"] as const) : flag.flags)
        if (!scan.flags.includes(name)) scan.flags.push(name);
      if (flag.appSetting === true) scan.legacy = true;
      index = flag.end;
      continue;
    }
    const group =
      (led || shown || index === 0) &&
      looksLikeGroup(token) &&
      readTargets(tokens, { from: index + 1, led: false }) === undefined;
    const phrase = group ? undefined : readTargets(tokens, { from: index, led });
    if (group) {
      scan.targets.push({ all: true, resourceGroup: token?.text ?? "" });
      index++;
      continue;
    }
    if (phrase !== undefined && phrase.pointsBack !== true && phrase.end > index) {
      if (
        phrase.issue === "missing-target" ||
        phrase.issue === "invalid-target" ||
        phrase.issue === "ambiguous-target"
      )
        scan.issue ??= phrase.issue;
      if (phrase.issue === undefined) scan.targets.push(...phrase.targets);
      index = phrase.end;
      continue;
    }
    const scope = readScopes(tokens, index);
    if (scope.end > index && scope.ambiguous !== true) {
      scan.scope = {
        all: true,
        ...(scope.resourceGroup === undefined ? {} : { resourceGroup: scope.resourceGroup }),
        ...(scope.subscription === undefined ? {} : { subscription: scope.subscription }),
      };
      index = scope.end;
      continue;
    }
    index++;
  }
  if (scan.targets.length === 0) {
    const bare = bareName(tokens);
    if (bare !== undefined) scan.targets.push(bare);
  }
  return scan;
}

function leadsName(token: Token | undefined): boolean {
  if (token === undefined) return false;
  return isWord(token, "for", "of", "on", "about", "to", "with");
}

/** "is shopweb routed?": a word that the language does not know, right after the verb. */
function bareName(tokens: Tokens): TargetReference | undefined {
  const first = tokens[0];
  const second = tokens[1];
  const opens = hasAny(first, ["be", "modal"]) || isWord(first, "who", "what", "how");
  const unknown = (token: Token | undefined) =>
    literalFlag(token?.text ?? "") === undefined &&
    token?.kind === "word" &&
    token.entry === undefined &&
    !token.corrected &&
    /^[a-z0-9][a-z0-9-]*$/i.test(token.text);
  if (
    isWord(first, "what", "how", "who", "where", "when", "why") &&
    hasAny(second, ["be", "modal", "changed"]) &&
    unknown(tokens[2])
  )
    return { name: tokens[2]?.text ?? "" };
  if (opens && unknown(second)) return { name: second?.text ?? "" };
  if (unknown(first) && (tokens.length === 1 || has(second, "statusNoun") || has(second, "history")))
    return { name: first?.text ?? "" };
  return undefined;
}

function checkTargets(command: Command, scan: Scan): Command {
  const needs = command.kind === "status" || command.kind === "history" || command.kind === "explain";
  const named = "targets" in command && command.targets !== undefined && command.targets.length > 0;
  if (!needs || named || scan.issue === undefined) return command;
  if (command.kind !== "status" && command.kind !== "history") return command;
  return clarify({
    issue: { code: scan.issue, words: "" },
    suggestions: ["status of app-x", "show routing for all apps in rg-shop"],
  });
}

function some(tokens: Tokens, role: Parameters<typeof has>[1]): boolean {
  return tokens.some((token) => has(token, role));
}

function readHelp(request: QuestionRequest): Command | undefined {
  const { tokens, text } = request;
  const first = tokens[0];
  if (first === undefined) return undefined;
  const explains =
    isWord(first, "explain") ||
    (hasAny(first, ["which"]) &&
      (isWord(tokens[1], "is", "does", "do", "are") || /what'?s/.test(first.lower)) &&
      request.scan.flags.length > 0 &&
      request.scan.targets.length === 0 &&
      asksMeaning(tokens));
  if (!has(first, "help") && !explains) return undefined;
  const from = explains ? 1 : 1;
  const topic = text.slice(tokens[from]?.start ?? text.length, tokens.at(-1)?.end ?? text.length).trim();
  return topic === "" ? { kind: "help" } : { kind: "help", topic };
}

function asksMeaning(tokens: Tokens): boolean {
  const last = tokens.at(-1);
  if (isWord(last, "do", "mean", "means", "for")) return true;
  const rest = tokens.slice(1).filter((token) => !hasAny(token, ["be", "determiner", "modal"]));
  const flag = readFlag(rest, 0, true) ?? readFlag(rest, 0);
  return flag !== undefined && flag.end >= rest.length;
}

function whoOrWhat(scan: Scan): {
  changeId?: NonNullable<Scan["changeId"]>["id"];
  targets?: TargetReference[];
} {
  if (scan.changeId !== undefined) return { changeId: scan.changeId.id };
  const targets = scan.targets.length > 0 ? scan.targets : scan.scope === undefined ? [] : [scan.scope];
  return targets.length > 0 ? { targets } : {};
}

function readExplain(request: QuestionRequest): Command | undefined {
  const { tokens, scan } = request;
  const first = tokens.find((token) => !hasAny(token, ["show", "polite"]));
  const approving = tokens.some(
    (token) =>
      token.entry?.act?.act === "approve" ||
      token.entry?.act?.act === "reject" ||
      isWord(
        token,
        "approver",
        "approvers",
        "decide",
        "needs approval",
        "to approve",
        "sign",
        "approval",
        "approvals",
      ),
  );
  const done = tokens.some(
    (token) =>
      (token.entry?.act?.act === "approve" || token.entry?.act?.act === "reject") &&
      token.entry.act.form === "past",
  );
  const approvers = tokens.some((token) => isWord(token, "approver", "approvers"));
  if ((has(first, "who") && approving && !done) || approvers)
    return { kind: "explain", question: "who-can-approve", ...whoOrWhat(scan) };
  if (isWord(first, "why", "why not", "why don't", "why dont", "how come")) {
    const about =
      approving ||
      scan.changeId !== undefined ||
      tokens.some((token) =>
        isWord(
          token,
          "refused",
          "denied",
          "blocked",
          "rejected",
          "allowed",
          "not",
          "can't",
          "cant",
          "cannot",
          "i",
          "stuck",
        ),
      );
    if (about) return { kind: "explain", question: "why-not", ...whoOrWhat(scan) };
  }
  return undefined;
}

function readPending(request: QuestionRequest): Command | undefined {
  const { tokens, scan } = request;
  const pending =
    some(tokens, "pending") ||
    (tokens.some((token) => isWord(token, "waiting", "open", "awaiting", "queue", "queued", "unapproved")) &&
      tokens.some((token) =>
        isWord(
          token,
          "approval",
          "approvals",
          "request",
          "requests",
          "changes",
          "queue",
          "what",
          "what's",
          "whats",
          "anything",
          "crs",
        ),
      ));
  if (!pending) return undefined;
  const first = tokens[0];
  const telling = has(first, "subject") || tokens.some((token) => hasAny(token, ["takeBack"]));
  if (telling && !request.question) return undefined;
  const mine = tokens.some(
    (token, index) =>
      isWord(token, "mine", "my requests", "my request") ||
      (isWord(token, "my", "our") && !isWord(tokens[index + 1], "approval", "queue", "review")),
  );
  const targets =
    scan.targets.length > 0 ? scan.targets : scan.scope === undefined ? undefined : [scan.scope];
  return {
    kind: "pending",
    ...(targets === undefined ? {} : { targets }),
    ...(mine ? { mine: true as const } : {}),
  };
}

function isApps(token: Token | undefined): boolean {
  return has(token, "app") && /s$/.test(token?.lower ?? "");
}

function readAudit(request: QuestionRequest): Command | undefined {
  const { tokens, scan } = request;
  let index = 0;
  const heads = has(tokens[0], "audit");
  const listing =
    hasAny(tokens[0], ["which", "show"]) ||
    isWord(tokens[0], "find", "list", "get", "how", "are", "is", "any", "do", "give me", "who") ||
    has(tokens[0], "all") ||
    isApps(tokens[0]);
  if (!heads && !listing) return undefined;
  while (index < tokens.length && index < 7 && !has(tokens[index], "app")) {
    const token = tokens[index];
    const passing =
      hasAny(token, ["which", "show", "all", "determiner", "polite", "filler", "subject", "modal"]) ||
      isWord(
        token,
        "of",
        "many",
        "how",
        "find",
        "list",
        "get",
        "there",
        "any",
        "are",
        "is",
        "do",
        "have",
        "out",
        "our",
        "give me",
        "who",
        "functions",
      );
    if (!passing) break;
    index++;
  }
  const noun = tokens[index];
  const next = tokens[index + 1];
  const singular = has(tokens[0], "which") && has(noun, "app") && hasAny(next, ["modal", "be", "negation"]);
  const every = has(tokens[index - 1], "all") && has(noun, "app");
  const plain = isApps(noun) || singular || every || (has(tokens[0], "which") && isWord(noun, "apps"));
  const shown = has(tokens[0], "show") || isWord(tokens[0], "get", "give me");
  const filtered = tokens
    .slice(index + 1)
    .some(
      (token) =>
        hasAny(token, ["negation", "reported", "past"]) ||
        isWord(
          token,
          "that",
          "which",
          "with",
          "without",
          "where",
          "whose",
          "using",
          "still",
          "legacy",
          "used",
          "who",
          "having",
          "not",
        ) ||
        token.entry?.verb !== undefined,
    );
  const scoped = scan.targets.some((target) => target.all === true);
  if (
    !heads &&
    !(plain && (!shown || filtered || (!scoped && isWord(tokens[0], "list", "show me", "list me"))))
  )
    return undefined;
  if (!heads && shown && scoped && !filtered) return undefined;
  const where = whereOf(tokens, scan);
  const targets =
    scan.targets.length > 0 ? scan.targets : scan.scope === undefined ? undefined : [scan.scope];
  return {
    kind: "audit",
    ...(targets === undefined ? {} : { targets }),
    ...(scan.flags.length === 0 ? {} : { flags: routingFlags.filter((flag) => scan.flags.includes(flag)) }),
    ...(where === undefined ? {} : { where }),
  };
}

function whereOf(tokens: Tokens, scan: Scan): AuditFilter | undefined {
  if (scan.legacy) return "legacy";
  const publicly = tokens.some((_token, index) => {
    const via = readVia(tokens, index)?.via;
    return via === "public" || via === "off-vnet";
  });
  const negated = tokens.some(
    (token) =>
      has(token, "negation") ||
      isWord(token, "without", "off", "disabled", "inactive", "missing", "lack", "lacking", "unrouted"),
  );
  if (publicly !== negated) return "not-routed";
  const routed =
    scan.flags.length > 0 ||
    tokens.some((token) => token.entry?.verb !== undefined || hasAny(token, ["vnet", "on"]));
  return routed && !has(tokens[0], "audit")
    ? "routed"
    : scan.flags.length > 0 && negated
      ? "not-routed"
      : undefined;
}

function readHistory(request: QuestionRequest): Command | undefined {
  const { tokens, scan } = request;
  const first = tokens[0];
  const second = tokens[1];
  const changes = tokens.some((token) =>
    isWord(
      token,
      "changes",
      "changed",
      "change",
      "changing",
      "edits",
      "modifications",
      "happened",
      "did",
      "happen",
    ),
  );
  const who =
    has(first, "who") ||
    (has(first, "show") && has(second, "who")) ||
    tokens.some((token) => has(token, "who") && request.question);
  const when = has(first, "when") || (has(first, "show") && has(second, "when"));
  const noun = some(tokens, "history");
  const what = hasAny(first, ["which", "show"]) && changes && !isWord(tokens.at(-1), "now");
  const did =
    isWord(first, "did", "has", "have") &&
    changes &&
    tokens.some((token) =>
      isWord(token, "anyone", "anybody", "someone", "somebody", "anything", "something", "who"),
    );
  const about =
    scan.changeId !== undefined &&
    (hasAny(first, ["which", "show", "statusNoun", "be", "history", "when"]) ||
      isWord(first, "how", "where", "what", "did", "has") ||
      request.question);
  const listed =
    changes &&
    tokens.some((token) => isWord(token, "by", "my")) &&
    !tokens.some((token) => token.entry?.verb?.forms.has("base") && !isWord(token, "change", "changes"));
  if (!who && !when && !noun && !what && !did && !about && !listed) return undefined;
  const person = personOf(tokens);
  const asked = whoOrWhat(scan);
  if (person !== undefined && asked.changeId === undefined && asked.targets === undefined)
    return { kind: "history", person };
  return { kind: "history", ...asked, ...(person === undefined ? {} : { person }) };
}

function personOf(tokens: Tokens): string | undefined {
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "mention") return token.text.replace(/\u00A0/g, " ");
    const next = tokens[index + 1];
    if (isWord(token, "by") && next?.kind === "word") {
      if (isWord(next, "me", "myself")) return "me";
      if (next.entry === undefined) return next.text;
    }
    if (isWord(token, "did", "has", "have") && next?.kind === "word") {
      if (isWord(next, "i")) return "me";
      const unknown = next.entry === undefined && !next.corrected;
      if (
        unknown &&
        tokens.slice(index + 2).some((word) => isWord(word, "change", "changed", "do", "done", "touch"))
      )
        return next.text;
    }
    if (
      isWord(token, "my") &&
      isWord(next, "changes", "last change", "last changes", "recent changes", "history", "change history")
    )
      return "me";
    if (
      token.possessive &&
      token.entry === undefined &&
      isWord(next, "changes", "last change", "last changes", "recent changes", "history") &&
      !/[-\d]/.test(token.text)
    )
      return token.text;
  }
  return undefined;
}

function readStatus(request: QuestionRequest): Command | undefined {
  const { tokens, scan, question } = request;
  const first = tokens[0];
  if (first === undefined) return undefined;
  const doubtful =
    hasAny(first, ["doubt", "condition", "takeBack", "hostile"]) ||
    (some(tokens, "doubt") && !has(first, "show"));
  if (doubtful && !tokens.some((token) => hasAny(token, ["statusNoun"]))) return undefined;
  if (isWord(first, "check") && checksBox(tokens, 0)) return undefined;
  const asks =
    hasAny(first, ["be", "which", "show", "statusNoun", "who", "when"]) ||
    isWord(
      first,
      "is",
      "are",
      "does",
      "do",
      "did",
      "has",
      "have",
      "had",
      "was",
      "were",
      "what",
      "which",
      "where",
      "how",
      "how's",
      "hows",
      "isn't",
      "isnt",
      "aren't",
      "doesn't",
      "doesnt",
      "don't",
      "didn't",
      "hasn't",
      "haven't",
      "wasn't",
      "does not",
      "why",
      "any",
      "let me know",
    );
  const emphatic =
    isWord(first, "do", "have", "don't", "dont") &&
    (tokens[1]?.entry?.verb?.forms.has("base") === true || !question);
  const bareRouting =
    question &&
    tokens.every((token) => token.entry?.verb === undefined || has(token, "routing")) &&
    some(tokens, "routing");
  const noun = some(tokens, "statusNoun") || bareRouting;
  const ordered = tokens.some(
    (token, index) =>
      token.entry?.verb?.on !== undefined &&
      token.entry.verb.forms.has("base") &&
      !has(token, "show") &&
      (index === 0 || has(tokens[index - 1], "and")),
  );
  const subject =
    scan.targets.length > 0 || scan.flags.length > 0 || scan.scope !== undefined || scan.issue !== undefined;
  const alone =
    question &&
    scan.targets.length > 0 &&
    scan.flags.length === 0 &&
    tokens.length <= 3 &&
    !tokens.some((token) => token.entry?.verb !== undefined);
  const general = tokens.some(
    (token) =>
      has(token, "routing") ||
      has(token, "vnet") ||
      isWord(token, "routed", "setup", "configured", "settings", "it", "that"),
  );
  if (!((asks && !emphatic && (subject || general || noun)) || (noun && !ordered) || alone) || ordered)
    return undefined;
  if (isWord(first, "why") && scan.targets.length === 0) return undefined;
  const targets = scan.targets.length > 0 ? scan.targets : scan.scope === undefined ? [] : [scan.scope];
  return {
    kind: "status",
    targets,
    ...(scan.flags.length === 0 ? {} : { flags: routingFlags.filter((flag) => scan.flags.includes(flag)) }),
  };
}
