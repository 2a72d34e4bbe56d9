import { z } from "zod";

function shown(length: number) {
  return z
    .string()
    .min(1)
    .max(length)
    .regex(/^\P{Cc}*$/u);
}

/** Ids and names are short; whatever is longer, or holds what cannot be seen, is no Teams activity. */
const id = shown(1024);
const name = z.string().max(1024).nullish();

/** An id of Entra ID. Whether it is a proper GUID does not matter: it is only compared with those that are listed. */
const entraId = z.string().regex(/^[0-9A-Za-z-]{1,64}$/);

const account = z.object({ id, name, aadObjectId: entraId.nullish(), tenantId: entraId.nullish() });

const mention = z.object({
  type: z.literal("mention"),
  mentioned: z.object({ id, name }),
  text: z.string().max(2048).nullish(),
});

/**
 * What Routebot reads of an activity. Source: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
 * (Activity object) and learn.microsoft.com/microsoftteams/platform (conversation and channel data).
 */
export const activitySchema = z.object({
  type: z.string().min(1).max(100),
  id: id.nullish(),
  channelId: z.string().max(100),
  serviceUrl: shown(1024),
  timestamp: shown(100).nullish(),
  from: account,
  recipient: z.object({ id, name }),
  conversation: z.object({
    id,
    conversationType: z.string().max(100).nullish(),
    tenantId: z.string().max(100).nullish(),
  }),
  channelData: z
    .object({ tenant: z.object({ id: z.string().max(100) }).nullish() })
    .nullish()
    .catch(undefined),
  text: z.string().nullish(),
  textFormat: z.string().max(100).nullish(),
  /** Only mentions are looked at; an entity of another kind, or none, is no reason to refuse. */
  entities: z
    .array(z.unknown())
    .nullish()
    .catch(undefined)
    .transform((all) => (all ?? []).flatMap((entity) => mention.safeParse(entity).data ?? [])),
  /** Which button was pressed. */
  value: z.unknown().optional(),
  name: z.string().max(200).nullish(),
  replyToId: id.nullish(),
  action: z.string().max(100).nullish(),
  membersAdded: z.array(z.object({ id })).nullish().catch(undefined),
});
export type TeamsActivity = z.output<typeof activitySchema>;
export type TeamsMention = TeamsActivity["entities"][number];

/** The data of a button that Routebot drew, with its form's input beside it. */
export const buttonData = z.looseObject({ verb: z.string().max(50), id: shown(200) });

/** The verb of our cards' refresh: a client asks how the card looks for one person. */
export const refreshVerb = "view";

export const refreshData = z.looseObject({ id: shown(200) });

/** `adaptiveCard/action`: a pressed `Action.Execute`. */
export const executeValue = z.object({
  action: z.object({
    type: z.literal("Action.Execute"),
    verb: z.string().max(50),
    data: z.unknown().optional(),
  }),
  /** `automatic`: the client refreshed the card by itself; nobody pressed anything. */
  trigger: z.string().max(50).nullish(),
});
