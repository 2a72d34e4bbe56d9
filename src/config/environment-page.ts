import { variables } from "./environment.ts";

/** The text of docs/configuration.md: every variable, for those who read before they set. */
export function environmentPage(): string {
  const lines = [
    "# Every variable",
    "",
    "Routebot is configured by environment variables and a [policy file](policy.md). This page and",
    "[.env.example](../.env.example) are made from what the program reads; `routebot setup` asks for those that a deployment needs.",
    "",
    "- A variable that is empty counts as not set. Durations are written as `30s`, `5m`, `4h` or `1d`; switches as `1` or `0`.",
    "- `routebot serve --env FILE` (and every other command) reads them from a file, too; what is set already stays.",
    "- Whatever is wrong is said at once, all of it, with the name of the variable and what to do. Nothing is started then: exit code 1.",
    "- A misspelt `ROUTEBOT_…` is a mistake, too. Other programs may have `TEAMS_…` and `SLACK_…` of their own: those are only mentioned.",
    "- A secret is never printed and never logged.",
  ];
  for (const group of new Set(variables.map((variable) => variable.group))) {
    lines.push("", `## ${group}`, "", "| variable | what it is |", "|---|---|");
    for (const { name, text, example, secret } of variables.filter((variable) => variable.group === group)) {
      const shown = example === undefined ? "" : ` Example: \`${example}\``;
      lines.push(
        `| \`${name}\` | ${text.replaceAll("|", "\\|")}${secret === true ? " **Secret.**" : ""}${shown} |`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}
