import { parseEnv } from "node:util";
import { variables } from "../../config/environment.ts";
import type { Chats } from "./ask-chats.ts";
import type { EnvironmentFile } from "./ask-variable.ts";

/** What the questions are about: where one was not asked, its variable does not stay behind from an earlier answer. */
const asked: ReadonlySet<string> = new Set([
  "ROUTEBOT_SUBSCRIPTIONS",
  "AZURE_TENANT_ID",
  "AZURE_CLIENT_ID",
  "AZURE_CLIENT_SECRET",
  "TEAMS_APP_ID",
  "TEAMS_APP_TYPE",
  "TEAMS_APP_TENANT_ID",
  "TEAMS_APP_PASSWORD",
  "SLACK_BOT_TOKEN",
  "SLACK_SIGNING_SECRET",
  "SLACK_TEAM_IDS",
  "SLACK_SOCKET_MODE",
  "SLACK_APP_TOKEN",
  "ROUTEBOT_DATA_DIR",
  "DATABASE_URL",
  "ROUTEBOT_DATABASE_AUTH",
  "ROUTEBOT_AUDIT_KEY_FILE",
  "ROUTEBOT_AUDIT_ANCHOR_FILE",
]);

export function readEnvironmentFile(text: string): EnvironmentFile {
  return Object.fromEntries(
    Object.entries(parseEnv(text)).flatMap(([name, value]) => (value ? [[name, value] as const] : [])),
  );
}

/** The answers over what was there: variables that no question is about stay, those of a chat that is off do not. */
export function mergeEnvironment(
  known: EnvironmentFile,
  chats: Chats,
  answers: EnvironmentFile,
): EnvironmentFile {
  const isOff = (name: string) =>
    (chats === "slack" && name.startsWith("TEAMS_")) || (chats === "teams" && name.startsWith("SLACK_"));
  const kept = Object.entries(known).filter(([name]) => !asked.has(name) && !isOff(name));
  return { ...Object.fromEntries(kept), ...answers };
}

/**
 * The text of a `.env` file, in the order of .env.example. Node, systemd and the shell read it alike; a container engine too,
 * where no value needs quotes, which it would take as a part of the value.
 */
export function environmentText(values: EnvironmentFile): string {
  const lines = [
    "# Made by `routebot setup`. What else can be set: .env.example.",
    "# It holds secrets: mode 0600, and in no repository.",
  ];
  for (const group of new Set(variables.map((variable) => variable.group))) {
    const mine = variables.filter(({ name, group: of }) => of === group && values[name] !== undefined);
    if (mine.length === 0) continue;
    lines.push("", `# ${group}`, "", ...mine.map(({ name }) => `${name}=${quoted(values[name] ?? "")}`));
  }
  const names = new Set(variables.map(({ name }) => name));
  const others = Object.entries(values).filter(([name]) => !names.has(name));
  if (others.length > 0)
    lines.push("", "# Others", "", ...others.map(([name, value]) => `${name}=${quoted(value)}`));
  return `${lines.join("\n")}\n`;
}

/** Whether every value can be written without quotes. */
export function isPlain(values: EnvironmentFile): boolean {
  return Object.values(values).every((value) => quoted(value) === value);
}

/** A shell would go on with what is behind `;`, `&` and `|`, and put a folder in the place of `~` at a beginning. */
function quoted(value: string): string {
  if (/^(?!~)(?!.*:~)[\w.~:/@%+,=?*{}^!-]*$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  return value.includes('"') ? `\`${value}\`` : `"${value}"`;
}
