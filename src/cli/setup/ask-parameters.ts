import { z } from "zod";
import { environmentSchema } from "../../config/environment.ts";
import type { Chats } from "./ask-chats.ts";
import { listed } from "./ask-policy.ts";
import type { Asker } from "./asker.ts";
import { judgeBy } from "./judge-answer.ts";

/** Names as Azure allows them for resource groups, separated by commas. Source: Azure's resource name rules. */
const groupNames = /^[\w().-]*[\w()-](\s*,\s*[\w().-]*[\w()-])*$/;

/** The parameters of infra/main.bicep, by the names that `azd env set` takes. Secrets are none of them. */
export async function askParameters(ask: Asker, chats: Chats): Promise<Readonly<Record<string, string>>> {
  const environment = await ask.write({
    at: "environmentName",
    text: "Name of the environment, a part of the names of what is made",
    initial: "production",
    judge: (answer) =>
      /^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$/.test(answer)
        ? undefined
        : "That is not a name for it; use up to 24 small letters, digits and -.",
  });
  const location = await ask.write({
    at: "location",
    text: "Azure region",
    initial: "westeurope",
    judge: (answer) =>
      /^[a-z0-9]+$/.test(answer) ? undefined : "That is not a region; write it as westeurope.",
  });
  const group = async (at: string, text: string, initial?: string) =>
    ask.write({
      at,
      text,
      hint: "Names, separated by commas",
      ...(initial !== undefined && { initial }),
      judge: (answer) =>
        groupNames.test(answer)
          ? undefined
          : "That is not a list of resource groups; separate their names by commas.",
    });
  const targets = await group("targetGroups", "Resource groups whose sites Routebot may change");
  const subnets = await group(
    "subnetGroups",
    "Resource groups of the subnets that these sites are integrated with",
    "",
  );
  const adminId = await ask.write({
    at: "databaseAdminId",
    text: "Object id of the Entra group that administers the database",
    judge: (answer) =>
      z.guid().safeParse(answer).success ? undefined : "That is not an object id; give the group's.",
  });
  const adminName = await ask.write({ at: "databaseAdminName", text: "Its name", judge: () => undefined });
  const slackTeams =
    chats === "teams"
      ? ""
      : await ask.write({
          at: "SLACK_TEAM_IDS",
          text: "Slack workspaces whose messages are taken (T…)",
          judge: (answer) => judgeBy(environmentSchema.shape.SLACK_TEAM_IDS, answer),
        });
  const alertEmail = await ask.write({
    at: "alertEmail",
    text: "E-mail address that alerts go to",
    initial: "",
    judge: (answer) => (z.email().safeParse(answer).success ? undefined : "That is not an e-mail address."),
  });
  return {
    AZURE_ENV_NAME: environment,
    AZURE_LOCATION: location,
    ROUTEBOT_DATABASE_ADMIN_ID: adminId,
    ROUTEBOT_DATABASE_ADMIN_NAME: adminName,
    ROUTEBOT_TARGET_GROUPS: listed(targets).join(","),
    ...(subnets !== "" && { ROUTEBOT_SUBNET_GROUPS: listed(subnets).join(",") }),
    ...(slackTeams !== "" && { ROUTEBOT_SLACK_TEAM_IDS: slackTeams }),
    ...(alertEmail !== "" && { ROUTEBOT_ALERT_EMAIL: alertEmail }),
  };
}
