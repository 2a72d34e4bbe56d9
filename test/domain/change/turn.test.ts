import { expect, test } from "vitest";
import type { ChangeRequest } from "../../../src/domain/change/change-request.ts";
import { beginApplying } from "../../../src/domain/change/progress.ts";
import { isItsTurn } from "../../../src/domain/change/turn.ts";
import { approved, pending } from "../../contract/change-requests-samples.ts";

const at = Date.parse("2026-11-22T12:00:00Z");
const approvedAt = (number: number, seconds: number, site?: string) => ({
  ...approved(pending(number, site)),
  approvedAt: new Date(at + seconds * 1_000),
});
const mine = approvedAt(7, 0, "mine");

test.each<[string, readonly ChangeRequest[], boolean]>([
  ["alone", [], true],
  ["beside one that waits for approval", [pending(1)], true],
  ["beside one that was approved later", [approvedAt(1, 60)], true],
  ["after one that was approved before", [approvedAt(1, -60)], false],
  [
    "beside one that stands behind it in its line, whatever the clocks said",
    [approvedAt(1, -60, "mine")],
    true,
  ],
  ["beside one that was approved at the same time as far as clocks can tell", [approvedAt(1, -4)], true],
  [
    "beside one in work, whenever it was approved",
    [beginApplying(approvedAt(1, 60), { holder: "w", at: mine.approvedAt }).to],
    false,
  ],
])("%s", (_what, others, turn) => {
  expect(isItsTurn(mine, others)).toBe(turn);
});
