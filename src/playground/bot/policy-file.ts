/** The policy the playground's bot works under. */
import { stringify } from "yaml";
import { everybody } from "../people.ts";
import { slackWorkspace } from "../places.ts";

/** The policy file's text: Robin, Ana and Ben may ask, Ana and Ben decide, Ana may stop everything, Robin may break the glass, Olga has no rights. */
export function policyFile(): string {
  const policy = {
    people: everybody.map(({ id, name, teams, slack }) => ({
      id,
      name,
      teams: teams.aadObjectId,
      slack: `${slackWorkspace.teamId}/${slack.userId}`,
    })),
    rules: [
      {
        name: "playground",
        sites: { subscriptions: ["*"], resourceGroups: ["*"], names: ["*"] },
        request: ["robin", "ana", "ben"],
        approve: ["ana", "ben"],
        quorum: 1,
        decideWithin: "4h",
        applyWithin: "1h",
        breakGlass: ["robin"],
      },
    ],
    stop: ["ana"],
  };
  return `# Written by the playground at every start; changes here are lost.\n${stringify(policy)}`;
}
