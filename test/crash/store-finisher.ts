import type { ChangeRequests, Outbox } from "../../src/ports/change-requests.ts";
import type { Handlers } from "../../src/ports/work.ts";
import { cancelled, card, event, nothing } from "../contract/change-requests-samples.ts";
import { done } from "../contract/work-harness.ts";

/** Handlers that bring every approved request to an end, in one more transaction, and send every card. */
export function finishingHandlers({
  requests,
  outbox,
}: {
  requests: ChangeRequests;
  outbox: Outbox;
}): Handlers {
  return {
    "handle-message": async () => done,
    deadline: async () => done,
    "seal-audit": async () => done,
    survey: async () => done,
    remind: async () => done,
    aftercare: async () => done,
    apply: async ({ request: id }) => {
      const request = await requests.get(id);
      if (request?.state !== "approved") return done;
      const to = cancelled(request);
      const effects = { ...nothing, owed: [card(id)], events: [event({ id, revision: `${to.revision}` })] };
      await requests.transition({ from: request.revision, to, effects });
      return done;
    },
    deliver: async ({ key }) => {
      const delivery = await outbox.get(key);
      if (delivery !== undefined)
        await outbox.sent(key, { ref: "posted", count: delivery.want, from: delivery.sent });
      return done;
    },
  };
}
