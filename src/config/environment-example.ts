import { variables } from "./environment.ts";

/** The text of `.env.example`: every variable that an operator sets, commented out, with what it means. */
export function environmentExample(): string {
  const lines = [
    "# Everything that Routebot reads from its environment. Take what you need; the rest has defaults.",
    "# Routebot reads such a file with: routebot serve --env .env",
  ];
  for (const group of new Set(variables.map((variable) => variable.group))) {
    lines.push("", `# ${group}`, "");
    for (const { name, text, example, secret } of variables.filter((variable) => variable.group === group)) {
      // Set by the platform, not by the operator.
      if (name === "PORT") continue;
      lines.push(`# ${text}${secret === true ? " Secret." : ""}`, `# ${name}=${example ?? ""}`, "");
    }
    lines.pop();
  }
  return `${lines.join("\n")}\n`;
}
