import type { Reply } from "../../../ports/chat.ts";
import type { View } from "../../../reply/view.ts";
import { clip, plainText } from "../card/plain-text.ts";
import { renderCard } from "../card/render-card.ts";
import type { InvokeBody } from "../outbound/bot-adapter.ts";

/**
 * The bodies with which a pressed `Action.Execute` is answered. The HTTP status beside them is 200, also for errors.
 * Source: MicrosoftDocs/AdaptiveCards universal-action-model.md, "Response format".
 *
 * A card is shown to whoever pressed, `by` (their `29:…` id), in place of everybody's. When that one is replaced while the answer
 * is on its way, the older of the two stays in their view: so it asks anew when they look at it.
 */
export function invokeAnswer(reply: Reply, by: string): InvokeBody {
  switch (reply.kind) {
    case "accepted":
      return message("Noted. The outcome is posted here.");
    case "card":
      return card(reply.view, by);
    case "notice":
      // One answer has room for one of the two; a card is shown to this person alone, so it can say both.
      return reply.view ? card(withNotice(reply.view, reply.text), by) : message(reply.text);
    case "busy":
      return busyAnswer;
    default:
      return reply satisfies never;
  }
}

export const busyText = "Routebot is busy and nothing was done. Please try again in a moment.";

/** To the author of a message of which it is not known whether it was stored. */
export const slowText =
  "Routebot has trouble taking this in. If no answer follows within a minute, please write again.";

export const busyAnswer: InvokeBody = {
  statusCode: 500,
  type: "application/vnd.microsoft.error",
  value: { code: "busy", message: busyText },
};

/** Neither done nor not done, as far as is known yet. */
export const slowAnswer: InvokeBody = message(
  "This takes longer than usual. The card will show what came of it; if nothing has changed in a minute, try again.",
);

/** The press of something that is no button of ours, or of an older card's. */
export const unknownActionAnswer: InvokeBody = {
  statusCode: 400,
  type: "application/vnd.microsoft.error",
  value: { code: "unknown-action", message: "Routebot does not know this button. Nothing was done." },
};

function message(text: string): InvokeBody {
  return {
    statusCode: 200,
    type: "application/vnd.microsoft.activity.message",
    value: clip(plainText(text), 1000),
  };
}

function card(view: View, by: string): InvokeBody {
  return { statusCode: 200, type: "application/vnd.microsoft.card.adaptive", value: renderCard(view, [by]) };
}

function withNotice(view: View, text: string): View {
  return { ...view, blocks: [{ kind: "notes", notes: [{ level: "info", text }] }, ...view.blocks] };
}
