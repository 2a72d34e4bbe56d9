import type { Answers } from "./answers.ts";

/** How this program is called here: `routebot`, or by npm in a clone. */
export type Program = string;

/** What is left to do, in order, with the commands as they have to be typed. */
export function nextSteps(answers: Answers, routebot: Program): readonly string[] {
  switch (answers.place) {
    case "host":
      return [
        ...chatSteps(answers, routebot),
        `Check it again whenever something changes: ${routebot} doctor --env .env`,
        `Start it: ${routebot} serve --env .env`,
        'As a service: docs/install.md, "On a host of your own".',
        ...lastSteps(answers),
      ];
    case "container":
      return [
        ...chatSteps(answers, routebot),
        "Build the image: docker build --tag routebot .",
        `Start it: docker run --env-file .env --volume ./routebot.yaml:/app/routebot.yaml:ro${answers.variables.DATABASE_URL === undefined ? " --volume routebot-data:/data" : ""} --publish 3978:3978 routebot`,
        ...lastSteps(answers),
      ];
    case "app-service":
      return [
        "azd auth login",
        `azd env new ${answers.parameters.AZURE_ENV_NAME ?? ""}`,
        ...Object.entries(answers.parameters)
          .filter(([name]) => name !== "AZURE_ENV_NAME")
          .map(([name, value]) => `azd env set ${name} ${inShell(value)}`),
        "Look at what would be made: azd provision --preview",
        "Make it: azd provision",
        'Then docs/install.md, "On Azure App Service", from step 3 on: the database\'s role, the secrets of Slack, the policy file, the program.',
      ];
    default:
      return answers satisfies never;
  }
}

function chatSteps(
  { chats, host, variables }: Exclude<Answers, { place: "app-service" }>,
  routebot: Program,
) {
  const socket = variables.SLACK_SOCKET_MODE === "1";
  return [
    ...(chats === "slack"
      ? []
      : [
          `Teams: set the messaging endpoint of the bot registration to https://${host}/api/messages`,
          `Teams: make the app and upload it in the Teams admin center: ${routebot} manifest teams --app-id ${variables.TEAMS_APP_ID ?? ""} --website https://…`,
        ]),
    ...(chats === "teams"
      ? []
      : [
          `Slack: compare the app's manifest with this one: ${routebot} manifest slack ${socket ? "--socket" : `--host ${host}`}`,
        ]),
  ];
}

function lastSteps({ host }: Answers): readonly string[] {
  return [
    ...(host === "" ? [] : [`See that it is reached: https://${host}/readyz says ready`]),
    "Write help to it.",
  ];
}

function inShell(value: string): string {
  return /^[\w.,:/@-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
