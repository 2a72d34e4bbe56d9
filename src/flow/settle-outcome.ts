import type { Aftercare } from "../domain/change/aftercare.ts";
import { lookedForOutcome } from "../domain/change/aftercare.ts";
import type { ChangeRequest } from "../domain/change/change-request.ts";
import {
  isSettled,
  lookAgain,
  type Settling,
  type Sight,
  sightOf,
  sightWords,
  type UnclearStep,
  unclearSteps,
} from "../domain/change/settling.ts";
import { settledLater } from "../reply/aftercare-views.ts";
import { isChangedByAnother } from "./changed-by-another.ts";
import type { Flow } from "./flow.ts";

/**
 * Takes one look at the sites of a request whose outcome was not clear when it ended. Once they show what became of it, or an
 * hour has passed, that is told where the request was made; the request itself stays as it ended.
 */
export async function settleOutcome(
  flow: Flow,
  { request, aftercare }: { readonly request: ChangeRequest; readonly aftercare: Aftercare },
  signal: AbortSignal,
): Promise<void> {
  const { settling, since } = aftercare;
  if (settling?.state !== "looking") return;
  const seen: { readonly unclear: UnclearStep; readonly sight: Sight }[] = [];
  for (const unclear of unclearSteps(request)) {
    seen.push({ unclear, sight: await lookAt(flow, { request, since, unclear }, signal) });
  }
  const at = flow.clock.now();
  const sights = seen.map(({ sight }) => sight);
  const isOver = isSettled(sights) || at >= settling.until;
  if (!isOver) {
    const next = lookedForOutcome(aftercare, lookAgain(settling, since, at));
    await flow.requests.record({
      events: [],
      owed: [],
      jobs: [],
      aftercare: { from: aftercare.revision, to: next },
    });
    return;
  }
  const news = seen.flatMap(({ unclear, sight }) => sightWords(unclear, sight) ?? []);
  const what = news.join(" ") || "Nothing has changed since.";
  const settled: Settling = { state: "settled", until: settling.until, nextAt: at, what };
  const place = await flow.requests.originOf(request.id);
  const view = settledLater(request, { what, wasMade: sights.includes("made") });
  await flow.requests.record({
    events: [{ kind: "settled", at, request: request.id, details: { what, sights: sights.join(", ") } }],
    owed: [
      ...(place && news.length > 0
        ? [{ kind: "message", key: `${request.id}:settled`, place, view } as const]
        : []),
      ...(await flow.requests.cardsOf(request.id)),
    ],
    jobs: [],
    aftercare: { from: aftercare.revision, to: lookedForOutcome(aftercare, settled) },
  });
}

type Looking = { readonly request: ChangeRequest; readonly since: Date; readonly unclear: UnclearStep };

async function lookAt(flow: Flow, { request, since, unclear }: Looking, signal: AbortSignal): Promise<Sight> {
  const { target } = unclear.step.entry;
  const observed = await flow.routing.observe(target, { signal });
  if (observed.kind === "failed") return "unread";
  if (observed.kind === "gone") return "lost";
  const changed = await isChangedByAnother(flow, { request, since, target });
  return sightOf(unclear, observed.observation, changed);
}
