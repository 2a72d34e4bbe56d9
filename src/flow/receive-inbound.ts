import type { Inbound, Receive, Reply } from "../ports/chat.ts";
import { answerPrompt } from "./answer-prompt.ts";
import type { Flow } from "./flow.ts";
import { recordClick } from "./record-decision.ts";
import { showCard } from "./show-card.ts";

/**
 * The way in. A message is stored and acknowledged; its answer follows. A click has its effect before it is answered, so
 * an acknowledged click is never lost. Rejects when nothing could be stored.
 */
export function receiveInbound(flow: Flow): Receive {
  return async (inbound: Inbound): Promise<Reply> => {
    switch (inbound.kind) {
      case "message":
      case "installed":
        await flow.inbox.receive(inbound);
        return { kind: "accepted" };
      case "click":
        return inbound.verb === "confirm" || inbound.verb === "dismiss" || inbound.verb === "pick"
          ? answerPrompt(flow, inbound)
          : recordClick(flow, inbound);
      case "viewed":
        return showCard(flow, inbound);
      default:
        return inbound satisfies never;
    }
  };
}
