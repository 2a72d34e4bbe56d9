import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { z } from "zod";
import { systemClock } from "../../src/adapters/clock/system-clock.ts";
import { queueSchema } from "../../src/adapters/store/job-queues.ts";
import { openStoreParts, type StoreSettings } from "../../src/adapters/store/open-store.ts";
import { aftercareRecord } from "../../src/adapters/store/records/aftercare-record.ts";
import type { Temporary } from "../../src/domain/change/aftercare.ts";
import type { LoggedRequest } from "../../src/playground/azure/log/request-log.ts";
import { places } from "../../src/playground/places.ts";
import { createMemoryLog } from "../support/memory-log.ts";
import type { Asked, AuditEntry, Evidence, Flags, SeenCard, Write } from "./evidence.ts";
import { isAcknowledged, readingOf } from "./hands.ts";
import { isAnswerTo, type Tagged } from "./story.ts";
import type { Surroundings } from "./surroundings.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** What became of everything that was asked, as the chats show it. */
export function askedIn(around: Surroundings, asked: readonly Tagged[]): readonly Asked[] {
  const messages = around.world.state.messages;
  return asked.map(({ tag, story, text, spoken }) => ({
    ...{ tag, text, site: story.site, platform: story.place.platform, person: story.asker },
    acknowledged: isAcknowledged(spoken),
    answered: messages.some((message) => isAnswerTo({ tag, story, text, spoken }, message)),
  }));
}

/** Everybody's client brings every card into view once more: cards in Teams then ask for how they stand. */
export async function lookAtCards(around: Surroundings): Promise<void> {
  const { world, teams } = around;
  await teams.settled();
  for (const message of world.state.messages.filter((one) => one.platform === "teams" && readingOf(one))) {
    const place = places.find(({ platform, id }) => platform === "teams" && id === message.conversation);
    for (const as of place?.members ?? []) await teams.refresh(message, as);
  }
}

/** Each card as each member of its conversation sees it: one of their own where they have one, else the one for everybody. */
export function cardsIn({ world }: Surroundings): readonly SeenCard[] {
  return world.state.messages.flatMap((message): SeenCard[] => {
    const card = readingOf(message);
    if (card === undefined) return [];
    const at = {
      request: card.request,
      platform: message.platform,
      conversation: message.conversation,
      message: message.id,
      since: Date.parse(message.sentAt),
    };
    const members = places.find(({ id }) => id === message.conversation)?.members ?? [];
    return members.map((reader) => ({
      ...at,
      reader,
      state: (message.views[reader] && readingOf(message, reader)?.state) ?? card.state,
    }));
  });
}

const patched = z.object({
  properties: z.strictObject({ outboundVnetRouting: z.record(z.string(), z.boolean()) }),
});

export function writesIn(writes: readonly LoggedRequest[]): readonly Write[] {
  return writes.map(({ sequence, time, site, method, requestBody, status, end, fault }) => ({
    ...{ sequence, method, status, end, fault, at: Date.parse(time) },
    site: site ?? "",
    flags: patched.safeParse(requestBody).data?.properties.outboundVnetRouting,
  }));
}

export function flagsIn({ azure, sites }: Surroundings): Readonly<Record<string, Flags>> {
  const wanted = new Set(sites);
  return Object.fromEntries(
    azure
      .sites()
      .flatMap(({ name, slot, routing }) => (slot === null && wanted.has(name) ? [[name, routing]] : [])),
  );
}

const recordSchema = z.object({ seq: z.int(), payload: z.string() });
const eventSchema = z.looseObject({
  kind: z.string(),
  request: z.string().optional(),
  person: z.looseObject({ id: z.string() }).optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  details: z.record(z.string(), z.string()).default({}),
});

/** The audit as an auditor gets it: exported and verified by the command, read from its file. */
export async function exportAudit(
  environment: Readonly<Record<string, string>>,
  { folder, anchor }: { readonly folder: string; readonly anchor: string },
): Promise<Pick<Evidence, "audit" | "verified">> {
  const exported = await routebot(["audit", "export"], environment);
  const key = await routebot(["audit", "key"], environment);
  const [file, keyFile] = [join(folder, "audit.jsonl"), join(folder, "audit-public.pem")];
  await writeFile(file, exported.stdout);
  await writeFile(keyFile, key.stdout);
  const verified = await routebot(["audit", "verify", file, "--anchor", anchor, "--key", keyFile], {});
  const audit = exported.stdout.split("\n").flatMap((line): AuditEntry[] => {
    const record = line === "" ? undefined : recordSchema.safeParse(JSON.parse(line)).data;
    if (record === undefined) return [];
    const { kind, request, person, from, to, details } = eventSchema.parse(JSON.parse(record.payload));
    return [{ kind, request, person: person?.id, from, to, details }];
  });
  return {
    audit,
    verified: { code: verified.code, said: `${verified.stdout}${verified.stderr}${exported.stderr}`.trim() },
  };
}

function routebot(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...words], {
      env: { PATH: process.env.PATH ?? "", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** What is under way in the database, read from its tables. */
export async function leftIn(settings: StoreSettings): Promise<Evidence["left"]> {
  const store = await openStoreParts(settings, { clock: systemClock, log: createMemoryLog() });
  try {
    const { sql: database } = store.database;
    const requests = await sql<{ id: string; state: string }>`
      SELECT id, state FROM routebot.change_request WHERE open`.execute(database);
    const jobs = await sql<{ kind: string; line: string; state: string }>`
      SELECT name AS kind, coalesce(singleton_key, '') AS line, state::text AS state
      FROM ${sql.raw(queueSchema)}.job WHERE state IN ('created', 'retry', 'active')`.execute(database);
    const dead = await sql<{ key: string; why: string }>`
      SELECT key, dead_why AS why FROM routebot.delivery WHERE dead_why IS NOT NULL`.execute(database);
    const cared = await sql<{ record: string }>`
      SELECT record FROM routebot.aftercare WHERE due_at IS NOT NULL`.execute(database);
    const temporary = cared.rows
      .map(({ record }) => aftercareRecord.read(record))
      .flatMap(({ of, temporary }) => (temporary && isToBeTurnedBackNow(temporary) ? [of] : []));
    return { requests: requests.rows, jobs: jobs.rows, deadDeliveries: dead.rows, temporary };
  } finally {
    await store.close();
  }
}

/** One whose revert was tried and changed nothing comes again in minutes, which is longer than a run lasts. */
function isToBeTurnedBackNow(temporary: Temporary): boolean {
  return (
    temporary.state === "reverting" || (temporary.state === "running" && temporary.lookAt <= temporary.endsAt)
  );
}
