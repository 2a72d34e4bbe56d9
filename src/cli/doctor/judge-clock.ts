import { type Finding, ok, problem, warning } from "./finding.ts";

/** Azure and Teams refuse tokens that are not valid yet or any more; five minutes are commonly forgiven. */
const badMs = 5 * 60_000;
const noticeableMs = 30_000;

/** Compares our clock with the `Date` of an answer that came between two readings of it. The header has whole seconds. */
export function judgeClock(date: string | undefined, sent: Date, received: Date): Finding {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) {
    return warning(
      "Azure's answer has no date to compare the clock with.",
      "Check that this machine's clock is set by NTP.",
    );
  }
  // Whatever lies between the two readings may be right.
  const skew = Math.max(0, sent.getTime() - theirs - 1_000, theirs - received.getTime());
  const seconds = Math.round(skew / 1_000);
  const direction = theirs > received.getTime() ? "behind" : "ahead of";
  const todo = "Set this machine's clock by NTP.";
  if (skew >= badMs) {
    return problem(
      `It is ${seconds} s ${direction} Azure's: tokens and Slack's signatures are refused, and time limits are wrong.`,
      todo,
    );
  }
  if (skew >= noticeableMs)
    return warning(`It is ${seconds} s ${direction} Azure's: time limits are wrong by as much.`, todo);
  return ok(seconds === 0 ? "it agrees with Azure's" : `it is ${seconds} s ${direction} Azure's`);
}
