import fc from "fast-check";
import { expect, test } from "vitest";
import { writeSealLine } from "../../src/adapters/anchor/seal-line.ts";
import { writeRecordLine } from "../../src/cli/audit/audit-file.ts";
import { verifyFile } from "../../src/cli/audit/verify-file.ts";
import type { AuditRecord } from "../../src/domain/audit/audit-record.ts";
import { type Seal, sealHead } from "../../src/domain/audit/seal.ts";
import type { AuditEvent } from "../../src/domain/change/audit-event.ts";
import { chainOf, newSealingKey, rehashed } from "../support/audit-samples.ts";

/** An export as it lies on a disk, with the anchors that were made meanwhile. */
type Evidence = {
  readonly records: readonly AuditRecord[];
  readonly end: Seal;
  readonly anchors: readonly Seal[];
};

const key = newSealingKey();
const forger = newSealingKey();
const keys = new Map([[key.id, key.publicKey]]);
const length = 60;
const anchoredAt = [7, 20, 41, 52];
const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 8, minute));

const events = Array.from(
  { length },
  (_, index): AuditEvent => ({
    kind: index % 3 === 0 ? "opened" : "approval",
    at: at(index),
    request: `CR-${Math.floor(index / 3) + 1}`,
    person: { id: `p${index % 4}`, name: "Ana" },
    account: { platform: "slack", tenant: "T1", user: `U${index % 4}` },
    surface: "button",
    details: { approvals: `${index} of 2` },
  }),
);
const records = chainOf(events);
const sealAt = (seq: number) => {
  const record = records[seq - 1];
  if (!record) throw new Error(`there is no record ${seq}`);
  return sealHead(record, key, at(seq));
};
const genuine: Evidence = { records, end: sealAt(length), anchors: anchoredAt.map(sealAt) };

async function* linesOf({ records: some, end }: Evidence): AsyncIterable<string> {
  for (const record of some) yield writeRecordLine(record);
  yield writeSealLine(end);
}
const verdictOf = (evidence: Evidence) => verifyFile(linesOf(evidence), { anchors: evidence.anchors, keys });

/** Somebody's work on the export. `from` and `to`: the first and last record that may be named as the wrong one. */
type Tampering = {
  readonly name: string;
  readonly result: Evidence;
  readonly from: number;
  readonly to: number;
};

const index = fc.integer({ min: 0, max: length - 1 });
const anchored = anchoredAt.at(-1) ?? 0;
/** The first anchor that covers a record, or the end of the file. */
const anchorOf = (seq: number) => anchoredAt.find((one) => one >= seq) ?? length;
const withRecords = (some: readonly AuditRecord[]): Evidence => ({ ...genuine, records: some });
const change = (record: AuditRecord, payload: string): AuditRecord => ({ ...record, payload });
const forgedPayload = ({ payload }: AuditRecord) => payload.replace('"name":"Ana"', '"name":"Eve"');

const tamperings: Readonly<Record<string, fc.Arbitrary<Tampering>>> = {
  edited: fc
    .tuple(index, fc.constantFrom("payload", "at", "previous", "hash"), fc.nat(15))
    .map(([place, field, digit]) => {
      const harmed = records.map((record, one): AuditRecord => {
        if (one !== place) return record;
        const other = (text: string) =>
          text.slice(0, digit) + (text[digit] === "0" ? "1" : "0") + text.slice(digit + 1);
        if (field === "payload") return change(record, forgedPayload(record));
        if (field === "at") return { ...record, at: new Date(record.at.getTime() + 1 + digit) };
        return { ...record, [field]: other(record[field === "hash" ? "hash" : "previous"]) };
      });
      return { name: `edited ${field}`, result: withRecords(harmed), from: place + 1, to: place + 1 };
    }),
  editedAndHashed: index.map((place) => {
    const record = records[place];
    if (!record) throw new Error("no record");
    const [forged] = rehashed(
      records.with(place, change(record, forgedPayload(record))).slice(0, place + 1),
      place,
    ).slice(-1);
    if (!forged) throw new Error("no record");
    const last = place === length - 1;
    return {
      name: "edited, with its own hash computed anew",
      result: withRecords(records.with(place, forged)),
      from: place + 1,
      to: last ? place + 1 : place + 2,
    };
  }),
  deleted: fc.tuple(index, fc.integer({ min: 1, max: 5 })).map(([place, count]) => ({
    name: "deleted",
    result: withRecords(records.toSpliced(place, count)),
    from: place + 1,
    to: place + 1,
  })),
  deletedAndRenumbered: fc.integer({ min: 0, max: length - 2 }).map((place) => ({
    name: "deleted, all after it numbered and hashed anew",
    result: withRecords(rehashed(records.toSpliced(place, 1), place)),
    from: place + 1,
    to: Math.min(anchorOf(place + 1), length),
  })),
  swapped: fc
    .tuple(index, index)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => {
      const [one, other] = [records[a], records[b]];
      if (!one || !other) throw new Error("no record");
      const first = Math.min(a, b) + 1;
      return {
        name: "put in another order",
        result: withRecords(records.with(a, other).with(b, one)),
        from: first,
        to: first,
      };
    }),
  swappedAndHashed: fc.integer({ min: 0, max: length - 2 }).map((place) => {
    const [one, other] = [records[place], records[place + 1]];
    if (!one || !other) throw new Error("no record");
    return {
      name: "put in another order, hashed anew",
      result: withRecords(rehashed(records.with(place, other).with(place + 1, one), place)),
      from: place + 1,
      to: anchorOf(place + 1),
    };
  }),
  doubled: index.map((place) => ({
    name: "stands twice",
    result: withRecords(records.toSpliced(place, 0, ...records.slice(place, place + 1))),
    from: place + 1,
    to: place + 1,
  })),
  inserted: fc.tuple(index, fc.boolean()).map(([place, hashed]) => {
    const [extra] = chainOf([
      { ...(events[place] ?? events[0]), kind: "refused", at: at(place), details: {} },
    ]);
    if (!extra) throw new Error("no record");
    const longer = records.toSpliced(place, 0, { ...extra, seq: place + 1 });
    return {
      name: "inserted",
      result: withRecords(hashed ? rehashed(longer, place) : longer),
      from: place + 1,
      to: hashed ? Math.min(anchorOf(place + 1), length) + 1 : place + 1,
    };
  }),
  truncated: fc.integer({ min: 0, max: length - 1 }).map((left) => ({
    name: "cut off",
    result: withRecords(records.slice(0, left)),
    from: left + 1,
    to: left + 1,
  })),
  truncatedAndSealed: fc.integer({ min: 0, max: anchored - 1 }).map((left) => {
    const shorter = records.slice(0, left);
    // Even the real key does not help against what is anchored elsewhere.
    const end = left === 0 ? genuine.end : sealAt(left);
    return {
      name: "cut off and sealed anew",
      result: { ...genuine, records: shorter, end },
      from: left + 1,
      to: left + 1,
    };
  }),
  forgedSuffix: fc.integer({ min: 0, max: anchored - 1 }).map((place) => {
    const forged = rehashed(
      records.map((record, one) => (one < place ? record : change(record, forgedPayload(record)))),
      place,
    );
    const last = forged.at(-1);
    if (!last) throw new Error("no record");
    const result = { ...genuine, records: forged, end: sealHead(last, key, at(length)) };
    return {
      name: "a forged suffix, sealed with the real key",
      result,
      from: place + 1,
      to: anchorOf(place + 1),
    };
  }),
  forgedEnd: fc.integer({ min: anchored, max: length - 1 }).map((place) => {
    const forged = rehashed(
      records.map((record, one) => (one < place ? record : change(record, forgedPayload(record)))),
      place,
    );
    const last = forged.at(-1);
    if (!last) throw new Error("no record");
    const signed = sealHead(last, forger, at(length));
    const end = place % 2 === 0 ? signed : { ...signed, keyId: key.id };
    return {
      name: "a forged suffix, sealed with another key",
      result: { ...genuine, records: forged, end },
      from: 1,
      to: length,
    };
  }),
  swappedSignatures: fc
    .tuple(fc.nat(3), fc.nat(3))
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => {
      const [one, other] = [genuine.anchors[a], genuine.anchors[b]];
      if (!one || !other) throw new Error("no anchor");
      const anchors = genuine.anchors
        .with(a, { ...one, signature: other.signature })
        .with(b, { ...other, signature: one.signature });
      return { name: "signatures of two anchors exchanged", result: { ...genuine, anchors }, from: 0, to: 0 };
    }),
  forgedAnchor: fc.tuple(fc.nat(3), fc.constantFrom("hash", "seq", "at")).map(([place, field]) => {
    const anchor = genuine.anchors[place];
    const record = records[(anchor?.seq ?? 1) - 2];
    if (!anchor || !record) throw new Error("no anchor");
    const forged =
      field === "hash" ? { hash: record.hash } : field === "seq" ? { seq: anchor.seq - 1 } : { at: at(59) };
    const anchors = genuine.anchors.with(place, { ...anchor, ...forged });
    return { name: "an anchor edited", result: { ...genuine, anchors }, from: 0, to: 0 };
  }),
  sealOfAnother: fc.nat(3).map((place) => {
    const anchor = genuine.anchors[place];
    if (!anchor) throw new Error("no anchor");
    const end = { ...genuine.end, signature: anchor.signature };
    return {
      name: "the file's seal with another signature",
      result: { ...genuine, end },
      from: length,
      to: length,
    };
  }),
};

test("an export that nobody touched is whole", async () => {
  expect(await verdictOf(genuine)).toEqual({ kind: "whole", records: length, anchored, seal: genuine.end });
  expect(await verdictOf({ ...genuine, anchors: [] })).toMatchObject({ kind: "whole", anchored: 0 });
});

test.for(Object.entries(tamperings))(
  "every one of 100 tamperings is found and named: %s",
  async ([, tampering]) => {
    await fc.assert(
      fc.asyncProperty(tampering, async ({ name, result, from, to }) => {
        const verdict = await verdictOf(result);
        if (from === 0) {
          expect(verdict, name).toMatchObject({ kind: "bad-anchor" });
          return;
        }
        expect(verdict, name).toMatchObject({ kind: "broken" });
        const seq = verdict.kind === "broken" ? verdict.seq : 0;
        expect(seq, name).toBeGreaterThanOrEqual(from);
        expect(seq, name).toBeLessThanOrEqual(to);
      }),
      { numRuns: 100 },
    );
  },
);

test.for(["", "{}", '{"seq":1}', "not JSON", "[]"])(
  "a line that is no record is found: %j",
  async (stray) => {
    async function* lines(): AsyncIterable<string> {
      for (const [place, record] of records.entries()) {
        if (place === 30) yield stray;
        yield writeRecordLine(record);
      }
      yield writeSealLine(genuine.end);
    }
    const proof = { anchors: genuine.anchors, keys };
    expect(await verifyFile(lines(), proof)).toMatchObject({
      kind: "broken",
      seq: 31,
      why: expect.stringContaining("line 31"),
    });
  },
);

test("what stands after the seal of the file is found, and so is a missing seal", async () => {
  async function* more(): AsyncIterable<string> {
    yield* linesOf(genuine);
    yield writeRecordLine(records[0] ?? fail());
  }
  async function* unsealed(): AsyncIterable<string> {
    for (const record of records) yield writeRecordLine(record);
  }
  const fail = (): never => {
    throw new Error("no record");
  };
  const proof = { anchors: genuine.anchors, keys };
  expect(await verifyFile(more(), proof)).toMatchObject({
    kind: "broken",
    why: expect.stringContaining("line 62"),
  });
  expect(await verifyFile(unsealed(), proof)).toMatchObject({ kind: "broken", seq: length + 1 });
});
