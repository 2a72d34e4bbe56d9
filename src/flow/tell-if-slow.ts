import type { RequestId } from "../domain/change/change-request.ts";
import type { Flow } from "./flow.ts";

/** After that long, people should see on the card what it is that takes so long. */
export const slowAfterMs = 1_000;

/** Waits for a piece of work on a request, and draws the request's cards anew when it takes longer than a moment. */
export async function tellIfSlow<T>(flow: Flow, id: RequestId, work: Promise<T>): Promise<T> {
  const settled = new AbortController();
  // The cards are a courtesy: that they cannot be owed now must not touch the work itself, which may still take its time.
  const slow = flow.clock
    .sleep(slowAfterMs, settled.signal)
    .then(
      () => redrawCards(flow, id),
      () => undefined,
    )
    .catch((error: unknown) => flow.log.error("redraw-failed", error, { request: id }));
  try {
    return await work;
  } finally {
    settled.abort();
    await slow;
  }
}

/** Owes the request's cards, to be drawn from whatever state it is in then. */
export async function redrawCards(flow: Flow, id: RequestId): Promise<void> {
  await flow.requests.record({ events: [], owed: await flow.requests.cardsOf(id), jobs: [] });
}
