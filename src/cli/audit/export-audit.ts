import { once } from "node:events";
import { z } from "zod";
import { writeSealLine } from "../../adapters/anchor/seal-line.ts";
import { loadSealingKey, publicPem } from "../../adapters/anchor/sealing-key-file.ts";
import { withSignIn } from "../../adapters/azure/database-token.ts";
import { systemClock } from "../../adapters/clock/system-clock.ts";
import type { AuditSettings, Config } from "../../config/config.ts";
import { loadConfig } from "../../config/load-config.ts";
import { type AuditHead, type AuditRecord, emptyHead } from "../../domain/audit/audit-record.ts";
import { type SealingKey, sealHead } from "../../domain/audit/seal.ts";
import { writeExtractLine, writeRecordLine } from "./audit-file.ts";
import { type Choice, chooseRecords } from "./choose-records.ts";
import { csvHeader, csvRow } from "./csv.ts";

const time = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text)), {
    message: "is no time; write 2026-11-01 or 2026-11-01T08:00:00Z",
  })
  .transform((text) => new Date(text));

const optionsSchema = z.object({
  format: z.enum(["jsonl", "csv"], "is neither jsonl nor csv"),
  from: time.optional(),
  to: time.optional(),
  site: z.string().optional(),
  request: z
    .string()
    .regex(/^CR-[1-9]\d*$/i, "is no change request; write for example CR-12")
    .toUpperCase()
    .optional(),
});

/** Writes the audit to standard output as fast as that takes it; the exit code. */
export async function exportAudit(typed: Readonly<Record<string, string>>): Promise<number> {
  const options = optionsSchema.safeParse(typed);
  if (!options.success) {
    for (const { path, message } of options.error.issues) complain(`--${path.join(".")} ${message}.`);
    return 2;
  }
  const config = await readConfig();
  if (config === undefined) return 1;
  const { openAuditArchive } = await import("../../adapters/store/open-archive.ts");
  try {
    const key = existingKey(config.audit.key);
    const archive = await openAuditArchive(withSignIn(config.store, config.azure));
    try {
      const { format, ...choice } = options.data;
      const records = archive.audit.recordsAfter(0);
      if (format === "csv") await writeCsv(chooseRecords(records, choice));
      else await writeJsonl(records, choice, { key, typed });
    } finally {
      await archive.close();
    }
    return 0;
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

/** Prints the public half of the configured key; the exit code. */
export async function printPublicKey(): Promise<number> {
  const config = await readConfig();
  if (config === undefined) return 1;
  try {
    const key = existingKey(config.audit.key);
    if (key === undefined) {
      complain("There is no audit key yet: none is configured, or the first start has not made one.");
      return 1;
    }
    await write(publicPem(key));
    return 0;
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

/** The configured key; reading never makes one. */
function existingKey(settings: AuditSettings["key"]): SealingKey | undefined {
  if (settings === "off") return undefined;
  if (settings.kind === "value" || !settings.make) return loadSealingKey(settings);
  try {
    return loadSealingKey({ ...settings, make: false });
  } catch {
    return undefined;
  }
}

async function readConfig(): Promise<Config | undefined> {
  const loaded = await loadConfig(process.env);
  if (loaded.kind === "config") return loaded.config;
  complain(loaded.message);
  return undefined;
}

async function writeCsv(records: AsyncIterable<AuditRecord>): Promise<void> {
  await write(csvHeader);
  for await (const record of records) await write(csvRow(record));
}

type Export = { readonly key: SealingKey | undefined; readonly typed: Readonly<Record<string, string>> };

async function writeJsonl(
  records: AsyncIterable<AuditRecord>,
  choice: Choice,
  { key, typed }: Export,
): Promise<void> {
  const { format: _, ...chosen } = typed;
  const isPart = Object.keys(chosen).length > 0;
  if (isPart) await write(`${writeExtractLine(chosen)}\n`);
  let head: AuditHead = emptyHead;
  for await (const record of chooseRecords(records, choice)) {
    await write(`${writeRecordLine(record)}\n`);
    head = { seq: record.seq, hash: record.hash };
  }
  if (isPart) {
    complain("This is a part of the audit. To verify, export all of it.");
  } else if (key === undefined) {
    complain("No audit key is configured, so the file has no seal at its end and cannot be verified.");
  } else if (head.seq > 0) {
    await write(`${writeSealLine(sealHead(head, key, systemClock.now()))}\n`);
  }
}

/** Waits until standard output wants more: what is not read yet must not pile up in memory. */
async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}
