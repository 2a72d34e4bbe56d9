import type { Account } from "../../../domain/actor.ts";
import type { Chat, OpenDirectResult, Place } from "../../../ports/chat.ts";
import type { Log } from "../../../ports/log.ts";
import { directPlace } from "../conversation-address.ts";
import { type BotAdapter, botId } from "./bot-adapter.ts";
import { ConnectorError } from "./connector-error.ts";

export type OpenChatsParts = {
  readonly adapter: BotAdapter;
  readonly appId: string;
  readonly serviceUrl: string;
  readonly allowedTenants: readonly string[];
  readonly log: Log;
};

const maxRemembered = 5_000;
const soonMs = 5_000;

/**
 * Opens the chats between the bot and single people by their Entra object ids. Teams answers the same chat every time, so that
 * asking twice does no harm; what it answered is remembered, since creating is limited to a few a second. It refuses (403) where
 * the person does not have the app.
 */
export function createOpenChats(parts: OpenChatsParts): Chat["openDirect"] {
  const { adapter, appId, serviceUrl, log } = parts;
  const allowed = parts.allowedTenants.map((tenant) => tenant.toLowerCase());
  const known = new Map<string, Place>();

  async function open({ tenant, user }: Account): Promise<OpenDirectResult> {
    try {
      const conversationId = await adapter.openChat(serviceUrl, { tenant, user });
      if (!conversationId) return { kind: "retry", afterMs: soonMs, why: "Teams named no chat" };
      const place = directPlace({ serviceUrl, conversationId, tenantId: tenant, botId: botId(appId) });
      if (known.size >= maxRemembered) known.clear();
      known.set(user, place);
      return { kind: "open", place };
    } catch (error) {
      if (error instanceof ConnectorError) {
        const { failure } = error;
        return failure.kind === "unclear" ? { kind: "retry", afterMs: soonMs, why: failure.why } : failure;
      }
      log.error("teams-chat-not-opened", error);
      return { kind: "retry", afterMs: soonMs, why: "an unexpected error while opening the chat" };
    }
  }

  return async (account) => {
    if (account.platform !== "teams" || !allowed.includes(account.tenant.toLowerCase())) {
      return { kind: "gone", why: "not an account of a tenant that is allowed" };
    }
    const place = known.get(account.user);
    return place ? { kind: "open", place } : open(account);
  };
}
