import fc from "fast-check";
import { expect, test } from "vitest";
import { fleetRow } from "../../src/domain/fleet/fleet-row.ts";
import { csvLine } from "../../src/reply/csv-line.ts";
import { fleetFileHead, fleetFileLine } from "../../src/reply/fleet-file.ts";
import { sampleSite } from "../support/observations.ts";

/** One record as RFC 4180 reads it. */
function parse(line: string): readonly string[] {
  expect(line.endsWith("\r\n")).toBe(true);
  const cells: string[] = [];
  const cell = /"((?:[^"]|"")*)"(,|\r\n$)/y;
  for (let match = cell.exec(line); match !== null; match = cell.exec(line)) {
    cells.push((match[1] ?? "").replaceAll('""', '"'));
    if (match[2] !== ",") break;
  }
  return cells;
}

test("a line has a cell for each column", () => {
  const line = fleetFileLine(fleetRow(sampleSite("app-x/staging"), { withSettings: true }), {});
  expect(parse(line)).toHaveLength(parse(fleetFileHead()).length);
  expect(parse(line).slice(0, 7)).toEqual([
    "app-x/staging",
    "rg-shop",
    "Production",
    "West Europe",
    "PremiumV3",
    "regional",
    "yes",
  ]);
  expect(parse(line).slice(-3)).toEqual(["absent", "absent", "absent"]);
});

test("settings that were not asked for are not said to be absent", () => {
  const line = fleetFileLine(fleetRow(sampleSite("app-x"), { withSettings: false }), {});
  expect(parse(line).slice(-3)).toEqual(["not read", "not read", "not read"]);
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "＝1"])(
  "a cell that begins with %j is text",
  (cell) => {
    expect(parse(csvLine([cell]))[0]).toMatch(/^'/);
  },
);

test("whatever is in a cell, it stays in it, on its line, and is no formula", () => {
  const hostile = fc.string({
    unit: fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", '"', ",", ";", "'", " ", "a", "\u2028", "é"),
    maxLength: 12,
  });
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 6 }), (cells) => {
      const line = csvLine(cells);
      expect(line.slice(0, -2)).not.toMatch(/[\r\n\u2028]/);
      const read = parse(line);
      expect(read).toHaveLength(cells.length);
      for (const [index, cell] of read.entries()) {
        expect(cell).not.toMatch(/^\s*[=+\-@]/);
        expect(cell.replace(/^'/, "")).toBe(unbroken(cells[index] ?? "").replace(/^'/, ""));
      }
    }),
  );
});

function unbroken(cell: string): string {
  return cell.replace(/[\r\n\u2028]+/g, " ");
}
