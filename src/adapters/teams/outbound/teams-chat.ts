import { type Activity, ActivityTypes, CardFactory, type TurnContext } from "botbuilder";
import type { Chat, Place, SendResult } from "../../../ports/chat.ts";
import type { Log } from "../../../ports/log.ts";
import type { View } from "../../../reply/view.ts";
import { isAllowedServiceUrl } from "../auth/service-url.ts";
import { renderCard, renderSummary } from "../card/render-card.ts";
import { readAddress, readMessageRef, type TeamsAddress, writeMessageRef } from "../conversation-address.ts";
import type { BotAdapter } from "./bot-adapter.ts";
import { ConnectorError } from "./connector-error.ts";
import { askForMembers, type createViewers, type Viewers } from "./viewers.ts";

export type TeamsChatParts = {
  readonly adapter: BotAdapter;
  readonly serviceHosts: readonly string[];
  readonly openDirect: Chat["openDirect"];
  readonly findViewers: ReturnType<typeof createViewers>;
  readonly log: Log;
};

/** The Chat port on Teams: cards posted and replaced proactively, one request each. */
export function createTeamsChat({
  adapter,
  serviceHosts,
  openDirect,
  findViewers,
  log,
}: TeamsChatParts): Chat {
  /** What the place says about where to send; a refusal if it may not be sent there. */
  function addressOf(place: Place): TeamsAddress | undefined {
    const address = readAddress(place);
    // Stored long ago, perhaps under another configuration.
    return address && isAllowedServiceUrl(address.serviceUrl, serviceHosts) ? address : undefined;
  }

  async function send(
    place: Place,
    act: (context: TurnContext) => Promise<string | undefined>,
  ): Promise<SendResult> {
    const address = addressOf(place);
    if (!address) return { kind: "refused", why: "not an address that Teams messages may be sent to" };
    let activityId: string | undefined;
    try {
      await adapter.speak(address, async (context) => {
        activityId = await act(context);
      });
    } catch (error) {
      if (error instanceof ConnectorError) return error.failure;
      // Not the platform and not the network: whether anything was sent cannot be said.
      log.error("teams-send-failed", error);
      return { kind: "unclear", why: "an unexpected error while sending" };
    }
    if (!activityId) return { kind: "unclear", why: "the Bot Connector answered without an id" };
    return { kind: "sent", ref: writeMessageRef(activityId) };
  }

  async function viewersOf(context: TurnContext, place: Place, view: View): Promise<Viewers> {
    const address = view.perPerson === undefined ? undefined : addressOf(place);
    return address && findViewers(context, address);
  }

  return {
    platform: "teams",
    post({ place, view }) {
      return send(place, async (context) => {
        const viewers = await viewersOf(context, place, view);
        return (await context.sendActivity(cardMessage(view, viewers)))?.id;
      });
    },
    async update({ place, ref, view }) {
      const id = readMessageRef(ref);
      if (id === undefined) return { kind: "refused", why: "not a reference to a Teams message" };
      return send(place, async (context) => {
        await context.updateActivity({ ...cardMessage(view, await viewersOf(context, place, view)), id });
        return id;
      });
    },
    /** Teams has no way to ask a bot's own messages for a mark. Whether it answers at all is asked of the conversation. */
    async lookUp(place) {
      const address = addressOf(place);
      if (!address) return { kind: "unknown" };
      try {
        await adapter.speak(address, (context) => askForMembers(context, address));
      } catch (error) {
        const failure = error instanceof ConnectorError ? error.failure : undefined;
        if (failure?.kind === "retry") return { ...failure, kind: "away" };
      }
      return { kind: "unknown" };
    },
    openDirect,
  };
}

function cardMessage(view: View, viewers: Viewers): Partial<Activity> {
  return {
    type: ActivityTypes.Message,
    summary: renderSummary(view),
    attachments: [CardFactory.adaptiveCard(renderCard(view, viewers))],
  };
}
