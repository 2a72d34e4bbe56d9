import type { CatalogEntry } from "../../src/command/catalog.ts";

/** Versions of Microsoft's manifest schema that we can write: the one that every tenant takes, and the newest we know. */
export const schemaVersions = ["1.25", "1.30"] as const;
export type SchemaVersion = (typeof schemaVersions)[number];

/** What a deployment has of its own. */
export type TeamsDeployment = {
  /** App id of the bot registration: the client id of its identity. Also the id of the Teams app. */
  readonly appId: string;
  /** The page about the bot that people of this organisation can open; https. */
  readonly website: string;
  /** Default: `website`. */
  readonly privacy?: string;
  /** Default: `website`. */
  readonly terms?: string;
  /** Who runs it, as Teams names the developer; at most 32 characters. */
  readonly developer: string;
  /** Of Routebot: `1.2.3`. */
  readonly version: string;
  readonly schema: SchemaVersion;
  /**
   * Offer the commands behind `/` too; with schema 1.30 alone. Teams then delivers messages that only the sender and the bot see; what the
   * bot answers is for everybody all the same, since others have to decide.
   */
  readonly slashCommands?: boolean;
};

/** A list of commands has at most twelve (Microsoft's schema). What the cards of a change offer by themselves is left to them. */
const saidByCards: readonly CatalogEntry["kind"][] = ["end", "withdraw", "unfreeze"];
const maxCommands = 12;
const everyScope = ["personal", "team", "groupChat"] as const;

/**
 * The manifest of the Teams app: a bot for direct chats, channels and group chats. It asks for no permission: in channels and
 * group chats Teams delivers what mentions the bot and nothing else.
 */
export function teamsManifest(deployment: TeamsDeployment, catalog: readonly CatalogEntry[]) {
  const { appId, website, schema } = deployment;
  const slash = deployment.slashCommands === true && schema === "1.30";
  return {
    $schema: `https://developer.microsoft.com/json-schemas/teams/v${schema}/MicrosoftTeams.schema.json`,
    manifestVersion: schema,
    version: deployment.version,
    id: appId,
    developer: {
      name: deployment.developer,
      websiteUrl: website,
      privacyUrl: deployment.privacy ?? website,
      termsOfUseUrl: deployment.terms ?? website,
    },
    name: { short: "Routebot", full: "Routebot: outbound routing of App Service" },
    description: {
      short: "Routes the outbound traffic of App Service sites: planned, approved, verified.",
      full: [
        "Write what should change, such as **route all traffic for app-x**. Routebot works out which site is meant and what would change, asks those who may approve, changes the site once they have, and reads the settings back before it says that it is done.",
        "It also answers how a site is routed now, what is waiting, who may approve, and what was changed by whom.",
      ].join("\n\n"),
    },
    icons: { color: "color.png", outline: "outline.png" },
    accentColor: "#0B5C73",
    bots: [
      {
        botId: appId,
        scopes: everyScope,
        supportsFiles: false,
        isNotificationOnly: false,
        ...(slash && { supportsTargetedMessages: true }),
        commandLists: [
          {
            scopes: everyScope,
            ...(schema === "1.30" && { triggers: slash ? ["mention", "slash"] : ["mention"] }),
            commands: menuOf(catalog).map(({ title, description, example }) => ({
              title,
              description: `${description}: ${example}`,
            })),
          },
        ],
      },
    ],
    validDomains: [],
    defaultInstallScope: "team",
  } as const;
}

/** One entry of each kind, in the catalogue's order. */
function menuOf(catalog: readonly CatalogEntry[]): readonly CatalogEntry[] {
  const kinds = new Set<CatalogEntry["kind"]>(saidByCards);
  return catalog
    .filter(({ kind }) => {
      const isNew = !kinds.has(kind);
      kinds.add(kind);
      return isNew;
    })
    .slice(0, maxCommands);
}
