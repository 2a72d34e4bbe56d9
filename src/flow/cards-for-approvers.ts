import type { Policy, Rule } from "../domain/change/approval-policy.ts";
import type { ChangeRequest } from "../domain/change/change-request.ts";
import type { Owed } from "../ports/change-requests.ts";
import type { Place } from "../ports/chat.ts";
import type { Flow } from "./flow.ts";
import { accountToWriteTo } from "./tell-people.ts";

/** More people than that are told by a group in a channel, not one by one. */
const mostCards = 20;

type Asked = { readonly policy: Policy; readonly rule: Rule; readonly place: Place };

/**
 * The cards that approvers get in their own chats, besides the one in the conversation where it was asked: as the rule says
 * (`notify`). So a request from Slack reaches those who decide in Teams, and one from somebody's own chat reaches anybody at all.
 */
export function cardsForApprovers(
  flow: Flow,
  request: ChangeRequest,
  { policy, rule, place }: Asked,
): readonly Owed[] {
  const notify = rule.notify ?? "when-needed";
  if (notify === "never") return [];
  const seesItThere = (id: string) =>
    place.kind !== "direct" &&
    policy.people.find((one) => one.id === id)?.accounts.some(({ platform }) => platform === place.platform);
  return policy.people
    .filter(({ id }) => rule.approve.includes(id) && id !== request.requester.id)
    .filter(({ id }) => notify === "direct" || !seesItThere(id))
    .slice(0, mostCards)
    .flatMap((person): readonly Owed[] => {
      const account = accountToWriteTo(flow, policy, { person, prefer: place.platform });
      if (!account) return [];
      const to = { account, name: person.name };
      return [{ kind: "card", key: `${request.id}:card:to:${person.id}`, place, request: request.id, to }];
    });
}
