import type { ChangeRequest, InState } from "../domain/change/change-request.ts";
import { type Hold, holdOn } from "../domain/change/hold.ts";
import type { JobResult } from "../ports/work.ts";
import { note } from "../reply/answers.ts";
import { holdWords } from "../reply/hold-words.ts";
import { utcTime } from "../reply/words.ts";
import type { Flow } from "./flow.ts";

/**
 * What holds a request up now: to be asked before every write. Rejects when the stops or the policy cannot be read; nothing
 * is written then.
 */
export async function holdNow(flow: Flow, request: ChangeRequest): Promise<Hold | undefined> {
  const stops = await flow.stops.active();
  return holdOn(request, { stops, policy: await flow.directory.policy(), at: flow.clock.now() });
}

/** The same for people to read: a card is drawn also while the policy cannot be read, and then names the stops alone. */
export async function holdToShow(flow: Flow, request: ChangeRequest): Promise<Hold | undefined> {
  const stops = await flow.stops.active();
  const policy = await flow.directory.policy().catch(() => ({ version: "", people: [], rules: [] }));
  return holdOn(request, { stops, policy, at: flow.clock.now() });
}

/**
 * Looks again soon, since a stop can be lifted, and the policy edited, at any time; in the middle of a change less often, where
 * each look is in the audit.
 */
const lookAgainAfterMs = { approved: 5_000, applying: 60_000 } as const;

/** Nothing is written now: tells the thread once for each hold, and comes back. */
export async function waitForEnd(
  flow: Flow,
  request: InState<"approved"> | InState<"applying">,
  hold: Hold,
): Promise<JobResult> {
  const key = `${request.id}:held:${hold.kind === "stop" ? hold.stop.id : hold.name}`;
  const place = await flow.requests.originOf(request.id);
  if (place && !(await flow.outbox.get(key))) {
    const view = note("attention", waitingText(request, hold));
    await flow.requests.record({ events: [], owed: [{ kind: "message", key, place, view }], jobs: [] });
  }
  const soon = lookAgainAfterMs[request.state];
  const untilMs =
    hold.kind === "freeze" && hold.until ? hold.until.getTime() - flow.clock.now().getTime() : soon;
  return { kind: "again", afterMs: Math.max(Math.min(soon, untilMs), 1) };
}

function waitingText(request: InState<"approved"> | InState<"applying">, hold: Hold): string {
  const why = holdWords(hold);
  return request.state === "approved"
    ? `${request.id} is approved and waits: ${why} It goes on by itself when that ends, unless that is after ${utcTime(request.applyBy)}; nothing was changed so far.`
    : `${request.id} waits in the middle: ${why} Its next step follows by itself when that ends, as long as the approval lasts.`;
}
