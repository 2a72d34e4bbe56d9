import type { Person } from "../domain/actor.ts";
import { maySee, type Policy } from "../domain/change/approval-policy.ts";
import { type ChangeRequest, isTerminal, type RequestId } from "../domain/change/change-request.ts";
import { type WrittenSite, writtenSites } from "../domain/change/undo.ts";
import type { Refusal } from "../domain/failure.ts";
import type { Flow } from "./flow.ts";
import { unknownRequest } from "./record-decision.ts";

/** A request that has ended and wrote something, with what it wrote where. */
export type EndedRequest = {
  readonly kind: "ended";
  readonly request: ChangeRequest;
  readonly written: readonly WrittenSite[];
};

/**
 * The ended request that somebody names, or why there is nothing to be done about it. Whoever does not see its sites is told
 * that there is no such request.
 */
export async function endedRequest(
  flow: Flow,
  id: RequestId,
  { person, policy }: { readonly person: Person; readonly policy: Policy },
): Promise<EndedRequest | { readonly kind: "refused"; readonly refusal: Refusal }> {
  const request = await flow.requests.get(id);
  const sees = request?.plan.entries.every(({ target }) => maySee(policy, target, person));
  if (!request || !sees) return { kind: "refused", refusal: unknownRequest(id) };
  if (!isTerminal(request)) {
    const message = `${id} has not ended: it is ${request.state}. Cancel it, or wait for its outcome.`;
    return { kind: "refused", refusal: { code: "still-open", message } };
  }
  const written = writtenSites(request);
  if (written.length === 0) {
    const message = `${id} ended without a change, so there is nothing to undo.`;
    return { kind: "refused", refusal: { code: "nothing-to-undo", message } };
  }
  return { kind: "ended", request, written };
}
