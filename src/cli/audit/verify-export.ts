import type { KeyObject } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { readSealLine } from "../../adapters/anchor/seal-line.ts";
import { readPublicKeys } from "../../adapters/anchor/sealing-key-file.ts";
import type { Seal } from "../../domain/audit/seal.ts";
import { type FileVerdict, verifyFile } from "./verify-file.ts";

export type VerifyRequest = {
  readonly file: string;
  readonly anchors: readonly string[];
  readonly keys: readonly string[];
};

/** A seal with where it was found. */
type Anchor = { readonly seal: Seal; readonly file: string; readonly line: number };

/** Prints the verdict; 0 when the export is whole, 1 when it is not, 2 when it could not be checked. */
export async function verifyExport({ file, anchors, keys }: VerifyRequest): Promise<number> {
  try {
    const trusted = new Map<string, KeyObject>();
    for (const path of keys) for (const [id, key] of await readKeys(path)) trusted.set(id, key);
    const kept: Anchor[] = [];
    for (const path of anchors) kept.push(...(await readAnchors(path)));
    const verdict = await verifyFile(linesOf(file), { anchors: kept.map(({ seal }) => seal), keys: trusted });
    process.stdout.write(`${sentence(verdict, kept)}\n`);
    return verdict.kind === "whole" ? 0 : verdict.kind === "extract" ? 2 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

function sentence(verdict: FileVerdict, anchors: readonly Anchor[]): string {
  switch (verdict.kind) {
    case "whole": {
      const { records, anchored, seal } = verdict;
      const rest = records - anchored;
      return [
        `whole: ${records} records, as they were written; sealed with key ${seal.keyId} at ${seal.at.toISOString()}.`,
        anchored === 0
          ? "No anchor vouches for any of them: only the seal of this file does."
          : `${anchors.length} anchors agree, the last one with record ${anchored}.`,
        ...(rest > 0 && anchored > 0
          ? [`The ${rest} after it are vouched for by the seal of this file alone.`]
          : []),
      ].join(" ");
    }
    case "broken":
      return `broken at record ${verdict.seq}: ${verdict.why}.`;
    case "bad-anchor": {
      const anchor = anchors[verdict.index];
      return `broken anchor: ${anchor?.file} line ${anchor?.line} (record ${anchor?.seal.seq}): ${verdict.why}.`;
    }
    case "extract":
      return "not checked: this is a part of the audit, from which records are missing on purpose. Export all of it.";
    default:
      return verdict satisfies never;
  }
}

async function readKeys(path: string): Promise<ReadonlyMap<string, KeyObject>> {
  try {
    return readPublicKeys(await readFile(path, "utf8"));
  } catch (error) {
    throw new Error(`The key ${path} cannot be used: ${error instanceof Error ? error.message : error}.`);
  }
}

async function readAnchors(path: string): Promise<readonly Anchor[]> {
  const anchors: Anchor[] = [];
  let number = 0;
  for await (const line of linesOf(path)) {
    number++;
    const seal = readSealLine(line);
    if (seal !== undefined) anchors.push({ seal, file: path, line: number });
    else if (line.trim() !== "") {
      // A crash may tear a line. It proves nothing either way, and is not passed over in silence.
      process.stderr.write(`The anchor ${path} has no seal in line ${number}; the line does not count.\n`);
    }
  }
  if (anchors.length === 0) throw new Error(`The anchor ${path} holds no seal.`);
  return anchors;
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
}
