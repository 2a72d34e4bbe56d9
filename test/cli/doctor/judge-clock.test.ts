import { expect, test } from "vitest";
import { judgeClock } from "../../../src/cli/doctor/judge-clock.ts";

const sent = new Date("2026-11-22T12:00:00.400Z");
const received = new Date("2026-11-22T12:00:02Z");

test.each([
  ["the same second", "Sun, 22 Nov 2026 12:00:00 GMT", "ok", /agrees/],
  ["while the request was under way", "Sun, 22 Nov 2026 12:00:02 GMT", "ok", /agrees/],
  ["a little behind", "Sun, 22 Nov 2026 12:00:12 GMT", "ok", /10 s behind/],
  ["a minute behind", "Sun, 22 Nov 2026 12:01:02 GMT", "warning", /60 s behind/],
  ["a minute ahead", "Sun, 22 Nov 2026 11:58:59 GMT", "warning", /60 s ahead of/],
  ["ten minutes ahead", "Sun, 22 Nov 2026 11:50:00 GMT", "problem", /599 s ahead of/],
  ["ten minutes behind", "Sun, 22 Nov 2026 12:10:02 GMT", "problem", /tokens/],
  ["no date", undefined, "warning", /no date/],
  ["rubbish", "noon", "warning", /no date/],
])("%s", (_name, date, result, words) => {
  expect(judgeClock(date, sent, received)).toMatchObject({ result, text: expect.stringMatching(words) });
});
