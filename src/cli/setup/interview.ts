import type { Answers, Found, Place } from "./answers.ts";
import { askAzure } from "./ask-azure.ts";
import { askSlack, askTeams, type Chats, chatChoices } from "./ask-chats.ts";
import { askParameters } from "./ask-parameters.ts";
import { askPolicy, listed } from "./ask-policy.ts";
import { askStore } from "./ask-store.ts";
import type { EnvironmentFile } from "./ask-variable.ts";
import type { Asker } from "./asker.ts";

/** All questions, in their order. What is asked depends on the answers before it. */
export async function interview(ask: Asker, found: Found): Promise<Answers> {
  const place = await ask.choose<Place>({
    at: "place",
    text: "Where it will run",
    options: [
      { value: "host", label: "On a host of your own", hint: "as a service, or just from a terminal" },
      { value: "container", label: "In a container" },
      {
        value: "app-service",
        label: "On Azure App Service",
        hint: "with azd: infra/ makes everything around it",
      },
    ],
    initial: "host",
  });
  const chats = await ask.choose<Chats>({
    at: "chats",
    text: "Where people write to it",
    options: chatChoices,
    initial: chatsOf(found.known),
  });
  if (place === "app-service") {
    const parameters = await askParameters(ask, chats);
    const slackTeams = listed(parameters.ROUTEBOT_SLACK_TEAM_IDS ?? "");
    return {
      place,
      chats,
      host: "",
      parameters,
      policy: await askPolicyOrKeep(ask, found, { chats, slackTeams }),
    };
  }
  const azure = await askAzure(ask, found.known);
  const teams = chats === "slack" ? {} : await askTeams(ask, found.known);
  const slack = chats === "teams" ? {} : await askSlack(ask, found.known);
  const host = await askHost(ask, chats !== "slack" || slack.SLACK_SOCKET_MODE !== "1");
  const store = await askStore(ask, found.known, place);
  const slackTeams = listed(slack.SLACK_TEAM_IDS ?? "");
  return {
    place,
    chats,
    signIn: azure.signIn,
    host,
    variables: { ...azure.variables, ...teams, ...slack, ...store },
    policy: await askPolicyOrKeep(ask, found, { chats, slackTeams }),
  };
}

function chatsOf(known: EnvironmentFile): Chats {
  const [teams, slack] = [known.TEAMS_APP_ID !== undefined, known.SLACK_BOT_TOKEN !== undefined];
  return teams === slack ? "both" : teams ? "teams" : "slack";
}

async function askHost(ask: Asker, isReached: boolean): Promise<string> {
  if (!isReached) return "";
  const host = await ask.write({
    at: "host",
    text: "Public host name under which the chats reach it over https",
    hint: "Such as routebot.example.com; whatever answers there has to pass requests on to this process",
    judge: (answer) =>
      /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(answer)
        ? undefined
        : "That is not a host name; give it without https:// and without a path.",
  });
  return host.toLowerCase();
}

async function askPolicyOrKeep(
  ask: Asker,
  found: Found,
  workspaces: Parameters<typeof askPolicy>[2],
): Promise<string | "keep"> {
  if (found.hasPolicy) {
    const wanted = await ask.choose({
      at: "policy",
      text: "There is a policy file",
      options: [
        { value: "keep", label: "Keep it" },
        { value: "new", label: "Write a new one", hint: "what changes is shown first" },
      ],
      initial: "keep",
      implied: { by: "people", value: "new" },
    });
    if (wanted === "keep") return "keep";
  }
  return askPolicy(ask, found, workspaces);
}
