import { posix } from "node:path";
import type { ScannedSource } from "./scan-source.ts";

/**
 * Who may import whom (docs/architecture.md). A room is a folder of src, each adapter is one, and `compose` and `main` are
 * the two files that put everything together. Type-only imports count.
 */
export const roomsSeenBy: Readonly<Record<string, readonly string[] | "everything">> = {
  domain: ["domain"],
  command: ["command", "domain"],
  reply: ["reply", "domain"],
  ports: ["ports", "domain", "reply"],
  flow: ["flow", "domain", "command", "reply", "ports"],
  "adapters/admission": ["adapters/admission", "domain", "reply", "ports"],
  "adapters/anchor": ["adapters/anchor", "domain", "reply", "ports"],
  "adapters/azure": ["adapters/azure", "domain", "reply", "ports"],
  "adapters/clock": ["adapters/clock", "domain", "reply", "ports"],
  "adapters/directory": ["adapters/directory", "domain", "reply", "ports"],
  "adapters/http": ["adapters/http", "domain", "reply", "ports"],
  "adapters/log": ["adapters/log", "domain", "reply", "ports"],
  "adapters/probe": ["adapters/probe", "domain", "reply", "ports"],
  "adapters/slack": ["adapters/slack", "domain", "reply", "ports"],
  "adapters/step-up": ["adapters/step-up", "domain", "reply", "ports"],
  "adapters/store": ["adapters/store", "domain", "reply", "ports"],
  "adapters/teams": ["adapters/teams", "domain", "reply", "ports"],
  "adapters/telemetry": ["adapters/telemetry", "domain", "reply", "ports"],
  config: ["config", "domain"],
  playground: ["playground"],
  cli: "everything",
  compose: "everything",
  main: "everything",
};

/** The only files of the playground that the rest may import: its doors. */
export const doorsOfPlayground: readonly string[] = [
  "src/playground/playground.ts",
  "src/playground/open-browser.ts",
];

/**
 * Who may use which package. What is not listed may not be used. Each SDK has one home; sign-in to Entra ID serves two, since
 * Azure and the Bot Connector both take its tokens.
 */
export const packageUsers: Readonly<Record<string, readonly string[]>> = {
  "@azure-rest/core-client": ["adapters/azure"],
  "@azure/arm-appservice": ["adapters/azure"],
  "@azure/identity": ["adapters/azure", "adapters/teams"],
  "@azure/monitor-opentelemetry-exporter": ["adapters/telemetry"],
  "@clack/prompts": ["cli"],
  "@electric-sql/pglite": ["adapters/store"],
  "@microsoft/teams.cards": ["adapters/teams"],
  "@opentelemetry/api": ["adapters/telemetry"],
  "@opentelemetry/exporter-trace-otlp-http": ["adapters/telemetry"],
  "@opentelemetry/sdk-trace-node": ["adapters/telemetry"],
  "@slack/bolt": ["adapters/slack"],
  "@slack/types": ["adapters/slack"],
  "@slack/web-api": ["adapters/slack"],
  adaptivecards: ["playground"],
  botbuilder: ["adapters/teams"],
  "botframework-connector": ["adapters/teams"],
  commander: ["main", "cli"],
  "fastest-levenshtein": ["command", "reply", "config", "adapters/azure"],
  fflate: ["cli"],
  jose: ["adapters/teams", "playground"],
  kysely: ["adapters/store"],
  "openid-client": ["adapters/step-up"],
  pg: ["adapters/store"],
  "pg-boss": ["adapters/store"],
  "pg-connection-string": ["adapters/store"],
  pino: ["adapters/log"],
  "prom-client": ["adapters/telemetry"],
  "rate-limiter-flexible": ["adapters/admission"],
  restify: ["adapters/http"],
  selfsigned: ["playground"],
  ws: ["playground"],
  yaml: ["config", "cli", "playground"],
  zod: [
    "config",
    "cli",
    "playground",
    "adapters/anchor",
    "adapters/azure",
    "adapters/directory",
    "adapters/http",
    "adapters/slack",
    "adapters/step-up",
    "adapters/store",
    "adapters/teams",
  ],
};

/** Rooms without I/O: of Node's own modules they use only these, which compute and nothing else. */
export const nodeModulesOfPureRooms: Readonly<Record<string, readonly string[]>> = {
  domain: ["node:crypto"],
  command: [],
  reply: [],
  ports: [],
  flow: [],
};

/** What stands outside src and may be imported, and by whom. */
const outside: Readonly<Record<string, readonly string[]>> = {
  "package.json": ["main", "cli", "compose"],
  "manifest/slack/slack-manifest.ts": ["cli"],
  "manifest/teams/check-manifest.ts": ["cli"],
  "manifest/teams/teams-manifest.ts": ["cli"],
  "manifest/teams/teams-package.ts": ["cli"],
};

/** The room of a file, by its path from the root of the repository; `undefined` when it is in none. */
export function roomOf(file: string): string | undefined {
  const [src, first = "", second = ""] = file.split("/");
  if (src !== "src") return undefined;
  const room = first === "adapters" ? `adapters/${second}` : first.replace(/\.ts$/, "");
  return room in roomsSeenBy ? room : undefined;
}

/** One sentence for each import that the table does not allow: where, what, and what to do. */
export function importViolations(file: string, { imports }: ScannedSource): readonly string[] {
  const room = roomOf(file);
  if (room === undefined) {
    return [
      `${file} is in no room of the table in test/repository/import-rules.ts; move it, or add its room there and to the documents`,
    ];
  }
  return imports.flatMap(({ specifier, line }) => {
    const objection =
      specifier === undefined
        ? "imports something that only shows at run time; write the module's name"
        : objectionTo(specifier, file, room);
    return objection === undefined ? [] : [`${file}:${line} ${objection}`];
  });
}

function objectionTo(specifier: string, file: string, room: string): string | undefined {
  if (specifier.startsWith("node:")) return objectionToNode(specifier, room);
  if (!specifier.startsWith(".")) return objectionToPackage(specifier, room);

  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  const targetRoom = roomOf(target);
  if (targetRoom === undefined) {
    return outside[target]?.includes(room) === true
      ? undefined
      : `imports ${target}, which is no part of src`;
  }
  if (targetRoom === "playground" && room !== "playground" && !doorsOfPlayground.includes(target)) {
    return `imports the inside of the playground (${target}); only ${doorsOfPlayground.join(", ")} may be used`;
  }
  const seen = roomsSeenBy[room] ?? [];
  if (seen === "everything" || seen.includes(targetRoom)) return undefined;
  return `imports ${targetRoom} (${target}), but ${room} may only know ${seen.join(", ")}; pass in what it needs`;
}

function objectionToNode(specifier: string, room: string): string | undefined {
  const allowed = nodeModulesOfPureRooms[room];
  if (allowed === undefined || allowed.includes(specifier)) return undefined;
  return `imports ${specifier}, but ${room} does no I/O; pass in what it needs`;
}

function objectionToPackage(specifier: string, room: string): string | undefined {
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  const users = packageUsers[name];
  if (users === undefined)
    return `imports the package ${name}, which nobody may use yet; add it to packageUsers if it is to be`;
  return users.includes(room) ? undefined : `imports ${name}, whose home is ${users.join(" and ")}`;
}
