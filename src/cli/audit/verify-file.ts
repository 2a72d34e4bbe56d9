import type { AuditRecord } from "../../domain/audit/audit-record.ts";
import { type Seal, sealFault } from "../../domain/audit/seal.ts";
import { type AuditVerdict, type Proof, verifyAudit } from "../../domain/audit/verify-audit.ts";
import { readAuditLine } from "./audit-file.ts";

export type FileVerdict =
  | { readonly kind: "whole"; readonly records: number; readonly anchored: number; readonly seal: Seal }
  | Exclude<AuditVerdict, { kind: "whole" }>
  /** A part of the audit: records are missing on purpose, so that nothing can be said of it. */
  | { readonly kind: "extract" };

/** How the file ends, found while its records are read. */
type Ending = { seal?: Seal; extract?: true; stray?: number };

/**
 * Checks an export line by line, in flat memory: each record, the order and number of them, the anchors, and the seal at its
 * end. The first thing that is wrong is named.
 */
export async function verifyFile(lines: AsyncIterable<string>, proof: Proof): Promise<FileVerdict> {
  const ending: Ending = {};
  const verdict = await verifyAudit(recordsOf(lines, ending), proof);
  if (ending.extract) return { kind: "extract" };
  if (ending.stray !== undefined && verdict.kind !== "bad-anchor") {
    const seq = verdict.kind === "whole" ? verdict.head.seq + 1 : verdict.seq;
    return { kind: "broken", seq, why: `line ${ending.stray} of the file is no record of the audit` };
  }
  if (verdict.kind !== "whole") return verdict;
  const { head, anchored } = verdict;
  const { seal } = ending;
  const broken = (seq: number, why: string): FileVerdict => ({ kind: "broken", seq, why });
  if (seal === undefined) {
    return broken(
      head.seq + 1,
      "the file ends here without a seal: it was cut off, or exported without a key",
    );
  }
  const fault = sealFault(seal, proof.keys);
  if (fault !== undefined)
    return broken(head.seq, `the seal at the end of the file proves nothing: ${fault}`);
  if (seal.seq !== head.seq) {
    return seal.seq > head.seq
      ? broken(head.seq + 1, `the record is missing: the seal at the end of the file knows ${seal.seq}`)
      : broken(seal.seq + 1, "the record was added after the file was sealed");
  }
  if (seal.hash !== head.hash) {
    return broken(
      head.seq,
      `the record has another hash than the seal of the file says: it or one of those from ${anchored + 1} on was written anew`,
    );
  }
  return { kind: "whole", records: head.seq, anchored, seal };
}

/** The records; what else is there is written down in `ending` and ends them. */
async function* recordsOf(lines: AsyncIterable<string>, ending: Ending): AsyncIterable<AuditRecord> {
  let number = 0;
  for await (const line of lines) {
    number++;
    const read = readAuditLine(line);
    if (ending.seal !== undefined || read.kind === "other") {
      ending.stray = number;
      return;
    }
    switch (read.kind) {
      case "record":
        yield read.record;
        break;
      case "seal":
        ending.seal = read.seal;
        break;
      case "extract":
        ending.extract = true;
        return;
      default:
        read satisfies never;
    }
  }
}
