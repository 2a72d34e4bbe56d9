/**
 * The playground: a local Azure, a local Teams, a local Slack and one page, and the bot as a child process that is
 * configured as in production and knows nothing of being in a playground.
 */
import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { writeAgentsPlaygroundFiles } from "./agents-playground.ts";
import { type LocalAzure, startLocalAzure } from "./azure/local-azure.ts";
import { createAzureAdmin, keepAzureState } from "./azure-link.ts";
import { botEnvironment } from "./bot/bot-environment.ts";
import { createBotProcess } from "./bot/bot-process.ts";
import { createCrashAtWrite } from "./bot/crash-at-write.ts";
import { policyFile } from "./bot/policy-file.ts";
import { createChatFaults } from "./chat-faults.ts";
import {
  type DataDirectory,
  lockDataDirectory,
  openDataDirectory,
  readTeamsFile,
  writeTeamsFile,
} from "./data-directory.ts";
import { createDeliveryLog } from "./deliveries.ts";
import { reservePort } from "./http/free-port.ts";
import { PortInUse } from "./http/port-in-use.ts";
import { followLog } from "./journal/follow-log.ts";
import { keepJournal } from "./journal/keep-journal.ts";
import { readAuditLine } from "./journal/read-audit-line.ts";
import { startPageServer } from "./page-server.ts";
import { startLocalSlack } from "./slack/local-slack.ts";
import { StartRefused } from "./start-refused.ts";
import { type LocalTeams, type LocalTeamsOptions, startLocalTeams } from "./teams/local-teams.ts";
import { World } from "./world/world.ts";
import { keepWorldFile, readWorldFile } from "./world/world-file.ts";

export { StartRefused };

export interface PlaygroundOptions {
  /** The program with the bot's `serve` command. */
  readonly main: string;
  readonly dataDirectory: string;
  /** Forget what earlier runs have kept. */
  readonly fresh?: boolean;
  /** 0 takes any free one. */
  readonly ports: { readonly page: number; readonly bot: number; readonly azure: number };
  /** Lets the bot take unauthenticated Teams activities from this machine, for Microsoft's Agents Playground. */
  readonly anonymousTeams?: boolean;
  readonly slackTransport?: "http" | "socket";
}

export interface Playground {
  readonly pageUrl: string;
  readonly botUrl: string;
  readonly azure: Pick<LocalAzure, "url" | "caFile" | "tenantId" | "credentials">;
  readonly teamsServiceUrl: string;
  readonly slackApiUrl: string;
  /** The commands that start Microsoft's Agents Playground, one a person; none unless anonymous Teams was asked for. */
  readonly agentsPlayground: readonly string[];
  /** Stops everything, in order. May be called twice. */
  close(): Promise<void>;
  /** Ends the bot at once; for a process that must not wait. */
  killNow(): void;
}

/** Starts everything and resolves when the bot is ready. Fails with {@link StartRefused}; then nothing is left running. */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const closers: (() => unknown)[] = [];
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      for (const closer of closers.toReversed()) await closer();
    })();
    return closing;
  };
  try {
    return await start(options, (closer) => closers.push(closer), close);
  } catch (error) {
    await close();
    throw refusalOf(error, options.dataDirectory) ?? error;
  }
}

/** What somebody at the keyboard can do something about: a port that is taken, a file that cannot be used. */
function refusalOf(error: unknown, folder: string): StartRefused | undefined {
  if (error instanceof PortInUse) return new StartRefused(error.message, { cause: error });
  if (!(error instanceof Error) || !("path" in error) || typeof error.path !== "string") return undefined;
  return error.path.startsWith(folder) ? unusableFile(error.path, error) : undefined;
}

async function start(
  options: PlaygroundOptions,
  onClose: (closer: () => unknown) => void,
  close: () => Promise<void>,
): Promise<Playground> {
  const now = () => new Date();
  const randomHex = (bytes: number) => randomBytes(bytes).toString("hex");
  const lock = await lockDataDirectory(options.dataDirectory);
  onClose(lock.release);
  const directory = await openDataDirectory(options.dataDirectory, options.fresh ?? false);

  const azure = await openAzure(options.ports.azure, directory);
  onClose(() => azure.close());
  onClose(await keepAzureState(directory.azureState, azure).catch(unusable(directory.azureState)));
  const admin = createAzureAdmin(azure);
  onClose(admin.close);

  const world = new World(await readWorldFile(directory.world).catch(unusable(directory.world)), now);
  const worldFile = keepWorldFile(directory.world, world);
  onClose(worldFile.close);
  const journal = keepJournal(world, azure.onEvent);
  onClose(journal.close);
  const botLog = followLog(directory.botLog, (line) => {
    const record = readAuditLine(line);
    if (record !== undefined) world.addAudit(record);
  });
  onClose(botLog.close);
  const faults = createChatFaults(now);
  const deliveries = createDeliveryLog();
  const shared = { world, faults, deliveries, now };

  const botPort = await reservePort("the bot (--bot-port)", options.ports.bot);
  const botUrl = `http://127.0.0.1:${botPort}`;
  const { teams, isInstalled } = await openTeams(directory, {
    ...shared,
    tenantId: azure.tenantId,
    appId: azure.credentials.bot.clientId,
    botEndpoint: `${botUrl}/api/messages`,
    verifyBotToken: async (token) => (await azure.verifyBotToken(token)).kind === "accepted",
    keyId: randomHex(8),
  });
  onClose(teams.close);
  const slackSecrets = {
    botToken: `xoxb-playground-${randomHex(12)}`,
    appToken: `xapp-playground-${randomHex(12)}`,
    signingSecret: randomHex(16),
    transport: options.slackTransport ?? "http",
  } as const;
  const slack = await startLocalSlack({
    ...shared,
    ...slackSecrets,
    port: 0,
    botEndpoint: `${botUrl}/slack/events`,
    randomHex,
  });
  onClose(slack.close);

  await writeFile(directory.policy, policyFile());
  const agentsPlayground = options.anonymousTeams
    ? await writeAgentsPlaygroundFiles({
        folder: directory.agentsPlayground,
        tenantId: azure.tenantId,
        appId: azure.credentials.bot.clientId,
        botEndpoint: `${botUrl}/api/messages`,
      })
    : [];
  const surroundings = {
    botPort,
    dataDirectory: directory.bot,
    auditAnchor: directory.auditAnchor,
    policyFile: directory.policy,
    azure,
    teams,
    slack: { apiUrl: slack.apiUrl, ...slackSecrets },
    anonymousTeams: options.anonymousTeams ?? false,
  };
  const bot = createBotProcess({
    main: options.main,
    environment: botEnvironment(surroundings, process.env),
    logFile: directory.botLog,
    url: botUrl,
    note: (text, level) => world.note("bot", text, level),
  });
  const crash = createCrashAtWrite({
    kill: bot.kill,
    azure,
    orderFault: (order) => admin.call("POST", "faults", JSON.stringify([order])),
  });
  onClose(crash.close);

  const beginAgain = async () => {
    await bot.stop();
    await rm(directory.bot, { recursive: true, force: true });
    await rm(directory.auditAnchor, { force: true });
    await rm(directory.botLog, { force: true });
    await openDataDirectory(options.dataDirectory, false);
    faults.clear();
    deliveries.clear();
    azure.reset();
    // Its last lines are of the audit that is forgotten now.
    await botLog.look();
    world.reset();
    await bot.start();
    await install(teams, directory);
    world.note("playground", "Everything is as on the first day.");
  };
  const addresses = { page: "", bot: botUrl, azure: azure.url, teams: teams.serviceUrl, slack: slack.apiUrl };
  const page = await startPageServer(options.ports.page, {
    ...shared,
    teams,
    slack,
    journal,
    bot: {
      state: () => ({ ...bot.state(), crashArmed: crash.armed() }),
      kill: bot.kill,
      armCrash: crash.arm,
    },
    azure: admin.call,
    onAzure: azure.onEvent,
    reset: oneAtATime(beginAgain),
    addresses: () => addresses,
  });
  addresses.page = page.url;
  onClose(page.close);
  // Registered last, so stopped first: while the bot ends, the services it talks to are still there.
  onClose(bot.stop);
  await bot.start();
  if (!isInstalled) await install(teams, directory);
  return {
    pageUrl: page.url,
    botUrl,
    azure,
    teamsServiceUrl: teams.serviceUrl,
    slackApiUrl: slack.apiUrl,
    agentsPlayground,
    close,
    killNow: bot.killNow,
  };
}

async function openAzure(port: number, directory: DataDirectory): Promise<LocalAzure> {
  try {
    return await startLocalAzure({ port, directory: directory.azure });
  } catch (error) {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    throw taken ? new PortInUse("the local Azure (--azure-port)", port) : error;
  }
}

/** At the port of the earlier run, where the bot will look for it; at any other one if that is taken by now. */
async function openTeams(directory: DataDirectory, options: Omit<LocalTeamsOptions, "port">) {
  const kept = await readTeamsFile(directory.teams);
  if (kept !== undefined) {
    try {
      return { teams: await startLocalTeams({ ...options, port: kept.port }), isInstalled: kept.installed };
    } catch (error) {
      if (!(error instanceof PortInUse)) throw error;
      options.world.note(
        "chat",
        "Teams is at a new address; cards of earlier runs cannot be updated.",
        "problem",
      );
    }
  }
  return { teams: await startLocalTeams({ ...options, port: 0 }), isInstalled: false };
}

async function install(teams: LocalTeams, directory: DataDirectory): Promise<void> {
  await teams.install();
  await writeTeamsFile(directory.teams, { port: teams.port, installed: true });
}

function unusable(path: string): (cause: unknown) => never {
  return (cause) => {
    throw unusableFile(path, cause);
  };
}

function unusableFile(path: string, cause: unknown): StartRefused {
  return new StartRefused(`${path} cannot be used; start with --fresh to leave it behind.`, { cause });
}

/** Whoever asks while it is already running waits for the same run. */
function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };
}
