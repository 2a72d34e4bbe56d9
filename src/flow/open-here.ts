import type { ChangeRequest } from "../domain/change/change-request.ts";
import type { Place } from "../ports/chat.ts";
import type { Flow } from "./flow.ts";
import { subjectKey } from "./subject-key.ts";

/** With more open requests than that in one channel nothing is said of "this". */
const mostOpen = 50;

/** The open requests that were made in this very thread or direct chat: what "this" can mean there. */
export async function openHere(flow: Flow, place: Place): Promise<readonly ChangeRequest[]> {
  const key = subjectKey(place);
  if (key === undefined) return [];
  const open = await flow.lists.open({ origin: { of: place, kind: "here" }, limit: mostOpen });
  if (open.length === mostOpen) return [];
  const origins = await Promise.all(open.map(({ id }) => flow.requests.originOf(id)));
  return open.filter((_, index) => {
    const origin = origins[index];
    return origin !== undefined && subjectKey(origin) === key;
  });
}
