import { type ChangeRequest, isTerminal } from "../domain/change/change-request.ts";
import type { Viewer } from "../domain/change/viewer.ts";
import { changeRequestCard } from "../reply/change-request-card.ts";
import type { View } from "../reply/view.ts";
import { openBeside } from "./commit-step.ts";
import type { Flow } from "./flow.ts";
import { holdToShow } from "./hold-request.ts";

/** The card of a request with what is around it now: other requests for its sites, and what holds it up. */
export async function drawCard(flow: Flow, request: ChangeRequest, viewer?: Viewer): Promise<View> {
  if (isTerminal(request)) {
    return changeRequestCard(request, { aftercare: await flow.requests.aftercareOf(request.id) });
  }
  const [beside, hold] = [await openBeside(flow, request), await holdToShow(flow, request)];
  return changeRequestCard(request, { beside, hold, viewer });
}
