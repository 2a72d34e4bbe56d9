import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSealLine } from "../src/adapters/anchor/seal-line.ts";
import { systemClock } from "../src/adapters/clock/system-clock.ts";
import { createPinoLog } from "../src/adapters/log/pino-log.ts";
import { openStore } from "../src/adapters/store/open-store.ts";
import { writeRecordLine } from "../src/cli/audit/audit-file.ts";
import { verifyFile } from "../src/cli/audit/verify-file.ts";
import { type AuditRecord, emptyHead, hashOf } from "../src/domain/audit/audit-record.ts";
import { sealHead, sealingKey } from "../src/domain/audit/seal.ts";
import type { AuditEvent } from "../src/domain/change/audit-event.ts";

export type AuditChain = {
  /** Durable transactions with one event each, ten writers at once, embedded store. */
  readonly appendsPerSecond: number;
  /** Records of an export checked by `audit verify`: hash, order, anchors and seal. */
  readonly verifyRowsPerSecond: number;
  readonly appends: number;
  readonly rows: number;
};

const appends = 3_000;
const writers = 10;
const rows = 100_000;
const anchorEvery = 1_000;
const rounds = 3;

export async function measureAuditChain(): Promise<AuditChain> {
  return {
    appendsPerSecond: Math.round(await appendsPerSecond()),
    verifyRowsPerSecond: Math.round(await verifyRowsPerSecond()),
    appends,
    rows,
  };
}

/** An event as an approval makes it. */
function eventOf(index: number): AuditEvent {
  return {
    kind: "approval",
    at: new Date(Date.UTC(2026, 10, 22) + index),
    request: `CR-${index + 1}`,
    person: { id: "ana", name: "Ana Alvarez" },
    account: {
      platform: "teams",
      tenant: "11111111-1111-4111-8111-111111111111",
      user: `user-${index % 50}`,
    },
    surface: "button",
    from: "pending",
    to: "approved",
    fingerprint: "4f2a".repeat(16),
    policyVersion: "9c1e".repeat(16),
    details: { approvals: "1 of 1" },
  };
}

async function appendsPerSecond(): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), "routebot-bench-"));
  const log = createPinoLog({ level: "error", secrets: [] });
  const store = await openStore({ kind: "embedded", directory }, { clock: systemClock, log });
  try {
    let next = 0;
    const write = async (until: number) => {
      while (next < until) await store.requests.record({ events: [eventOf(next++)], owed: [], jobs: [] });
    };
    const all = (until: number) => Promise.all(Array.from({ length: writers }, () => write(until)));
    await all(appends / 10);
    const began = performance.now();
    const from = next;
    await all(from + appends);
    return ((next - from) * 1_000) / (performance.now() - began);
  } finally {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function verifyRowsPerSecond(): Promise<number> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = sealingKey(privateKey);
  const records: AuditRecord[] = [];
  let last: { readonly seq: number; readonly hash: string } = emptyHead;
  for (let index = 0; index < rows; index++) {
    const event = eventOf(index);
    const unhashed = {
      seq: last.seq + 1,
      previous: last.hash,
      payload: JSON.stringify({ ...event, version: 1 }),
    };
    const record = { ...unhashed, at: event.at, hash: hashOf(unhashed) };
    records.push(record);
    last = record;
  }
  const anchors = records
    .filter(({ seq }) => seq % anchorEvery === 0)
    .map((record) => sealHead(record, key, record.at));
  const lines = [...records.map(writeRecordLine), writeSealLine(sealHead(last, key, new Date()))];
  async function* read(): AsyncIterable<string> {
    yield* lines;
  }
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    const verdict = await verifyFile(read(), { anchors, keys: new Map([[key.id, publicKey]]) });
    if (verdict.kind !== "whole") throw new Error(`The chain is ${verdict.kind}.`);
    best = Math.max(best, (rows * 1_000) / (performance.now() - began));
  }
  return best;
}
