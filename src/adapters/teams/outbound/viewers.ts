import type { TurnContext } from "botbuilder";
import { ConnectorClient } from "botframework-connector";
import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import type { TeamsAddress } from "../conversation-address.ts";

/** Whose clients refresh a card by themselves: everybody in a chat with the bot alone, these people elsewhere, nobody. */
export type Viewers = "everybody" | readonly string[] | undefined;

/** Source: learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards. */
const mostViewers = 60;
const rememberMs = 10 * 60_000;
const maxRemembered = 2_000;

/**
 * Finds out whom a conversation's cards may be drawn for one by one. In larger conversations than Teams takes names for, the rest
 * sees the card that is the same for all; so does everybody where the members cannot be read.
 */
export function createViewers({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
  const known = new Map<string, { readonly viewers: Viewers; readonly until: number }>();

  return async (
    context: TurnContext,
    { conversationId, conversationType }: TeamsAddress,
  ): Promise<Viewers> => {
    if (conversationType === "personal") return "everybody";
    const conversation = withoutThread(conversationId);
    const now = clock.now().getTime();
    const found = known.get(conversation);
    if (found && now < found.until) return found.viewers;
    let viewers: Viewers;
    try {
      const { members } = await connectorOf(context).conversations.getConversationPagedMembers(conversation);
      viewers = members.map(({ id }) => id).slice(0, mostViewers);
    } catch (error) {
      log.warn("teams-members-unreadable", {
        reason: error instanceof Error ? error.message : String(error),
      });
    }
    if (known.size >= maxRemembered) known.clear();
    known.set(conversation, { viewers, until: now + rememberMs });
    return viewers;
  };
}

/** Asks who is in a conversation, for no more than to see whether the Bot Connector answers. */
export async function askForMembers(context: TurnContext, { conversationId }: TeamsAddress): Promise<void> {
  await connectorOf(context).conversations.getConversationPagedMembers(withoutThread(conversationId));
}

function connectorOf(context: TurnContext): ConnectorClient {
  const connector: unknown = context.turnState.get(context.adapter.ConnectorClientKey);
  if (!(connector instanceof ConnectorClient)) throw new Error("no client for the Bot Connector");
  return connector;
}

function withoutThread(conversationId: string): string {
  return conversationId.split(";", 1)[0] ?? conversationId;
}
