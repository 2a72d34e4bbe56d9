import { viewerOf } from "../domain/change/viewer.ts";
import type { Inbound, Reply } from "../ports/chat.ts";
import { drawCard } from "./draw-card.ts";
import type { Flow } from "./flow.ts";
import { isShownThere, parseRequestId, unknownRequest } from "./record-decision.ts";

/**
 * How a request's card looks for one person: approvers see the buttons, the requester can cancel, others read why they cannot
 * decide. Reads only, since clients ask whenever somebody looks at the card.
 */
export async function showCard(flow: Flow, viewed: Extract<Inbound, { kind: "viewed" }>): Promise<Reply> {
  const id = parseRequestId(viewed.target);
  const request = id && (await flow.requests.get(id));
  if (!request || !(await isShownThere(flow, viewed, request))) {
    return { kind: "notice", text: unknownRequest(viewed.target).message };
  }
  const person = await flow.directory.personOf(viewed.actor);
  const policy = await flow.directory.policy();
  const viewer = viewerOf(request, { person, account: viewed.actor.account, policy });
  return { kind: "card", view: await drawCard(flow, request, { person, viewer }) };
}
