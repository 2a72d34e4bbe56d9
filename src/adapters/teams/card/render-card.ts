import {
  AdaptiveCard,
  type CardElementArray,
  Container,
  type ContainerStyle,
  ExecuteAction,
  RefreshDefinition,
} from "@microsoft/teams.cards";
import type { Tone, View } from "../../../reply/view.ts";
import { refreshVerb } from "../inbound/activity.ts";
import type { Viewers } from "../outbound/viewers.ts";
import { fitView } from "./fit-view.ts";
import { clip, plainText } from "./plain-text.ts";
import { cardVersion, renderActions } from "./render-actions.ts";
import { renderBlock } from "./render-block.ts";
import { richText } from "./rich-text.ts";

/**
 * Bytes of the card as UTF-16, which is how Teams counts. A bot's message may have 100 KB
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages), older pages say 28 KB for cards: this
 * is under both, with room for the message around the card.
 */
export const maxCardBytes = 20 * 1024;

const maxSummaryLength = 500;

/** How a card is meant: a mark before the title, and a colour behind it for those who see it. */
const tones: Readonly<Record<Tone, { readonly mark: string; readonly style: ContainerStyle }>> = {
  neutral: { mark: "", style: "emphasis" },
  waiting: { mark: "⏳ ", style: "accent" },
  good: { mark: "✅ ", style: "good" },
  bad: { mark: "❌ ", style: "attention" },
  attention: { mark: "⚠️ ", style: "warning" },
};

/**
 * Draws a view as an Adaptive Card 1.5. What has no room is left out, and the card says so. `viewers` are those whose clients ask
 * how the card looks for them, where the view differs by person.
 */
export function renderCard(view: View, viewers?: Viewers): AdaptiveCard {
  const drawn = (candidate: View) => draw(candidate, viewers);
  return drawn(fitView(view, (candidate) => cardBytes(drawn(candidate)) <= maxCardBytes));
}

/** A view's summary, for notifications and for clients without cards. */
export function renderSummary(view: View): string {
  return clip(plainText(view.summary), maxSummaryLength);
}

export function cardBytes(card: AdaptiveCard): number {
  return Buffer.byteLength(JSON.stringify(card), "utf16le");
}

function draw(view: View, viewers: Viewers): AdaptiveCard {
  const body: CardElementArray = [
    ...header(view),
    ...view.blocks.flatMap(renderBlock),
    ...renderActions(view.actions),
  ];
  const summary = renderSummary(view);
  return new AdaptiveCard(...body).withOptions({
    version: cardVersion,
    fallbackText: summary,
    speak: spoken(summary),
    msteams: { width: "full" },
    ...refreshOf(view, viewers),
  });
}

/** Without `userIds` every client refreshes, which Teams does in chats of up to 60 people. */
function refreshOf({ perPerson }: View, viewers: Viewers) {
  if (perPerson === undefined || viewers === undefined || viewers.length === 0) return {};
  const action = new ExecuteAction({ title: "Refresh", verb: refreshVerb, data: { id: perPerson } });
  return {
    refresh: new RefreshDefinition({
      action,
      ...(viewers !== "everybody" && { userIds: [...viewers] }),
    }),
  };
}

function header({ title, tone }: View): Container[] {
  if (title === undefined) return [];
  const { mark, style } = tones[tone];
  const text = richText(`${mark}${title}`, { size: "Large", weight: "Bolder" });
  return [new Container(text).withStyle(style).withBleed(true)];
}

/** `speak` may be SSML, a kind of XML: without its special characters a text is only a text. */
function spoken(summary: string): string {
  return summary.replaceAll(/[<>&]/g, " ");
}
