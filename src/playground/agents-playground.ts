/**
 * Microsoft's Agents Playground as a second Teams client: it shows cards in Microsoft's own renderer. It sends no tokens and
 * makes people up, so each person of this playground gets a configuration file for it, and a port that the bot answers to.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { everybody, type Person } from "./people.ts";
import { teamsTeam } from "./places.ts";
import { botName } from "./teams/activities.ts";

/** The version that this was tried with. Its configuration is described by `version` 0.1.1 of its schema. */
const packageName = "@microsoft/m365agentsplayground@0.2.28";
/** The port of its own choice; one process is one person, the next person has the next port. */
const firstPort = 56_150;

/** The hosts of its connectors, as its activities name them in `serviceUrl`. */
export const agentsPlaygroundHosts: readonly string[] = everybody.map(
  (_, index) => `localhost:${firstPort + index}`,
);

export interface AgentsPlaygroundOptions {
  /** Where the files go. */
  readonly folder: string;
  readonly tenantId: string;
  readonly appId: string;
  readonly botEndpoint: string;
}

/** Writes a file for each person, and gives the command that starts the Agents Playground as them. */
export async function writeAgentsPlaygroundFiles(
  options: AgentsPlaygroundOptions,
): Promise<readonly string[]> {
  const { folder, botEndpoint } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return Promise.all(
    everybody.map(async (person, index) => {
      const file = join(folder, `${person.id}.yml`);
      await writeFile(file, stringify(configurationOf(person, options)));
      // Where it finds no browser to open, it ends without a word: so it is told to open none.
      const environment = `TEAMSAPPTESTER_BROWSER=none M365_AGENTS_PLAYGROUND_CONFIG_PATH='${file}'`;
      const flags = `-e ${botEndpoint} -c msteams -p ${firstPort + index} --dt`;
      return `${environment} npx ${packageName} ${flags}`;
    }),
  );
}

function configurationOf(person: Person, { tenantId, appId }: AgentsPlaygroundOptions) {
  const others = everybody.filter(({ id }) => id !== person.id);
  return {
    version: "0.1.1",
    tenantId,
    bot: { id: `28:${appId}`, name: botName },
    currentUser: userOf(person),
    // It wants five others at least.
    users: [...others.map(userOf), stranger(1), stranger(2)],
    // Each person's conversations are their own: two processes know nothing of each other.
    personalChat: { id: `a:agents-playground-${person.id}` },
    groupChat: { id: `19:agents-playground-${person.id}@thread.v2`, name: "Group Chat" },
    team: {
      id: `19:agents-playground-${person.id}-general@thread.tacv2`,
      name: teamsTeam.name,
      aadGroupId: teamsTeam.aadGroupId,
      channels: [{ id: `19:agents-playground-${person.id}-on-call@thread.tacv2`, name: "on-call" }],
    },
  };
}

function userOf({ name, teams }: Person) {
  const [givenName = name, ...rest] = name.split(" ");
  return {
    id: teams.mri,
    name,
    userPrincipleName: teams.upn,
    aadObjectId: teams.aadObjectId,
    givenName,
    surname: rest.join(" "),
    email: teams.upn,
  };
}

function stranger(number: number) {
  const email = `stranger-${number}@contoso.example`;
  return {
    id: `29:stranger-${number}`,
    name: `Stranger ${number}`,
    userPrincipleName: email,
    aadObjectId: `0a1b2c3d-4e5f-4a6b-8c7d-00000000000${number}`,
    givenName: "Stranger",
    surname: String(number),
    email,
  };
}
