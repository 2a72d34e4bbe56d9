import type { VariableName } from "./environment.ts";
import type { Check } from "./environment-check.ts";
import { isLoopback } from "./variable-values.ts";

/** Who tells the bot what people say and who they are. */
const peopleSources = [
  "TEAMS_OPENID_METADATA_URL",
  "SLACK_API_URL",
  "ROUTEBOT_GRAPH_URL",
] as const satisfies readonly VariableName[];

/** What has to be local where Azure is: else real people would be told of changes that never happened. */
const chats = [
  { on: "TEAMS_APP_ID", source: "TEAMS_OPENID_METADATA_URL", name: "Teams" },
  { on: "SLACK_BOT_TOKEN", source: "SLACK_API_URL", name: "Slack" },
] as const satisfies readonly {
  readonly on: VariableName;
  readonly source: VariableName;
  readonly name: string;
}[];

/**
 * Keeps a playground and production apart: a local Azure serves local chats alone, and activities without a token are taken
 * only where there is nothing real to change. Returns what an operator should know.
 */
export function checkLocalServices(
  { values, has, report }: Check,
  { listensHere }: { readonly listensHere: boolean },
): readonly string[] {
  const isLocal = (name: VariableName) => {
    const value = values[name];
    return typeof value === "string" && URL.canParse(value) && isLoopback(new URL(value).hostname);
  };
  if (has("TEAMS_ALLOW_ANONYMOUS") && !listensHere) {
    report(
      "TEAMS_ALLOW_ANONYMOUS",
      "lets anybody in who can reach the address listened on; set ROUTEBOT_HOST to 127.0.0.1 or leave this out",
    );
  }
  if (!isLocal("AZURE_RESOURCE_MANAGER_URL")) {
    if (values.TEAMS_ALLOW_ANONYMOUS !== undefined && listensHere) {
      report(
        "TEAMS_ALLOW_ANONYMOUS",
        "lets whoever can send from this machine command the bot, and it would change a real Azure; leave it out (it is for a local Azure, see docs/development.md)",
      );
    }
    return peopleSources.filter(isLocal).map((name) => {
      return `${name} is a service on this machine, which is believed about who people are, while AZURE_RESOURCE_MANAGER_URL is a real Azure.`;
    });
  }
  for (const { on, source, name } of chats) {
    if (values[on] !== undefined && !isLocal(source)) {
      report(
        "AZURE_RESOURCE_MANAGER_URL",
        `is a local Azure, but ${name} is the real one (${source}): people there would be told of changes that never happened; point both to this machine or neither`,
      );
    }
  }
  return [
    "This is a playground: AZURE_RESOURCE_MANAGER_URL is on this machine, so nothing that is said or changed is about real sites.",
  ];
}
