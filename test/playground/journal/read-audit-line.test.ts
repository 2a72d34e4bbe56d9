import { expect, test } from "vitest";
import { createPinoLog } from "../../../src/adapters/log/pino-log.ts";
import { readAuditLine } from "../../../src/playground/journal/read-audit-line.ts";

const hash = "a1".repeat(32);
const line = (differences: object) =>
  JSON.stringify({
    level: "info",
    time: "2026-11-30T20:38:50.992Z",
    event: "recorded",
    kind: "moved",
    request: "CR-1",
    from: "approved",
    to: "applying",
    seq: 4,
    hash,
    trace: "8af373322d26dc5c0d9c8edb4bae0ebb",
    ...differences,
  });

test("a record is what its line says, without the trail", () => {
  expect(readAuditLine(line({}))).toEqual({
    seq: 4,
    hash,
    at: "2026-11-30T20:38:50.992Z",
    kind: "moved",
    request: "CR-1",
    from: "approved",
    to: "applying",
  });
});

test("the bot's own log is understood, whatever people typed into other lines of it", () => {
  const written: string[] = [];
  const log = createPinoLog({ level: "info", secrets: [], stream: { write: (text) => written.push(text) } });
  log.info("recorded", { kind: "sealing-key", request: undefined, from: undefined, seq: 1, hash });
  log.info("said", { text: `\n${line({ seq: 9 })}\n` });
  log.info("said", { event: "recorded", kind: "moved", seq: 9, hash });
  const records = written.join("").split("\n").map(readAuditLine);
  expect(records.filter((record) => record !== undefined)).toMatchObject([
    { seq: 1, hash, kind: "sealing-key", request: null, from: null, to: null },
  ]);
});

test.each([
  ["another event", line({ event: "stopped", why: '"recorded"' })],
  ["of an earlier version, without number and hash", line({ seq: undefined, hash: undefined })],
  ["no number", line({ seq: "4" })],
  ["a number that none has", line({ seq: 0 })],
  ["no hash", line({ hash: "<b>a</b>" })],
  ["markup for a kind", line({ kind: "<img src=x onerror=alert(1)>" })],
  ["markup for a state", line({ to: "good' onclick='x" })],
  ["markup for a request", line({ request: "CR-1</strong>" })],
  ["no time", line({ time: "yesterday" })],
  ["two lines in one", line({}) + line({})],
  ["half a line", line({}).slice(0, 80)],
  ["a list", '["recorded"]'],
  ["words", 'Error: "recorded"'],
  ["nothing", ""],
])("%s is no record", (_, text) => {
  expect(readAuditLine(text)).toBeUndefined();
});
