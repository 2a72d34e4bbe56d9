import { mayApprove } from "../domain/change/approval-policy.ts";
import type { ChangeRequest } from "../domain/change/change-request.ts";
import { ruleInForce } from "../domain/change/decisions.ts";
import type { Review } from "../domain/change/review.ts";
import type { PendingCommand, TargetReference } from "../domain/command.ts";
import { isNamed } from "../domain/named-site.ts";
import type { OpenPage } from "../ports/request-lists.ts";
import { dueReviews } from "../reply/break-glass-views.ts";
import { type PendingList, pendingView } from "../reply/pending-view.ts";
import type { View } from "../reply/view.ts";
import type { Message } from "./answer-message.ts";
import type { Flow } from "./flow.ts";
import { type Asker, askerOf } from "./sight.ts";
import { maySeeAll, visibleRequests } from "./visible-requests.ts";

const listLimit = 20;
/** In a channel there are two lists. */
const halfLimit = 10;

/**
 * The open requests that the asker may see: their own, those for some sites, or all. In a channel those that were made there
 * come first. Each that the asker can decide says so.
 */
export async function answerPending(flow: Flow, message: Message, command: PendingCommand): Promise<View> {
  const asker = await askerOf(flow, message);
  const named = command.targets;
  const filter = {
    ...(named && { named }),
    ...(command.mine === true && { requester: asker.person }),
  };
  const list = (more: Pick<OpenPage, "origin">, limit: number) =>
    visibleRequests(
      ({ limit: size, last }) =>
        flow.lists.open({ ...filter, ...more, limit: size, ...(last && { after: last.number }) }),
      { asker, limit, ...(named && { also: (request) => isAbout(request, named) }) },
    );
  const withReviews = async (view: View): Promise<View> => {
    const due = dueReviews(await reviewsFor(flow, asker, { mine: command.mine === true, named }));
    return { ...view, blocks: [...view.blocks, ...due.blocks], actions: [...view.actions, ...due.actions] };
  };
  const waitsFor = (request: ChangeRequest) => isForThem(asker, request);
  if (named || command.mine === true || message.place.kind === "direct") {
    const lists = [{ ...(await list({}, listLimit)), waitsFor }];
    return withReviews(pendingView(lists, command.mine === true));
  }
  const lists: PendingList[] = [];
  for (const kind of ["here", "elsewhere"] as const) {
    lists.push({
      ...(await list({ origin: { of: message.place, kind } }, halfLimit)),
      waitsFor,
      where: kind,
    });
  }
  return withReviews(pendingView(lists, false));
}

/** Reviews of broken glass that are due, as far as the asker may see what they are about. */
async function reviewsFor(
  flow: Flow,
  asker: Asker,
  { mine, named }: { readonly mine: boolean; readonly named: readonly TargetReference[] | undefined },
): Promise<readonly Review[]> {
  const due = await flow.reviews.due({ limit: listLimit, ...(mine && { person: asker.person.id }) });
  const requests = await Promise.all(due.map(({ request }) => flow.requests.get(request)));
  return due.filter((_, index) => {
    const request = requests[index];
    return request !== undefined && maySeeAll(asker, request) && (!named || isAbout(request, named));
  });
}

/** Whether a request is for one of the sites that were named. */
export function isAbout({ plan }: ChangeRequest, named: readonly TargetReference[]): boolean {
  return plan.entries.some(({ target }) => named.some((reference) => isNamed(reference, target)));
}

/** Whether somebody's approval would count now: for the list only, the check is at the click. */
function isForThem({ person, policy }: Asker, request: ChangeRequest): boolean {
  if (request.state !== "pending") return false;
  if (request.approvals.some((approval) => approval.person.id === person.id)) return false;
  const rule = ruleInForce(request, policy);
  if (!rule || !mayApprove(rule, person)) return false;
  return rule.selfApproval === true || request.requester.id !== person.id;
}
