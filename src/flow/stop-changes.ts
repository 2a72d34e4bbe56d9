import type { Account, Person } from "../domain/actor.ts";
import { mayStop, type Policy } from "../domain/change/approval-policy.ts";
import type { AuditEvent } from "../domain/change/audit-event.ts";
import { type ChangeRequest, isTerminal } from "../domain/change/change-request.ts";
import { stopOn } from "../domain/change/hold.ts";
import { type Stop, type StopScope, sameScope, scopeWords } from "../domain/change/stop.ts";
import type { FreezeCommand, TargetReference, UnfreezeCommand } from "../domain/command.ts";
import type { Refusal } from "../domain/failure.ts";
import type { Owed } from "../ports/change-requests.ts";
import { refusalView } from "../reply/answers.ts";
import { maxReasonLength } from "../reply/change-request-card.ts";
import { goOnView, stoppedView } from "../reply/stop-views.ts";
import type { View } from "../reply/view.ts";
import type { Answer, Message } from "./answer-message.ts";
import type { Flow } from "./flow.ts";

type Asked<Wanted> = {
  readonly message: Message;
  readonly command: Wanted;
  readonly signal: AbortSignal;
};

/**
 * "freeze all", "freeze rg-x": from its transaction on no write begins on any replica for the sites that are meant. What was
 * in work at that moment is named, since a write that was sent cannot be called back.
 */
export async function stopChanges(flow: Flow, asked: Asked<FreezeCommand>): Promise<Answer> {
  const { message, command, signal } = asked;
  const actor = await actorOf(flow, message);
  if (!mayStop(actor.policy, actor.person)) return refuse(flow, message, { actor, wanted: "stop" });
  const scopes: readonly StopScope[] = command.targets?.map(scopeOf) ?? [{}];
  for (const reference of command.targets ?? []) {
    const unknown = await unknownScope(flow, reference, signal);
    if (unknown) return refusalView(unknown);
  }
  const reason = command.reason?.slice(0, maxReasonLength);
  const at = flow.clock.now();
  for (const [index, scope] of scopes.entries()) {
    const stop: Stop = {
      id: `${message.id}:stop:${index}`,
      scope,
      by: actor.person,
      account: actor.account,
      at,
      ...(reason === undefined ? {} : { reason }),
    };
    const details = { scope: scopeWords(scope), ...(reason === undefined ? {} : { reason }) };
    await flow.stops.begin(stop, { events: [event("stopped", { actor, at, details })], owed: [], jobs: [] });
  }
  // Looked at only now: whatever is not in work by now cannot begin any more.
  const stops = (await flow.stops.active()).filter(({ id }) => id.startsWith(`${message.id}:stop:`));
  const held = (await openRequests(flow)).filter((request) => stopOn(request, stops) !== undefined);
  await answer(flow, message, { view: stoppedView(stops, held), held, events: [] });
  return undefined;
}

/** "unfreeze": ends the stop of exactly that scope, or every one when none is named. What was approved goes on by itself. */
export async function letGoOn(flow: Flow, asked: Asked<UnfreezeCommand>): Promise<Answer> {
  const { message, command } = asked;
  const actor = await actorOf(flow, message);
  if (!mayStop(actor.policy, actor.person)) return refuse(flow, message, { actor, wanted: "let go on" });
  const active = await flow.stops.active();
  const scopes = command.targets?.map(scopeOf);
  const ended = active.filter(({ scope }) => !scopes || scopes.some((wanted) => sameScope(wanted, scope)));
  if (ended.length === 0) return goOnView([], active);
  const at = flow.clock.now();
  const events = ended.map(({ id, scope, by }) => {
    const details: Record<string, string> = { scope: scopeWords(scope), stop: id, stoppedBy: by.id };
    if (command.reason !== undefined) details.reason = command.reason.slice(0, maxReasonLength);
    return event("let-go-on", { actor, at, details });
  });
  const left = active.filter((stop) => !ended.includes(stop));
  const held = (await openRequests(flow)).filter((request) => stopOn(request, ended) !== undefined);
  const view = goOnView(ended, left);
  const result = await flow.stops.end(
    ended.map(({ id }) => id),
    { events, owed: await owed(flow, message, { view, held }), jobs: [], answers: message.id },
  );
  // Somebody else ended one of them meanwhile: what is left is looked at again.
  return result === "done" || !(await flow.inbox.get(message.id)) ? undefined : letGoOn(flow, asked);
}

type Acting = { readonly person: Person; readonly account: Account; readonly policy: Policy };

async function actorOf(flow: Flow, { actor }: Message): Promise<Acting> {
  const person = await flow.directory.personOf(actor);
  return { person, account: actor.account, policy: await flow.directory.policy() };
}

function event(
  kind: AuditEvent["kind"],
  { actor, at, details }: { actor: Acting; at: Date; details: AuditEvent["details"] },
): AuditEvent {
  const { person, account, policy } = actor;
  return { kind, at, person, account, surface: "text", policyVersion: policy.version, details };
}

async function refuse(
  flow: Flow,
  message: Message,
  { actor, wanted }: { readonly actor: Acting; readonly wanted: string },
): Promise<Answer> {
  const { people, stop = [] } = actor.policy;
  const names = people.filter(({ id }) => stop.includes(id)).map(({ name }) => name);
  const who =
    names.length === 0 ? "Nobody may: the policy names nobody under stop." : `${names.join(", ")} may.`;
  const refusal: Refusal = {
    code: "not-allowed-to-stop",
    message: `You are not among those who may stop changes or let them go on. ${who} Nothing was done.`,
  };
  const details = { wanted, code: refusal.code };
  const events = [event("refused", { actor, at: flow.clock.now(), details })];
  await answer(flow, message, { view: refusalView(refusal), held: [], events });
  return undefined;
}

type Said = { readonly view: View; readonly held: readonly ChangeRequest[] };

async function answer(
  flow: Flow,
  message: Message,
  said: Said & { readonly events: readonly AuditEvent[] },
): Promise<void> {
  await flow.requests.record({
    events: said.events,
    owed: await owed(flow, message, said),
    jobs: [],
    answers: message.id,
  });
}

/** The answer, and the cards on which it shows. */
async function owed(flow: Flow, { id, place }: Message, { view, held }: Said): Promise<readonly Owed[]> {
  const cards = await Promise.all(held.map((request) => flow.requests.cardsOf(request.id)));
  return [{ kind: "message", key: `${id}:answer`, place, view }, ...cards.flat()];
}

/** More cards than that are not drawn anew at once; each is right again at its next change. */
const cardLimit = 500;

async function openRequests(flow: Flow): Promise<readonly ChangeRequest[]> {
  const open = await flow.requests.listOpen({ limit: cardLimit });
  return open.filter((request) => !isTerminal(request));
}

function scopeOf({ name, slot, resourceGroup, subscription }: TargetReference): StopScope {
  return {
    ...(name === undefined ? {} : { site: name }),
    ...(slot === undefined ? {} : { slot }),
    ...(resourceGroup === undefined ? {} : { resourceGroup }),
    ...(subscription === undefined ? {} : { subscription }),
  };
}

/** A name that fits nothing stops nothing, and is hardly meant. When Azure cannot be asked, the stop comes first. */
async function unknownScope(
  flow: Flow,
  reference: TargetReference,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  const found = await flow.routing.find(reference, { signal });
  if (found.kind !== "none") return undefined;
  return {
    code: "site-not-found",
    message: `I find no site that "${scopeWords(scopeOf(reference))}" could be about, so nothing was stopped. Check the name, or stop all changes.`,
  };
}
