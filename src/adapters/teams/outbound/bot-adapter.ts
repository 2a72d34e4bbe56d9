import { type Activity, ActivityTypes, CloudAdapter, type TurnContext } from "botbuilder";
import type { AuthenticateRequestResult } from "botframework-connector";
import { connectorAudience, type StrictAuth } from "../auth/strict-auth.ts";
import { conversationReference, type TeamsAddress } from "../conversation-address.ts";

/** The body of an answer to an invoke; the HTTP status beside it is always 200. */
export type InvokeBody = Readonly<Record<string, unknown>>;

/** botbuilder's adapter, with what Routebot needs of it. Whatever a turn throws reaches the caller. */
export class BotAdapter extends CloudAdapter {
  readonly #auth: StrictAuth;
  readonly #appId: string;

  constructor(auth: StrictAuth, appId: string) {
    super(auth);
    this.#auth = auth;
    this.#appId = appId;
    // The default prints to standard error and then throws the same error.
    this.onTurnError = async (_context, error) => {
      throw error;
    };
  }

  /**
   * Authenticates an activity and lets `turn` work on it; what `turn` returns answers an invoke. `authorization` absent: the
   * activity may be taken without a token.
   * `activity` is the body as it came: what Routebot reads of it was parsed before, botbuilder keeps the rest for itself.
   */
  async receive(
    authorization: string | undefined,
    activity: unknown,
    turn: () => Promise<InvokeBody | undefined>,
  ): Promise<InvokeBody | undefined> {
    const logic = async (context: TurnContext) => {
      const body = await turn();
      if (body)
        await context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status: 200, body } });
    };
    // The one place where the shape of an SDK's type is claimed rather than checked.
    const received = activity as Activity;
    const admitted: AuthenticateRequestResult =
      authorization === undefined
        ? this.#auth.admitAnonymous(this.#appId)
        : await this.#auth.authenticateRequest(received, authorization);
    const answer = await this.processActivity(admitted, received, logic);
    return answer?.body;
  }

  /** Speaks in a conversation that was seen before. */
  async speak(address: TeamsAddress, logic: (context: TurnContext) => Promise<void>): Promise<void> {
    await this.continueConversationAsync(this.#appId, conversationReference(address), async (context) => {
      // botbuilder makes an id up for the activity that it continues from, and would reply to that.
      delete context.activity.id;
      await logic(context);
    });
  }

  /** The id of the chat between the bot and one person, who is named by the Entra object id; Teams makes it if need be. */
  async openChat(serviceUrl: string, person: { readonly tenant: string; readonly user: string }) {
    const { tenant, user } = person;
    const bot = { id: botId(this.#appId), name: "" };
    let conversationId: string | undefined;
    await this.createConversationAsync(
      this.#appId,
      "msteams",
      serviceUrl,
      connectorAudience,
      // No activity to begin with: nothing is posted.
      {
        isGroup: false,
        bot,
        members: [{ id: user, name: "" }],
        tenantId: tenant,
        channelData: { tenant: { id: tenant } },
      },
      async ({ activity }) => {
        conversationId = activity.conversation.id;
      },
    );
    return conversationId;
  }
}

/** The bot as a member of conversations: `28:` and its app id. */
export function botId(appId: string): string {
  return `28:${appId}`;
}
