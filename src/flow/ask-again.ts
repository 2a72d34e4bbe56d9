import { mayRequest, ruleForAll } from "../domain/change/approval-policy.ts";
import { isoDuration } from "../domain/iso-duration.ts";
import type { Inbound, Reply } from "../ports/chat.ts";
import { exactReference } from "./find-site.ts";
import type { Flow } from "./flow.ts";
import { isShownThere, parseRequestId, unknownRequest } from "./record-decision.ts";
import { takeIn } from "./take-in.ts";

/**
 * "Ask again" on a request that went out of date: the same wish for the same sites, as if it had been written now. A new plan
 * is made of it and a new request opened; no approval of the old one is carried over. Two such clicks open one request, since
 * the second one asks for what is open already.
 */
export async function askAgain(flow: Flow, click: Extract<Inbound, { kind: "click" }>): Promise<Reply> {
  const id = parseRequestId(click.target);
  const request = id && (await flow.requests.get(id));
  if (!request) return notice(unknownRequest(click.target).message);
  const person = await flow.directory.personOf(click.actor);
  const targets = request.plan.entries.map(({ target }) => target);
  const { wish } = request;
  const rule = ruleForAll(await flow.directory.policy(), targets, wish?.set);
  if (!rule || !mayRequest(rule, person)) {
    // Ids can be guessed: nobody learns of a request from a button that they were never shown.
    if (!(await isShownThere(flow, click, request))) return notice(unknownRequest(request.id).message);
    return notice("You are not among those who may ask for changes here, so nothing was asked for.");
  }
  if (request.state !== "stale" || wish === undefined) {
    return notice(`${request.id} is not out of date. Write what you want, if it is still wanted.`);
  }
  const { set, via } = wish;
  await takeIn(flow, {
    kind: "picked",
    id: `${click.id}:again`,
    actor: click.actor,
    place: click.place,
    command: {
      kind: "change",
      set,
      via,
      targets: targets.map(exactReference),
      dryRun: false,
      breakGlass: false,
      ...(request.reason === undefined ? {} : { reason: request.reason }),
      ...(request.lastsMs === undefined ? {} : { revertAfter: isoDuration(request.lastsMs) }),
    },
    follows: { kind: "again", of: request.id },
  });
  return notice(`I make a new plan for what ${request.id} asked for. It follows here, to be approved anew.`);
}

function notice(text: string): Reply {
  return { kind: "notice", text };
}
