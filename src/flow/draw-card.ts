import type { Person } from "../domain/actor.ts";
import { type ChangeRequest, isTerminal } from "../domain/change/change-request.ts";
import type { Viewer } from "../domain/change/viewer.ts";
import { changeRequestCard } from "../reply/change-request-card.ts";
import type { View } from "../reply/view.ts";
import { signInsOnCard } from "./ask-to-sign-in.ts";
import { openBeside } from "./commit-step.ts";
import type { Flow } from "./flow.ts";
import { holdToShow } from "./hold-request.ts";

/** The person who looks at a card, as whom, where it is drawn for one. */
export type Looker = { readonly person: Person; readonly viewer: Viewer };

/** The card of a request with what is around it now: other requests for its sites, what holds it up, approvals that wait for a sign-in. */
export async function drawCard(flow: Flow, request: ChangeRequest, looker?: Looker): Promise<View> {
  if (isTerminal(request)) {
    return changeRequestCard(request, { aftercare: await flow.requests.aftercareOf(request.id) });
  }
  const [beside, hold] = [await openBeside(flow, request), await holdToShow(flow, request)];
  const signIns = await signInsOnCard(flow, request, looker?.person);
  return changeRequestCard(request, { beside, hold, viewer: looker?.viewer, signIns });
}
