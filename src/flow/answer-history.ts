import type { Person } from "../domain/actor.ts";
import type { Policy } from "../domain/change/approval-policy.ts";
import type { RequestId } from "../domain/change/change-request.ts";
import type { HistoryCommand, TargetReference } from "../domain/command.ts";
import { note, refusalView } from "../reply/answers.ts";
import { historyView, timelineView } from "../reply/history-view.ts";
import type { View } from "../reply/view.ts";
import { listed } from "../reply/words.ts";
import type { Message } from "./answer-message.ts";
import { isAbout } from "./answer-pending.ts";
import type { Flow } from "./flow.ts";
import { unknownRequest } from "./record-decision.ts";
import { type Asker, askerOf } from "./sight.ts";
import { maySeeAll, type VisibleRequests, visibleRequests } from "./visible-requests.ts";

const listLimit = 10;
const eventLimit = 30;

/**
 * What was done, as far as the asker may see the sites: in one request, on sites, by a person, or lately. Sites are looked for
 * among the requests and not in Azure, so that one that is gone has its history still.
 */
export async function answerHistory(flow: Flow, message: Message, command: HistoryCommand): Promise<View> {
  const asker = await askerOf(flow, message);
  if (command.changeId !== undefined) return timeline(flow, asker, command.changeId);
  const named = command.targets;
  if (command.person !== undefined) {
    const people = peopleCalled(command.person, asker);
    const [person, ...others] = people;
    if (others.length > 0) return note("attention", whichPerson(command.person, people));
    if (person) return byPerson(flow, asker, person);
    if (!named) return note("attention", `I know nobody called ${command.person}.`);
  }
  if (!named) return historyView("Latest requests", await latest(flow, asker, {}));
  const found = await latest(flow, asker, { named });
  const [only] = named;
  if (found.requests.length === 0 && named.length === 1 && only?.name !== undefined) {
    // "History of ana" reads like the name of a site.
    const [person, ...others] = peopleCalled(only.name, asker);
    if (person && others.length === 0) return byPerson(flow, asker, person);
  }
  return historyView(`Requests for ${listed(named.map(referenceWords))}`, found);
}

async function timeline(flow: Flow, asker: Asker, id: RequestId): Promise<View> {
  const request = await flow.requests.get(id);
  if (!request || !maySeeAll(asker, request)) return refusalView(unknownRequest(id));
  const events = await flow.lists.eventsOf(id, eventLimit + 1);
  return timelineView(request, events.slice(-eventLimit), events.length > eventLimit);
}

async function byPerson(flow: Flow, asker: Asker, person: Person): Promise<View> {
  const whose = person.id === asker.person.id ? "you" : person.name;
  return historyView(`Requests with ${whose}`, await latest(flow, asker, { person }));
}

function latest(
  flow: Flow,
  asker: Asker,
  filter: { readonly named?: readonly TargetReference[]; readonly person?: Person },
): Promise<VisibleRequests> {
  const { named } = filter;
  return visibleRequests(
    ({ limit, last }) => flow.lists.latest({ ...filter, limit, ...(last && { before: last.number }) }),
    { asker, limit: listLimit, ...(named && { also: (request) => isAbout(request, named) }) },
  );
}

/** The people that a name can mean: an id or a whole name, else the first word of a name; `me` is the asker. */
function peopleCalled(typed: string, { person, policy }: Asker): readonly Person[] {
  const name = typed.replace(/^@/, "").toLowerCase();
  if (name === "me") return [person];
  const mentioned = policy.people.filter(({ accounts }) =>
    accounts.some(({ user }) => user.toLowerCase() === name),
  );
  if (mentioned.length > 0) return mentioned;
  const exact = peopleWhose(
    policy,
    (one) => one.id.toLowerCase() === name || one.name.toLowerCase() === name,
  );
  return exact.length > 0
    ? exact
    : peopleWhose(policy, (one) => one.name.toLowerCase().split(" ")[0] === name);
}

function peopleWhose({ people }: Policy, fits: (person: Person) => boolean): readonly Person[] {
  return people.filter(fits);
}

function whichPerson(typed: string, people: readonly Person[]): string {
  return `More than one person is called ${typed}: ${listed(people.map(({ name }) => name))}. Write the whole name.`;
}

function referenceWords({ name, slot, resourceGroup, subscription }: TargetReference): string {
  const site = name === undefined ? "all apps" : slot === undefined ? name : `${name}/${slot}`;
  const place = resourceGroup ?? subscription;
  return place === undefined ? site : `${site} in ${place}`;
}
