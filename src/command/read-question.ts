import type { Command, ExplainedWords } from "../domain/command.ts";
import { routingFlags } from "../domain/routing/routing-flag.ts";
import { clarify } from "./clarify.ts";
import { isContext } from "./judge-context.ts";
import { isFlagWord, readFlag } from "./read-flags.ts";
import { readAudit, readHistory, readPending } from "./read-records.ts";
import { checksBox } from "./read-verb.ts";
import {
  ordersToo,
  type QuestionRequest,
  type Scan,
  type Sentence,
  scanAll,
  some,
  type Tokens,
  whoOrWhat,
} from "./scan-question.ts";
import { isStrongName } from "./site-name.ts";
import { has, hasAny, isOneOf, isWord, type Token } from "./token.ts";

export type QuestionReading = { command: Command; explanation: ExplainedWords[] };

/** Questions change nothing, so they are read with goodwill: words that say nothing to us are passed over. */
export function readQuestion(sentence: Sentence): QuestionReading | undefined {
  const start = skipSubject(sentence.tokens, skipCourtesy(sentence.tokens), sentence.question);
  const told = sentence.tokens.slice(start);
  // "... because PRB-12 is still open": a reason asks nothing.
  const reason = sentence.question ? -1 : told.findIndex((token) => has(token, "reason"));
  const tokens = reason > 0 ? told.slice(0, reason) : told;
  if (tokens.length === 0 || !mayAsk(tokens, sentence.question)) return undefined;
  const scan = scanAll(namesSubject(sentence.tokens, start) ? sentence.tokens : tokens);
  const framed = sentence.tokens.slice(0, start).some((token) => hasAny(token, ["ask", "want", "lets"]));
  const request: QuestionRequest = { ...sentence, tokens, scan, framed };
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

const askingRoles = [
  "which",
  "who",
  "when",
  "show",
  "statusNoun",
  "history",
  "pending",
  "audit",
  "help",
  "routing",
  "changed",
] as const;

/** Whether any word could make this a question: most requests have none, and need not be read as one. */
function mayAsk(tokens: Tokens, question: boolean): boolean {
  const first = tokens[0];
  if (question || hasAny(first, ["be", "modal", "negation", "app", "all"])) return true;
  return tokens.some(
    (token) =>
      hasAny(token, askingRoles) ||
      isWord(token, "why", "how", "where", "waiting", "open", "any", "find", "explain"),
  );
}

/** "app-x: is image pull on?": the question comes after its subject. */
function skipSubject(tokens: Tokens, from: number, question: boolean): number {
  // "In which vnet is app-x?", "In app-x is activated the route all?"
  if (isWord(tokens[from], "in", "on", "for", "at", "over", "through") && tokens.length > from + 2) {
    if (hasAny(tokens[from + 1], ["which"])) return from + 1;
    if (isStrongName(tokens[from + 1]) && isWord(tokens[from + 2], "is", "are", "does", "do", "has", "was"))
      return from + 2;
  }
  // "The bank sees another address, is route all on for app-x?"
  const asked = question
    ? tokens.findIndex(
        (token, at) => at > from && token.kind === "comma" && isOneOf(tokens[at + 1], stateQuestions),
      )
    : -1;
  const told = { tokens: tokens.slice(0, Math.max(asked, 0)), question: false, courteous: false };
  if (asked > from + 1 && isContext(told, true)) return asked + 1;
  const sign = tokens[from + 1]?.kind;
  const apart = sign === "colon" || sign === "comma" || sign === "dash";
  // "app-x is pulling images over the vnet?"
  const progresses =
    question &&
    isStrongName(tokens[from]) &&
    isWord(tokens[from + 1], "is") &&
    !tokens.slice(from).some((token) => token.kind === "comma" || hasAny(token, ["ask", "want", "polite"])) &&
    isTold(tokens[from + (has(tokens[from + 2], "filler") ? 3 : 2)]);
  if (progresses) return from + 1;
  return apart && isStrongName(tokens[from]) && isOneOf(tokens[from + 2], stateQuestions) ? from + 2 : from;
}

/** "pulling", "routed": what a site does, or what is done with it. */
function isTold(token: Token | undefined): boolean {
  if (token?.kind !== "word" || hasAny(token, ["negation", "ask", "want"])) return false;
  const forms = token.entry?.verb?.forms;
  return forms === undefined ? /[a-z]{3}ing$/.test(token.lower) : forms.has("ing") || forms.has("past");
}

function namesSubject(tokens: Tokens, start: number): boolean {
  return start > 0 && (isStrongName(tokens[start - 2]) || isStrongName(tokens[start - 1]));
}

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
    const telling =
      isWord(
        token,
        "advise",
        "inform",
        "clarify",
        "confirm",
        "tell",
        "me",
        "us",
        "know",
        "explain",
        "say",
        "intimate",
        "specify",
        "do let me know",
      ) &&
      (hasAny(tokens[index + 1], ["who", "which", "when", "show"]) ||
        isWord(tokens[index + 1], "why", "me", "us", "where", "how"));
    if (!sign && !courtesy && !framing && !telling) break;
    index++;
  }
  return index;
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
  if (isWord(last, "do", "mean", "means", "for") || tokens.some((token) => isWord(token, "difference")))
    return true;
  const rest = tokens.slice(1).filter((token) => !hasAny(token, ["be", "determiner", "modal"]));
  const flag = readFlag(rest, 0, true) ?? readFlag(rest, 0);
  return flag !== undefined && flag.end >= rest.length;
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
  // "who can ok CR-12?", "who may sign off ...?"
  const allows =
    has(first, "who") &&
    scan.changeId !== undefined &&
    tokens.some((token) =>
      isWord(
        token,
        "ok",
        "okay",
        "greenlight",
        "sign",
        "bless",
        "decline",
        "clear",
        "authorise",
        "authorize",
      ),
    );
  if (allows) return { kind: "explain", question: "who-can-approve", ...whoOrWhat(scan) };
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

/** Words that open a question about how things are. */
const stateQuestions = new Set(
  (
    "is are was were does do did has have had isn't isnt aren't arent doesn't doesnt don't dont didn't didnt hasn't hasnt haven't " +
    "wasn't weren't what which where how how's hows why any"
  ).split(" "),
);

/** "do" and "have" may also begin an order: "do enable ...", "have app-x route ...". */
function opensQuestion(tokens: Tokens, question: boolean): boolean {
  const [first, second] = tokens;
  if (
    hasAny(first, ["which", "show", "statusNoun", "who", "when"]) ||
    isWord(first, "does not", "let me know")
  )
    return true;
  if (!isOneOf(first, stateQuestions)) return false;
  if (!isWord(first, "do", "have", "don't", "dont")) return true;
  return has(second, "subject") || (question && second?.entry?.verb?.forms.has("base") !== true);
}

function readStatus(request: QuestionRequest): Command | undefined {
  const { tokens, scan, question } = request;
  const first = tokens[0];
  if (first === undefined || ordersToo(tokens)) return undefined;
  // "routing of app-x and app-y".
  const routing = isWord(first, "routing") && isWord(tokens[1], "of", "for") && scan.targets.length > 0;
  const noun = routing || some(tokens, "statusNoun") || asksRouting(tokens, question) || asksValue(request);
  const doubtful =
    hasAny(first, ["doubt", "condition", "takeBack", "hostile"]) ||
    (some(tokens, "doubt") && !has(first, "show"));
  if (doubtful && !some(tokens, "statusNoun")) return undefined;
  if (isWord(first, "check") && checksBox(tokens, 0)) return undefined;
  if (request.framed && (hasAny(first, ["be", "modal"]) || isWord(first, "have", "do"))) return undefined;
  const named =
    scan.targets.length > 0 || scan.flags.length > 0 || scan.scope !== undefined || scan.issue !== undefined;
  const about =
    named ||
    noun ||
    tokens.some(
      (token) =>
        hasAny(token, ["routing", "vnet"]) ||
        isWord(token, "routed", "setup", "configured", "settings", "it", "that"),
    );
  const bare = question && scan.targets.length > 0 && scan.flags.length === 0 && tokens.length <= 3;
  const alone = bare && !tokens.some((token) => token.entry?.verb !== undefined);
  if (!((opensQuestion(tokens, question) && about) || noun || alone)) return undefined;
  if (isWord(first, "why") && scan.targets.length === 0) return undefined;
  const targets = scan.targets.length > 0 ? scan.targets : scan.scope === undefined ? [] : [scan.scope];
  return {
    kind: "status",
    targets,
    ...(scan.flags.length === 0 ? {} : { flags: routingFlags.filter((flag) => scan.flags.includes(flag)) }),
  };
}

/** "app-x route all on?": a site and its setting, with nothing of a request. */
function asksValue(request: QuestionRequest): boolean {
  const { tokens, scan, question, framed } = request;
  if (!question || framed || scan.targets.length !== 1 || scan.flags.length === 0) return false;
  if (!isStrongName(tokens[0]) || tokens.some((token) => hasAny(token, ["polite", "and", "condition", "or"])))
    return false;
  const last = tokens.at(-1);
  return (
    (hasAny(last, ["on", "off"]) || isFlagWord(last) || isWord(last, "all")) &&
    tokens.every(
      (token) => token.entry?.verb?.forms.has("base") !== true || isWord(token, "route", "pull", "restore"),
    )
  );
}

/** "app-x routing?" */
function asksRouting(tokens: Tokens, question: boolean): boolean {
  return (
    question &&
    some(tokens, "routing") &&
    tokens.every((token) => token.entry?.verb === undefined || has(token, "routing"))
  );
}
