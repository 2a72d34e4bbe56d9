import type { AuditFilter, Command } from "../domain/command.ts";
import { routingFlags } from "../domain/routing/routing-flag.ts";
import { readVia } from "./read-via.ts";
import {
  isApps,
  ordersToo,
  type QuestionRequest,
  type Scan,
  some,
  type Tokens,
  whoOrWhat,
} from "./scan-question.ts";
import { has, hasAny, isWord } from "./token.ts";

export function readPending(request: QuestionRequest): Command | undefined {
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
  const telling = has(first, "subject") || ordersToo(tokens) || some(tokens, "takeBack");
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

export function readAudit(request: QuestionRequest): Command | undefined {
  const { tokens, scan } = request;
  let index = 0;
  const noun0 = tokens.findIndex((token) => has(token, "audit"));
  const heads =
    noun0 >= 0 &&
    noun0 < 5 &&
    tokens
      .slice(0, noun0)
      .every(
        (token) =>
          hasAny(token, ["show", "determiner", "polite", "filler", "object"]) ||
          isWord(
            token,
            "run",
            "provide",
            "share",
            "send",
            "give",
            "prepare",
            "do",
            "make",
            "create",
            "start",
            "generate",
            "perform",
            "get",
            "need",
            "full",
            "new",
            "start",
          ),
      );
  const listing =
    hasAny(tokens[0], ["which", "show"]) ||
    isWord(tokens[0], "find", "list", "get", "how", "are", "is", "any", "do", "give me", "who") ||
    has(tokens[0], "all") ||
    isApps(tokens[0]);
  if (!heads && (!listing || ordersToo(tokens))) return undefined;
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
        "list",
      );
    if (!passing) break;
    index++;
  }
  const noun = tokens[index];
  const next = tokens[index + 1];
  const singular = has(tokens[0], "which") && has(noun, "app") && hasAny(next, ["modal", "be", "negation"]);
  const every = has(tokens[index - 1], "all") && has(noun, "app");
  // "list not routed".
  const elliptic = isWord(tokens[0], "list") && has(tokens[1], "negation");
  const plain =
    elliptic || isApps(noun) || singular || every || (has(tokens[0], "which") && isWord(noun, "apps"));
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
  // "Do all apps in rg-x route their traffic?": asked of one group, it is a question about its state.
  if (!heads && scoped && every && hasAny(tokens[0], ["be", "modal"])) return undefined;
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

export function readHistory(request: QuestionRequest): Command | undefined {
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
  const noun =
    some(tokens, "history") ||
    (isWord(first, "any") && request.question && isWord(second, "changes", "edits"));
  const what = hasAny(first, ["which", "show"]) && changes && !isWord(tokens.at(-1), "now");
  const listing =
    isWord(first, "changes", "edits", "modifications") &&
    (scan.targets.length > 0 || scan.scope !== undefined || tokens.length === 1);
  const happened = isWord(first, "happened") && scan.targets.length > 0;
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
      (request.question && !isWord(first, "ready to")));
  const listed =
    changes &&
    tokens.some((token) => isWord(token, "by", "my")) &&
    !tokens.some((token) => token.entry?.verb?.forms.has("base") && !isWord(token, "change", "changes"));
  if (!listing && !who && !when && !noun && !what && !did && !happened && !about && !listed) return undefined;
  const person = personOf(tokens);
  const asked = whoOrWhat(scan);
  if (person !== undefined && asked.changeId === undefined && asked.targets === undefined)
    return { kind: "history", person };
  return { kind: "history", ...asked, ...(person === undefined ? {} : { person }) };
}

function personOf(tokens: Tokens): string | undefined {
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "mention") return token.text.replace(/^@/, "").replace(/\u00A0/g, " ");
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
