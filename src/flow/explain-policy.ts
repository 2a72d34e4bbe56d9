import type { Person } from "../domain/actor.ts";
import { mayApprove, mayRequest, maySee, rulesAt } from "../domain/change/approval-policy.ts";
import { type ChangeRequest, isTerminal } from "../domain/change/change-request.ts";
import { endOf } from "../domain/change/closed.ts";
import {
  approve,
  hindranceFor,
  isOnlyForRequester,
  isRequester,
  ruleInForce,
} from "../domain/change/decisions.ts";
import type { ExplainCommand, TargetReference } from "../domain/command.ts";
import { type ResolvedTarget, targetLabel } from "../domain/target.ts";
import { failureView, note, refusalView } from "../reply/answers.ts";
import { standingWords } from "../reply/change-request-card.ts";
import { approversWords, ruleBlock } from "../reply/policy-words.ts";
import type { View } from "../reply/view.ts";
import { listed } from "../reply/words.ts";
import type { Message } from "./answer-message.ts";
import type { Flow } from "./flow.ts";
import { holdToShow } from "./hold-request.ts";
import { openHere } from "./open-here.ts";
import { unknownRequest } from "./record-decision.ts";
import { type Asker, askerOf } from "./sight.ts";
import { maySeeAll } from "./visible-requests.ts";

type Explaining = {
  readonly message: Message;
  readonly command: ExplainCommand;
  readonly signal: AbortSignal;
};

/**
 * "who can approve app-x", "why can't I approve CR-12": answered from the policy now in force, with the same checks that a click
 * meets. Who may not see a site or a request learns nothing of its rule.
 */
export async function explainPolicy(flow: Flow, explaining: Explaining): Promise<View> {
  const { command, message } = explaining;
  const asker = await askerOf(flow, message, { fresh: true });
  if (command.changeId !== undefined) {
    const request = await flow.requests.get(command.changeId);
    if (!request || !mayHearOf(request, asker)) return refusalView(unknownRequest(command.changeId));
    return explainRequest(flow, request, { ...explaining, asker });
  }
  const [reference] = command.targets ?? [];
  if (reference) return explainSite(flow, { ...explaining, reference, asker });
  // "Who can approve this?", below its card.
  const here = (await openHere(flow, message.place)).filter((request) => mayHearOf(request, asker));
  const [only, ...others] = here;
  if (only && others.length === 0) return explainRequest(flow, only, { ...explaining, asker });
  const example = only?.id ?? "CR-3";
  return note("attention", `Name the site or the change request, for example "who can approve ${example}".`);
}

function explainRequest(
  flow: Flow,
  request: ChangeRequest,
  { command, message, asker }: Explaining & { readonly asker: Asker },
): View | Promise<View> {
  return command.question === "who-can-approve"
    ? whoDecides(flow, request, asker)
    : whyNot(flow, request, { asker, account: message.actor.account });
}

function mayHearOf(request: ChangeRequest, asker: Asker): boolean {
  return request.requester.id === asker.person.id || maySeeAll(asker, request);
}

function whoDecides(flow: Flow, request: ChangeRequest, { policy }: Asker): View {
  const rule = ruleInForce(request, policy);
  const at = flow.clock.now();
  if (!rule) {
    return note(
      "attention",
      `Nobody can approve ${request.id}: no rule of the policy now in force covers it.`,
    );
  }
  if (isTerminal(request))
    return note("neutral", `${request.id} has ended (${request.state}): nobody decides it any more.`);
  const approved = request.approvals.map(({ person }) => person.name);
  const except = (person: Person) =>
    rule.selfApproval !== true &&
    (isRequester(request, person, policy) || isOnlyForRequester(request, { rule, person, policy }));
  const summary = `${request.id} can be approved by ${approversWords(rule, { policy, at, except })}.`;
  const got =
    approved.length > 0 ? ` ${listed(approved)} already ${approved.length === 1 ? "has" : "have"}.` : "";
  return {
    tone: "neutral",
    title: `Who can approve ${request.id}`,
    blocks: [{ kind: "paragraph", text: `${summary}${got}` }, ruleBlock(rule, { policy, at })],
    actions: [],
    summary: `${summary}${got} Rule "${rule.name}".`,
  };
}

type Clicker = { readonly asker: Asker; readonly account: Message["actor"]["account"] };

/** What a click on "Approve" would meet now, from this very account; of what is decided, how it stands. */
async function whyNot(flow: Flow, request: ChangeRequest, { asker, account }: Clicker): Promise<View> {
  const { policy, person } = asker;
  const rule = ruleInForce(request, policy);
  if (isTerminal(request)) return note("neutral", `${request.id} has ended: ${endOf(request, person)}.`);
  const under = rule ? ` (rule "${rule.name}")` : " (no rule of the policy now in force covers it)";
  const theirs = request.approvals.find((one) => one.person.id === person.id);
  const lost = theirs && hindranceFor(request, { ...theirs, policy });
  if (lost)
    return note("attention", `Your approval of ${request.id} no longer counts. ${lost.message}${under}`);
  if (request.state !== "pending") {
    return note("neutral", `${request.id}: ${standingWords(request, await holdToShow(flow, request))}`);
  }
  const at = flow.clock.now();
  const step = approve(request, { person, account, surface: "text", at, policy }, request.plan.fingerprint);
  return step.kind === "refused"
    ? note("attention", `${step.refusal.message}${under}`)
    : note("good", `Nothing stands against it: you can approve ${request.id}${under}.`);
}

type ExplainingSite = Explaining & { readonly reference: TargetReference; readonly asker: Asker };

async function explainSite(flow: Flow, { command, reference, asker, signal }: ExplainingSite): Promise<View> {
  const found = await flow.routing.find(reference, { ...asker.sight, signal });
  const typed = reference.host ?? reference.name ?? reference.resourceGroup ?? "";
  switch (found.kind) {
    case "failed":
      return failureView(found.failure);
    case "found":
      return maySee(asker.policy, found.target, asker.person)
        ? siteView(flow, found.target, { command, asker })
        : note("attention", `No rule of the policy lets you see "${typed}".`);
    case "none":
      return note("attention", `I know no site "${typed}" that you may see. Check the name.`);
    case "all":
    case "several":
      return note("attention", `Several sites fit "${typed}". Name one, with its resource group.`);
    default:
      return found satisfies never;
  }
}

function siteView(
  flow: Flow,
  target: ResolvedTarget,
  { command, asker }: Pick<ExplainingSite, "command" | "asker">,
): View {
  const { policy, person } = asker;
  const at = flow.clock.now();
  const rules = rulesAt(policy, target);
  const label = targetLabel(target);
  const sentences = rules.map((rule) => {
    const under = `rule "${rule.name}"`;
    if (command.question === "who-can-approve") {
      return `Under ${under}, changes of ${label} can be approved by ${approversWords(rule, { policy, at })}.`;
    }
    const asks = mayRequest(rule, person) ? "you may ask for changes" : "you are not among those who may ask";
    const decides = mayApprove(rule, person)
      ? "you may approve what others ask for"
      : "you are not among the approvers";
    return `Under ${under}, ${asks} of ${label}, and ${decides}.`;
  });
  return {
    tone: "neutral",
    title:
      command.question === "who-can-approve"
        ? `Who can approve changes of ${label}`
        : `What you may do with ${label}`,
    blocks: [
      ...sentences.map((text) => ({ kind: "paragraph", text }) as const),
      ...rules.map((rule) => ruleBlock(rule, { policy, at })),
    ],
    actions: [],
    summary: sentences.join(" "),
  };
}
