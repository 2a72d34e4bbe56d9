import { extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, InvalidArgumentError, Option } from "commander";
import { openBrowser } from "../playground/open-browser.ts";
import { type Playground, StartRefused, startPlayground } from "../playground/playground.ts";

interface PlaygroundFlags {
  readonly port: number;
  readonly botPort: number;
  readonly azurePort: number;
  readonly data: string;
  readonly host: string;
  readonly fresh: boolean;
  readonly browser: boolean;
  readonly anonymousTeams: boolean;
}

const loopbackHosts = ["127.0.0.1", "localhost"];

/** `main.ts` here, `main.js` in the published package. */
const thisProgram = fileURLToPath(new URL(`../main${extname(import.meta.url)}`, import.meta.url));

/**
 * `routebot playground`: everything that is needed to try Routebot, on this machine alone.
 * @param main the program whose `serve` command is the bot
 */
export function addPlaygroundCommand(program: Command, main: string = thisProgram): void {
  program
    .command("playground")
    .description("run the bot with a local Azure, Teams and Slack, and a page to try it on")
    .addOption(portOption("--port <number>", "port of the page", 3900))
    .addOption(portOption("--bot-port <number>", "port of the bot", 3978))
    .addOption(portOption("--azure-port <number>", "port of the local Azure", 8443))
    .option("--host <address>", "address to listen on; only this machine's own", "127.0.0.1")
    .option("--data <folder>", "where conversations, sites and the bot's store are kept", ".routebot")
    .option("--fresh", "forget what earlier runs have kept", false)
    .option("--no-browser", "do not open the page in a browser")
    .option(
      "--anonymous-teams",
      "let unauthenticated Teams activities in from this machine, for Microsoft's Agents Playground",
      false,
    )
    .action((flags: PlaygroundFlags) => run(flags, main));
}

function portOption(flags: string, description: string, otherwise: number): Option {
  return new Option(flags, `${description}; 0 takes any free one`).default(otherwise).argParser((text) => {
    const port = Number(text);
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
    throw new InvalidArgumentError("It has to be a number from 0 to 65535.");
  });
}

async function run(flags: PlaygroundFlags, main: string): Promise<void> {
  if (!loopbackHosts.includes(flags.host)) {
    const why = flags.anonymousTeams
      ? "with --anonymous-teams anybody who reaches it could command the bot"
      : "it has no sign-in";
    return refuse(`The playground listens on 127.0.0.1 only, not on ${flags.host}: ${why}.`);
  }
  let playground: Playground | undefined;
  let asked = false;
  const stop = () => {
    if (asked) {
      playground?.killNow();
      process.exit(1);
    }
    asked = true;
    // Before the start is over, the end of this process ends the bot through its standard input.
    if (playground === undefined) process.exit(0);
    playground.close().then(
      () => process.exit(0),
      (error: unknown) => refuse(error instanceof Error ? error.message : String(error)),
    );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  try {
    playground = await startPlayground({
      main,
      dataDirectory: resolve(flags.data),
      fresh: flags.fresh,
      ports: { page: flags.port, bot: flags.botPort, azure: flags.azurePort },
      anonymousTeams: flags.anonymousTeams,
    });
  } catch (error) {
    if (error instanceof StartRefused) return refuse(error.message);
    throw error;
  }
  process.stdout.write(`${addressLines(playground).join("\n")}\nRoutebot playground is ready.\n`);
  if (flags.browser && process.stdout.isTTY) openBrowser(playground.pageUrl);
}

/** One address a line; what a client of the local Azure needs stands below it. */
export function addressLines(playground: Playground): string[] {
  const { pageUrl, botUrl, azure, teamsServiceUrl, slackApiUrl, agentsPlayground } = playground;
  const { clientId, clientSecret } = azure.credentials.routing;
  return [
    `page   ${pageUrl}`,
    `bot    ${botUrl}`,
    `azure  ${azure.url}`,
    `       CA file        ${azure.caFile}`,
    `       tenant         ${azure.tenantId}`,
    `       client id      ${clientId}`,
    `       client secret  ${clientSecret}`,
    `teams  ${teamsServiceUrl}`,
    `slack  ${slackApiUrl}`,
    ...agentsPlayground.map((command) => `agents ${command}`),
  ];
}

function refuse(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
