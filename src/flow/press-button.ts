import type { Person } from "../domain/actor.ts";
import type { RequestId } from "../domain/change/change-request.ts";
import type { Refusal } from "../domain/failure.ts";
import type { Inbound, Reply } from "../ports/chat.ts";
import { endChange } from "./end-change.ts";
import { endedRequest } from "./ended-request.ts";
import type { Flow } from "./flow.ts";
import { mayAsk } from "./may-ask.ts";
import { parseRequestId, unknownRequest } from "./record-decision.ts";
import { takeIn } from "./take-in.ts";
import { quickUndo, undoWish } from "./undo-change.ts";

type Click = Extract<Inbound, { kind: "click" }>;

/** "End now" on the card of a temporary change. */
export async function pressEnd(flow: Flow, click: Click): Promise<Reply> {
  const request = parseRequestId(click.target);
  if (!request) return notice(unknownRequest(click.target));
  const person = await flow.directory.personOf(click.actor);
  const { account } = click.actor;
  const result = await endChange(flow, { request, person, account, surface: "button" });
  if (result.kind === "refused") {
    await recordRefusal(flow, click, { request, person, refusal: result.refusal });
    return notice(result.refusal);
  }
  return { kind: "notice", text: `${request} is turned back now; a card follows.` };
}

/**
 * "Undo": whether this person may is asked now, with the policy now in force. The sites are read afterwards, which may take
 * longer than a chat waits: the click is stored before it is answered.
 */
export async function pressUndo(flow: Flow, click: Click): Promise<Reply> {
  const request = parseRequestId(click.target);
  if (!request) return notice(unknownRequest(click.target));
  const person = await flow.directory.personOf(click.actor);
  const refusal = await whyNot(flow, click, { request, person });
  if (refusal) {
    await recordRefusal(flow, click, { request, person, refusal });
    return notice(refusal);
  }
  const { id, actor } = click;
  // Pressed in a chat for two, the request belongs where the first one was made: there others see and decide it.
  const place = (await flow.requests.originOf(request)) ?? click.place;
  await takeIn(flow, { kind: "undo", id, actor, place, request });
  return { kind: "notice", text: `The undo of ${request} is being prepared; a card follows.` };
}

type Pressed = { readonly request: RequestId; readonly person: Person };

async function whyNot(flow: Flow, click: Click, { request, person }: Pressed): Promise<Refusal | undefined> {
  const policy = await flow.directory.policy({ fresh: true });
  const ended = await endedRequest(flow, request, { person, policy });
  if (ended.kind === "refused") return ended.refusal;
  const wish = undoWish(ended.written);
  const quick = await quickUndo(flow, { ended, wish, person, policy, message: click });
  if (quick) return undefined;
  const allowed = mayAsk(policy, wish, person);
  return allowed.kind === "refused" ? allowed.refusal : undefined;
}

async function recordRefusal(
  flow: Flow,
  click: Click,
  { request, person, refusal }: Pressed & { readonly refusal: Refusal },
): Promise<void> {
  const known = await flow.requests.get(request);
  if (!known) return;
  await flow.requests.record({
    events: [
      {
        kind: "refused",
        at: flow.clock.now(),
        request,
        person,
        account: click.actor.account,
        surface: "button",
        from: known.state,
        fingerprint: known.plan.fingerprint,
        details: { wanted: click.verb, code: refusal.code },
      },
    ],
    owed: [],
    jobs: [],
  });
}

function notice({ message }: Refusal): Reply {
  return { kind: "notice", text: message };
}
