/** The Bot Connector's REST API at the service URL, as botbuilder 4.23 calls it. */
import { z } from "zod";
import { type ChatFaults, underFault } from "../chat-faults.ts";
import { jsonOrText } from "../deliveries.ts";
import type { Answer, Call, Handled, Route } from "../http/loopback-server.ts";
import { people, personOfTeams } from "../people.ts";
import { directPlace, findPlace, type Place, places, teamsTeam } from "../places.ts";
import type { World } from "../world/world.ts";
import { jsonObjectSchema, type Message } from "../world/world-model.ts";
import { splitConversationId, wireConversationId } from "./activities.ts";
import { readOutgoingActivity } from "./outgoing-activity.ts";

export interface ConnectorContext {
  readonly world: World;
  readonly faults: ChatFaults;
  readonly tenantId: string;
  /** Whether the bearer token is one that the bot got for the Bot Connector. */
  readonly verifyBotToken: (token: string) => Promise<boolean>;
  readonly serviceUrl: () => string;
  readonly nextId: () => string;
  /** Called when a message with a card was sent or updated: clients that show it may refresh it. */
  readonly onCard: (message: Message) => void;
}

/** The errors of the service: `{error: {code, message}}`. */
const refuse = (status: number, code: string, message: string): Answer => ({
  status,
  json: { error: { code, message } },
});
const notFound = () => refuse(404, "ConversationNotFound", "Conversation not found.");

const createSchema = z.object({
  isGroup: z.boolean().optional(),
  members: z.array(z.object({ id: z.string() })).optional(),
  activity: jsonObjectSchema.optional(),
  tenantId: z.string().optional(),
  channelData: z
    .object({
      tenant: z.object({ id: z.string() }).optional(),
      channel: z.object({ id: z.string() }).optional(),
    })
    .optional(),
});

export function connectorRoutes(context: ConnectorContext, prefix: string): Route[] {
  const conversation = `${prefix}v3/conversations/:conversation`;
  const guarded = (
    operation: string,
    method: string,
    path: string,
    handle: (call: Call) => Answer,
  ): Route => ({
    method,
    path,
    handle: (call) => guard(context, operation, call, handle),
  });
  const send = (call: Call): Answer => {
    const { base, thread } = splitConversationId(call.params.conversation ?? "");
    const place = findPlace("teams", base);
    if (place === undefined) return notFound();
    // In a channel the conversation id carries the thread; elsewhere there are no threads.
    const root = place.kind === "channel" ? (thread ?? call.params.activity ?? null) : null;
    return sendActivity(context, { place, thread: root, body: call.body });
  };
  return [
    guarded("send", "POST", `${conversation}/activities`, send),
    guarded("send", "POST", `${conversation}/activities/:activity`, send),
    guarded("update", "PUT", `${conversation}/activities/:activity`, (call) => updateActivity(context, call)),
    guarded("delete", "DELETE", `${conversation}/activities/:activity`, (call) =>
      deleteActivity(context, call),
    ),
    guarded("create", "POST", `${prefix}v3/conversations`, (call) => createConversation(context, call)),
    guarded("read", "GET", `${conversation}/members`, (call) =>
      withPlace(call, (place) => ({ status: 200, json: membersOf(context, place) })),
    ),
    guarded("read", "GET", `${conversation}/pagedmembers`, (call) =>
      withPlace(call, (place) => ({ status: 200, json: { members: membersOf(context, place) } })),
    ),
    guarded("read", "GET", `${conversation}/members/:member`, (call) =>
      withPlace(call, (place) => {
        const id = personOfTeams(call.params.member ?? "")?.teams.mri;
        const member = membersOf(context, place).find((m) => m.id === id);
        return member === undefined
          ? refuse(404, "MemberNotFoundInConversation", "The member is not part of the conversation.")
          : { status: 200, json: member };
      }),
    ),
    guarded("read", "GET", `${prefix}v3/teams/:team`, (call) =>
      call.params.team === teamsTeam.id
        ? { status: 200, json: { id: teamsTeam.id, name: teamsTeam.name, aadGroupId: teamsTeam.aadGroupId } }
        : refuse(404, "NotFound", "Team not found."),
    ),
    guarded("read", "GET", `${prefix}v3/teams/:team/conversations`, () => ({
      status: 200,
      json: {
        conversations: places
          .filter(({ platform, kind }) => platform === "teams" && kind === "channel")
          // The service leaves out the name of a team's first channel.
          .map(({ id, name }) => (id === teamsTeam.id ? { id } : { id, name })),
      },
    })),
  ];
}

async function guard(
  context: ConnectorContext,
  operation: string,
  call: Call,
  handle: (call: Call) => Answer,
): Promise<Handled> {
  return underFault({
    fault: context.faults.take("teams", operation),
    call,
    throttled: (seconds) => ({
      ...refuse(429, "TooManyRequests", "Too many requests."),
      headers: { "retry-after": String(seconds) },
    }),
    broken: () => refuse(502, "BadGateway", "The service is temporarily unavailable."),
    carryOut: async () => {
      const [, token] = /^Bearer (\S+)$/i.exec(call.headers.authorization ?? "") ?? [];
      const trusted = token !== undefined && (await context.verifyBotToken(token));
      return trusted
        ? handle(call)
        : refuse(401, "Unauthorized", "Authorization has been denied for this request.");
    },
  });
}

function withPlace(call: Call, then: (place: Place) => Answer): Answer {
  const place = findPlace("teams", splitConversationId(call.params.conversation ?? "").base);
  return place === undefined ? notFound() : then(place);
}

interface Outgoing {
  readonly place: Place;
  readonly thread: string | null;
  readonly body: string;
}

function sendActivity(context: ConnectorContext, { place, thread, body }: Outgoing): Answer {
  const read = readOutgoingActivity(body);
  if (read.kind === "refused") {
    context.world.note("chat", `Teams refused a message of the bot: ${read.message}`, "problem");
    return refuse(read.status, read.code, read.message);
  }
  const id = context.nextId();
  if (read.kind === "nothing-to-show") return { status: 200, json: { id } };
  if (
    thread !== null &&
    context.world.find({ platform: "teams", conversation: place.id, id: thread }) === undefined
  ) {
    return refuse(404, "ActivityNotFound", "The thread does not exist.");
  }
  const { text, cards } = read;
  const message = context.world.post({
    platform: "teams",
    conversation: place.id,
    id,
    thread,
    author: { kind: "bot" },
    text,
    cards,
  });
  if (cards.length > 0) context.onCard(message);
  return { status: 201, json: { id } };
}

function ownMessage(context: ConnectorContext, call: Call): Message | Answer {
  const conversation = splitConversationId(call.params.conversation ?? "").base;
  const message = context.world.find({ platform: "teams", conversation, id: call.params.activity ?? "" });
  if (message === undefined || message.deletedAt !== null) {
    return refuse(404, "ActivityNotFound", "The activity does not exist.");
  }
  return message.author.kind === "bot"
    ? message
    : refuse(403, "MessageWritesBlocked", "A bot can change its own messages only.");
}

function updateActivity(context: ConnectorContext, call: Call): Answer {
  const message = ownMessage(context, call);
  if ("status" in message) return message;
  const read = readOutgoingActivity(call.body);
  if (read.kind === "nothing-to-show") return refuse(400, "BadSyntax", "A message cannot become nothing.");
  if (read.kind === "refused") {
    context.world.note("chat", `Teams refused an update of the bot: ${read.message}`, "problem");
    return refuse(read.status, read.code, read.message);
  }
  context.world.revise(message, { text: read.text, cards: read.cards, blocks: [] });
  if (read.cards.length > 0) context.onCard(message);
  return { status: 200, json: { id: message.id } };
}

function deleteActivity(context: ConnectorContext, call: Call): Answer {
  const message = ownMessage(context, call);
  if ("status" in message) return message;
  context.world.remove(message);
  return { status: 200 };
}

function createConversation(context: ConnectorContext, call: Call): Answer {
  const parsed = createSchema.safeParse(jsonOrText(call.body));
  if (!parsed.success) return refuse(400, "BadSyntax", z.prettifyError(parsed.error));
  const { members, channelData, activity, tenantId } = parsed.data;
  const channel = channelData?.channel?.id;
  if (channel !== undefined) {
    const place = findPlace("teams", channel);
    if (place?.kind !== "channel") return notFound();
    if (activity === undefined) return refuse(400, "BadSyntax", "A new thread needs its first activity.");
    const answer = sendActivity(context, { place, thread: null, body: JSON.stringify(activity) });
    const sent = z.object({ id: z.string() }).safeParse(answer.json);
    if (!sent.success) return answer;
    const id = wireConversationId(place, sent.data.id);
    return { status: 201, json: { id, activityId: sent.data.id, serviceUrl: context.serviceUrl() } };
  }
  if ((channelData?.tenant?.id ?? tenantId) !== context.tenantId) {
    return refuse(403, "BotNotInConversationRoster", "The tenant is missing or not this one.");
  }
  const person = members?.length === 1 ? personOfTeams(members[0]?.id ?? "") : undefined;
  if (person === undefined) return refuse(400, "BadArgument", "One member of the tenant must be named.");
  const place = directPlace("teams", person.id);
  const sent =
    activity === undefined
      ? undefined
      : sendActivity(context, { place, thread: null, body: JSON.stringify(activity) });
  if (sent !== undefined && sent.status >= 400) return sent;
  return { status: 201, json: { id: place.id, serviceUrl: context.serviceUrl() } };
}

function membersOf(context: ConnectorContext, place: Place) {
  return place.members.map((id) => {
    const { name, teams } = people[id];
    const [givenName = name, surname = ""] = name.split(" ");
    return {
      id: teams.mri,
      name,
      givenName,
      surname,
      objectId: teams.aadObjectId,
      aadObjectId: teams.aadObjectId,
      email: teams.upn,
      userPrincipalName: teams.upn,
      tenantId: context.tenantId,
      userRole: "user",
    };
  });
}
