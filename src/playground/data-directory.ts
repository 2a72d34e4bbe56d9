/** The folder that keeps the playground from one run to the next. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { StartRefused } from "./start-refused.ts";

export interface DataDirectory {
  readonly path: string;
  /** The bot's own folder; everything that the bot keeps is in it. */
  readonly bot: string;
  /** Where the bot adds the signed heads of its audit: outside its own folder. */
  readonly auditAnchor: string;
  readonly botLog: string;
  readonly policy: string;
  readonly azure: string;
  readonly azureState: string;
  readonly world: string;
  readonly teams: string;
  readonly agentsPlayground: string;
}

/** Makes the folder ready. With `fresh`, what the playground kept in it is gone; other files there are left alone. */
export async function openDataDirectory(path: string, fresh: boolean): Promise<DataDirectory> {
  const directory: DataDirectory = {
    path,
    bot: join(path, "bot"),
    auditAnchor: join(path, "audit-anchor.jsonl"),
    botLog: join(path, "bot.log"),
    policy: join(path, "policy.yaml"),
    azure: join(path, "azure"),
    azureState: join(path, "azure.json"),
    world: join(path, "chats.json"),
    teams: join(path, "teams.json"),
    agentsPlayground: join(path, "agents-playground"),
  };
  try {
    if (fresh) {
      const { path: _, ...own } = directory;
      for (const part of Object.values(own)) await rm(part, { recursive: true, force: true });
    }
    await mkdir(directory.bot, { recursive: true, mode: 0o700 });
    await mkdir(directory.azure, { recursive: true, mode: 0o700 });
    await writeFile(join(path, ".gitignore"), "*\n");
  } catch (cause) {
    throw cannotBeWritten(path, cause);
  }
  return directory;
}

/** SQLite's own code for "somebody else has it". */
const busy = z.object({ errcode: z.literal(5) });

/**
 * Takes the folder for this process alone, before anything in it is read, written or forgotten. The lock is SQLite's: it ends
 * with the process, however that ends.
 */
export async function lockDataDirectory(path: string): Promise<{ release(): void }> {
  let lock: DatabaseSync | undefined;
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    lock = new DatabaseSync(join(path, "playground.lock"));
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    lock?.close();
    if (!busy.safeParse(cause).success) throw cannotBeWritten(path, cause);
    throw new StartRefused(
      `Another playground is using the folder ${path}; stop that one, or give this one another folder with --data.`,
      { cause },
    );
  }
  const taken = lock;
  return {
    release: () => {
      if (taken.isOpen) taken.close();
    },
  };
}

function cannotBeWritten(path: string, cause: unknown): StartRefused {
  const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
  return new StartRefused(`The folder ${path} cannot be written${code}; give another one with --data.`, {
    cause,
  });
}

const teamsFileSchema = z.object({
  /** The bot keeps addresses of its conversations, so Teams has to be found at the same port again. */
  port: z.int(),
  /** The app was added to the conversations. */
  installed: z.boolean(),
});
export type TeamsFile = z.infer<typeof teamsFileSchema>;

/** What an earlier run has left about the local Teams; undefined when there is nothing usable. */
export async function readTeamsFile(path: string): Promise<TeamsFile | undefined> {
  const text = await readFile(path, "utf8").catch(() => "null");
  try {
    return teamsFileSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export async function writeTeamsFile(path: string, content: TeamsFile): Promise<void> {
  await writeFile(path, JSON.stringify(content));
}
