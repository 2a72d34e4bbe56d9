/** The Web API's methods about people, conversations and forms. */
import type { Answer } from "../http/loopback-server.ts";
import { everybody, type Person, people, personOfSlack } from "../people.ts";
import { directPlace, findPlace, type Place, slackWorkspace } from "../places.ts";
import { isJsonObject, type JsonObject, type Modal } from "../world/world-model.ts";
import { checkView } from "./block-kit.ts";
import type { SlackContext } from "./slack-context.ts";
import { viewJson } from "./slack-payloads.ts";
import { fail, ok, text } from "./web-api-call.ts";

type Method = (context: SlackContext, args: JsonObject) => Answer;

const { teamId, domain, botUserId, botId, name: workspaceName, approverGroup } = slackWorkspace;

const authTest: Method = () =>
  ok({
    url: `https://${domain}.slack.com/`,
    team: workspaceName,
    user: "routebot",
    team_id: teamId,
    user_id: botUserId,
    bot_id: botId,
    is_enterprise_install: false,
  });

const usersInfo: Method = (_, args) => {
  if (args.user === botUserId) {
    return ok({ user: { id: botUserId, team_id: teamId, name: "routebot", is_bot: true, deleted: false } });
  }
  const person = personOfSlack(text(args.user));
  return person === undefined ? fail("user_not_found") : ok({ user: userJson(person) });
};

function userJson({ name, slack, teams }: Person): JsonObject {
  return {
    id: slack.userId,
    team_id: teamId,
    name: slack.handle,
    real_name: name,
    deleted: false,
    tz: "Europe/London",
    is_admin: false,
    is_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_stranger: false,
    is_bot: false,
    is_app_user: false,
    profile: { real_name: name, display_name: name, email: teams.upn, team: teamId },
  };
}

const groupMembers: Method = (_, args) =>
  args.usergroup === approverGroup.id
    ? ok({ users: approverGroup.members.map((id) => people[id].slack.userId) })
    : fail("no_such_subteam");

const groups: Method = () =>
  ok({
    usergroups: [
      {
        id: approverGroup.id,
        team_id: teamId,
        is_usergroup: true,
        name: approverGroup.handle,
        handle: approverGroup.handle,
        date_delete: 0,
        users: approverGroup.members.map((id) => people[id].slack.userId),
      },
    ],
  });

const openConversation: Method = (_, args) => {
  const person = personOfSlack(text(args.users));
  if (person === undefined) return fail("user_not_found");
  return ok({ channel: { id: directPlace("slack", person.id).id } });
};

const conversationInfo: Method = (_, args) => withPlace(args, (place) => ok({ channel: channelJson(place) }));

const conversationMembers: Method = (_, args) =>
  withPlace(args, (place) =>
    ok({
      members: [...place.members.map((id) => people[id].slack.userId), botUserId],
      response_metadata: { next_cursor: "" },
    }),
  );

function withPlace(args: JsonObject, then: (place: Place) => Answer): Answer {
  const place = findPlace("slack", text(args.channel));
  return place === undefined ? fail("channel_not_found") : then(place);
}

function channelJson(place: Place): JsonObject {
  const [only] = place.members;
  return place.kind === "direct" && only !== undefined
    ? { id: place.id, is_im: true, user: people[only].slack.userId, is_archived: false }
    : {
        id: place.id,
        name: place.name,
        is_channel: true,
        is_im: false,
        is_private: false,
        is_archived: false,
        is_member: true,
        num_members: everybody.length + 1,
      };
}

const openView: Method = (context, args) => {
  const checked = checkView(args.view, () => context.ids.id("b"));
  const trigger = context.triggers.exchange(text(args.trigger_id));
  if ("error" in trigger) return fail(trigger.error);
  if (!checked.ok) return refuseView(context, checked.messages);
  const modal = context.world.putModal({
    id: context.ids.id("V"),
    person: trigger.person,
    view: checked.view,
    hash: context.ids.id("h"),
    errors: {},
    state: "open",
  });
  return ok({ view: viewJson(modal, {}) });
};

const updateView: Method = (context, args) => {
  const modal = context.world.modal(text(args.view_id)) ?? modalByExternalId(context, text(args.external_id));
  if (modal === undefined || modal.state === "closed") return fail("not_found");
  if (args.hash !== undefined && args.hash !== modal.hash) return fail("hash_conflict");
  const checked = checkView(args.view, () => context.ids.id("b"));
  if (!checked.ok) return refuseView(context, checked.messages);
  const updated = context.world.putModal({
    ...modal,
    view: checked.view,
    hash: context.ids.id("h"),
    errors: {},
  });
  return ok({ view: viewJson(updated, {}) });
};

function modalByExternalId(context: SlackContext, externalId: string): Modal | undefined {
  if (externalId === "") return undefined;
  return context.world.state.modals.find(({ view }) => isJsonObject(view) && view.external_id === externalId);
}

function refuseView(context: SlackContext, messages: readonly string[]): Answer {
  context.world.note("chat", `Slack refused a form of the bot: ${messages.join("; ")}`, "problem");
  return fail("invalid_arguments", messages);
}

export const workspaceMethods: Readonly<Record<string, Method>> = {
  "auth.test": authTest,
  "users.info": usersInfo,
  "usergroups.users.list": groupMembers,
  "usergroups.list": groups,
  "conversations.open": openConversation,
  "conversations.info": conversationInfo,
  "conversations.members": conversationMembers,
  "views.open": openView,
  "views.update": updateView,
};
