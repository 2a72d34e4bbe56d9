/** Ids as Teams has them. */
export const teamsIds = {
  appId: "11111111-2222-4333-8444-555555555555",
  tenant: "99999999-8888-4777-8666-555555555555",
  user: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
  bot: "28:11111111-2222-4333-8444-555555555555",
  channel: "19:deploys@thread.tacv2",
  thread: "1699999999999",
  direct: "a:1-direct-chat",
} as const;

export type ActivityOptions = {
  readonly serviceUrl: string;
  readonly where?: "channel" | "direct";
  readonly id?: string;
};

let lastId = 0;

function base({ serviceUrl, where = "channel", id }: ActivityOptions) {
  const { tenant, channel, thread, direct, bot, user } = teamsIds;
  lastId += 1;
  return {
    id: id ?? `f:${lastId}`,
    timestamp: "2026-11-22T14:00:00.000Z",
    channelId: "msteams",
    serviceUrl,
    from: { id: "29:1-speaker", name: "Ana Pérez", aadObjectId: user },
    recipient: { id: bot, name: "Routebot" },
    conversation:
      where === "channel"
        ? {
            id: `${channel};messageid=${thread}`,
            conversationType: "channel",
            isGroup: true,
            tenantId: tenant,
          }
        : { id: direct, conversationType: "personal", tenantId: tenant },
    channelData: { tenant: { id: tenant }, ...(where === "channel" && { channel: { id: channel } }) },
    locale: "en-GB",
  };
}

/** A message; in a channel the bot is mentioned. */
export function messageActivity(text: string, options: ActivityOptions & { readonly type?: string }) {
  const mention = {
    type: "mention",
    mentioned: { id: teamsIds.bot, name: "Routebot" },
    text: "<at>Routebot</at>",
  };
  const inChannel = options.where !== "direct";
  return {
    ...base(options),
    type: options.type ?? "message",
    textFormat: "plain",
    text: inChannel ? `<at>Routebot</at>&nbsp;${text}\n` : text,
    entities: [{ type: "clientInfo", locale: "en-GB" }, ...(inChannel ? [mention] : [])],
    attachments: [{ contentType: "text/html", content: "<p>…</p>" }],
  };
}

export type Press = { readonly verb: string; readonly data: unknown; readonly messageId?: string };

/** A pressed `Action.Execute`. */
export function executeActivity(
  { verb, data, messageId }: Press,
  options: ActivityOptions & { readonly trigger?: string },
) {
  return {
    ...base(options),
    type: "invoke",
    name: "adaptiveCard/action",
    ...(messageId && { replyToId: messageId }),
    value: { action: { type: "Action.Execute", verb, data }, trigger: options.trigger ?? "manual" },
  };
}

/** A pressed `Action.Submit`, the fallback in old clients. */
export function submitActivity({ data, messageId }: Omit<Press, "verb">, options: ActivityOptions) {
  return { ...base(options), type: "message", ...(messageId && { replyToId: messageId }), value: data };
}
