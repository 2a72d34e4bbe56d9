import type { Inbound, Receive, Reply } from "../ports/chat.ts";
import { answerPrompt } from "./answer-prompt.ts";
import { askAgain } from "./ask-again.ts";
import type { Flow } from "./flow.ts";
import { pressEnd, pressUndo } from "./press-button.ts";
import { recordClick } from "./record-decision.ts";
import { recordReview } from "./record-review.ts";
import { showCard } from "./show-card.ts";
import { takeIn } from "./take-in.ts";

/**
 * The way in. A message is stored and acknowledged; its answer follows. A click has its effect before it is answered, so
 * an acknowledged click is never lost. Rejects when nothing could be stored.
 */
export function receiveInbound(flow: Flow): Receive {
  return async (inbound: Inbound): Promise<Reply> => {
    switch (inbound.kind) {
      case "message":
      case "installed":
        await takeIn(flow, inbound);
        return { kind: "accepted" };
      case "click":
        return answerClick(flow, inbound);
      case "viewed":
        return showCard(flow, inbound);
      default:
        return inbound satisfies never;
    }
  };
}

function answerClick(flow: Flow, click: Extract<Inbound, { kind: "click" }>): Promise<Reply> {
  const { verb } = click;
  switch (verb) {
    case "confirm":
    case "dismiss":
    case "pick":
      return answerPrompt(flow, click);
    case "justified":
    case "not-justified":
      return recordReview(flow, { ...click, verb });
    case "undo":
      return pressUndo(flow, click);
    case "end":
      return pressEnd(flow, click);
    case "again":
      return askAgain(flow, click);
    case "approve":
    case "reject":
    case "cancel":
    case "withdraw":
      return recordClick(flow, { ...click, verb });
    default:
      return verb satisfies never;
  }
}
