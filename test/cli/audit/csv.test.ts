import fc from "fast-check";
import { expect, test } from "vitest";
import { csvHeader, csvRow } from "../../../src/cli/audit/csv.ts";
import type { AuditEvent } from "../../../src/domain/change/audit-event.ts";
import { chainOf } from "../../support/audit-samples.ts";

const rowOf = (event: Partial<AuditEvent>) => {
  const [record] = chainOf([{ kind: "approval", at: new Date(0), details: {}, ...event }]);
  if (!record) throw new Error("no record");
  return csvRow(record);
};

/** The cells of one row, as RFC 4180 says, independent of how they were written. */
function cellsOf(row: string): readonly string[] {
  return [...row.matchAll(/"((?:[^"]|"")*)"(?:,|\r\n$)/g)].map(([, cell = ""]) => cell.replaceAll('""', '"'));
}

test("a row has a cell for each column", () => {
  const cells = cellsOf(
    rowOf({
      request: "CR-1",
      person: { id: "ana", name: 'Ana "A" Alvarez' },
      account: { platform: "slack", tenant: "T1", user: "U1" },
      surface: "button",
      details: { approvals: "1 of 2", why: "a, b\nc" },
    }),
  );
  const row = Object.fromEntries(
    csvHeader
      .trim()
      .split(",")
      .map((name, index) => [name, cells[index]]),
  );
  expect(row).toMatchObject({
    seq: "1",
    at: "1970-01-01T00:00:00.000Z",
    kind: "approval",
    request: "CR-1",
    person: "ana",
    name: 'Ana "A" Alvarez',
    account: "slack:T1/U1",
    surface: "button",
    details: "approvals: 1 of 2; why: a, b c",
    payload: expect.stringMatching(/^\{"account":/),
  });
});

test.each([
  "=1+1",
  "+1",
  "-1",
  "@SUM(1)",
  "\t=1",
  "\r=1",
  "  =1",
  "\n+1",
  "|calc",
  "%0A=1",
  "＝1",
  "\u0000=1",
])("what begins like a formula is text: %j", (name) => {
  for (const cell of cellsOf(rowOf({ person: { id: name, name } })).slice(4, 6)) {
    expect(cell).toMatch(/^'/);
    expect(cell).toContain(/[=+\-@|%＝].*/.exec(name)?.[0]);
  }
});

test("a terminal that shows it obeys nothing of what people typed; `payload` has it all", () => {
  const name = "Eve\u001b]0;owned\u0007\u001b[2J\u009b31m\u202eevE\r\nroot";
  const row = rowOf({ person: { id: "eve", name } });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  expect(row.slice(0, -2)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  const cells = cellsOf(row);
  expect(cells[5]).toBe("Eve]0;owned[2J31mevE root");
  expect(JSON.parse(cells.at(-1) ?? "")).toMatchObject({ person: { name } });
});

test("a record that somebody made unreadable has its row all the same", () => {
  const [record] = chainOf([{ kind: "approval", at: new Date(0), details: {} }]);
  if (!record) throw new Error("no record");
  const cells = cellsOf(csvRow({ ...record, payload: "=not JSON" }));
  expect(cells).toHaveLength(16);
  expect(cells.at(-1)).toBe("'=not JSON");
});

test("whatever people type, a row stays one row of the same cells, and computes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (name, why) => {
      const cells = cellsOf(rowOf({ person: { id: "p", name }, details: { [why]: name } }));
      expect(cells).toHaveLength(16);
      expect(cells.filter((cell) => /^\s*[=+\-@]/.test(cell))).toEqual([]);
      const seen = [...name].filter((character) => !/[\p{Cc}\p{Cf}\u2028\u2029\s]/u.test(character));
      const kept = [...(cells[5] ?? "").replace(/^'/, "")].filter((one) => !/[\p{Cf}\s]/u.test(one));
      expect(kept).toEqual(name.startsWith("'") ? seen.slice(1) : seen);
    }),
  );
});
