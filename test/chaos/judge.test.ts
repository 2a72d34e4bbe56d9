import { describe, expect, test } from "vitest";
import type { AuditEntry, Evidence, Write } from "./evidence.ts";
import { judge } from "./judge.ts";

const off = { applicationTraffic: false, imagePullTraffic: false };
const on = { ...off, applicationTraffic: true };

function entry(kind: string, more: Partial<AuditEntry> = {}): AuditEntry {
  return { kind, request: "CR-1", person: undefined, from: undefined, to: undefined, details: {}, ...more };
}
const moved = (from: string, to: string, details: Record<string, string> = {}) =>
  entry("moved", { from, to, details });
const opened = entry("opened", {
  person: "robin",
  to: "pending",
  details: {
    reason: "m1x0",
    site: "/subscriptions/s/resourcegroups/rg/providers/microsoft.web/sites/chaos-01",
    before: JSON.stringify(off),
    changes: JSON.stringify({ applicationTraffic: true }),
  },
});
const approval = entry("approval", { person: "ana", from: "pending", to: "approved" });
const toApplying = moved("approved", "applying");
const toVerifying = moved("applying", "verifying", { status: "200" });
const toConfirmed = moved("verifying", "confirmed", { outcome: "confirmed" });
const write: Write = {
  ...{ sequence: 1, at: 2_000, site: "chaos-01", method: "PATCH", flags: on },
  ...{ status: 200, end: "answered", fault: null },
};

/** A run in which one change was asked for, approved, written and confirmed, and nothing went wrong. */
const whole: Evidence = {
  asked: [
    {
      ...{ tag: "m1x0", site: "chaos-01", text: "turn on route all for chaos-01 because m1x0" },
      ...{ platform: "teams", person: "robin", acknowledged: true, answered: true },
    },
  ],
  decisions: [{ request: "CR-1", person: "ana", verb: "approve", acknowledged: true }],
  cards: [
    {
      ...{ request: "CR-1", platform: "teams", conversation: "c", message: "1", since: 1_000 },
      ...{ reader: "robin", state: "confirmed" },
    },
  ],
  writes: [write],
  audit: [opened, approval, toApplying, toVerifying, toConfirmed],
  verified: { code: 0, said: "whole" },
  sites: { "chaos-01": { before: off, after: on } },
  left: { requests: [], jobs: [], deadDeliveries: [], temporary: [] },
  crashes: [],
};
const violationsOf = (harm: Partial<Evidence>) => judge({ ...whole, ...harm }).violations;
const [card] = whole.cards;

describe("the judge of a run", () => {
  test("finds nothing in a run that is whole, and counts it", () => {
    expect(judge(whole)).toMatchObject({
      figures: { requests: 1, armWrites: 1, repeatedWrites: 0, outcomes: { confirmed: 1 } },
      violations: [],
    });
  });

  test("counts an identical repetition by who took over, and does not mind", () => {
    const audit = whole.audit.toSpliced(3, 0, entry("taken-over", { from: "applying", to: "applying" }));
    const verdict = judge({ ...whole, audit, writes: [write, { ...write, sequence: 2 }] });
    expect(verdict).toMatchObject({ figures: { repeatedWrites: 1, takeOvers: 1 }, violations: [] });
  });

  test.each<[string, Partial<Evidence>, string]>([
    ["the same write twice by one worker", { writes: [write, { ...write, sequence: 2 }] }, "wrongWrites"],
    ["a write of nothing that was approved", { writes: [write, { ...write, flags: off }] }, "wrongWrites"],
    ["a write before anybody could approve", { writes: [{ ...write, at: 500 }] }, "wrongWrites"],
    ["a write that sets something else", { writes: [{ ...write, flags: undefined }] }, "wrongWrites"],
    [
      "a write of a request that was rejected",
      { audit: [opened, moved("pending", "rejected")], cards: [] },
      "wrongWrites",
    ],
    ["a confirmation without a write", { writes: [] }, "auditBad"],
    ["a site that is otherwise", { sites: { "chaos-01": { before: off, after: off } } }, "auditBad"],
    ["a site that changed before it", { sites: { "chaos-01": { before: on, after: on } } }, "auditBad"],
    ["a state that was skipped", { audit: whole.audit.toSpliced(3, 1) }, "auditBad"],
    ["an audit that does not verify", { verified: { code: 1, said: "broken" } }, "auditBad"],
    ["work without an approval", { audit: whole.audit.toSpliced(1, 1) }, "unapproved"],
    ["an approval that nobody gave", { decisions: [] }, "unapproved"],
    [
      "an approval of somebody's own request",
      { audit: whole.audit.with(0, { ...opened, person: "ana" }) },
      "unapproved",
    ],
    ["two ends", { audit: [...whole.audit, moved("confirmed", "failed")] }, "doubleOutcomes"],
    [
      "two requests for one message",
      { audit: [...whole.audit, { ...opened, request: "CR-2" }] },
      "doubleOutcomes",
    ],
    [
      "a message without an answer",
      { asked: whole.asked.map((one) => ({ ...one, answered: false })) },
      "lost",
    ],
    [
      "a message that was given up",
      { left: { ...whole.left, deadDeliveries: [{ key: "CR-1:outcome", why: "no" }] } },
      "lost",
    ],
    [
      "a card that stayed behind",
      { cards: whole.cards.map((one) => ({ ...one, state: "pending" })) },
      "staleCards",
    ],
    ["a request without a card", { cards: [] }, "staleCards"],
    [
      "a job that is left",
      { left: { ...whole.left, jobs: [{ kind: "apply", line: "chaos-01", state: "active" }] } },
      "stuck",
    ],
    [
      "a request that is left",
      { left: { ...whole.left, requests: [{ id: "CR-1", state: "applying" }] } },
      "stuck",
    ],
    ["a request without an end", { audit: whole.audit.slice(0, 4) }, "stuck"],
    ["a process that ended by itself", { crashes: ["exit code 1"] }, "crashes"],
  ])("finds %s", (_, harm, kind) => {
    expect(violationsOf(harm)).toContainEqual(expect.stringMatching(`^${kind}: `));
  });

  describe("of a write that took effect after its request had ended", () => {
    const ended = moved("verifying", "failed", { outcome: "accepted-not-applied" });
    const late: Evidence = {
      ...whole,
      audit: [...whole.audit.slice(0, -1), ended],
      cards: whole.cards.map((one) => ({ ...one, state: "failed" })),
    };
    const settled = entry("settled", { details: { sights: "made" } });

    test("finds nothing when that was found out, and recorded", () => {
      expect(judge({ ...late, audit: [...late.audit, settled] }).violations).toEqual([]);
    });

    test("finds it when it was not", () => {
      expect(judge(late).violations).toContainEqual(expect.stringMatching(/^auditBad: /));
    });
  });

  describe("of a temporary change", () => {
    const lasting = { ...opened, details: { ...opened.details, lastsSeconds: "60" } };
    const back = (more: Partial<AuditEntry> = {}) => entry("moved", { request: "CR-2", ...more });
    const revert = entry("opened", {
      request: "CR-2",
      to: "approved",
      details: {
        ...{ permit: "revert", revert: "CR-1", site: opened.details.site ?? "" },
        before: JSON.stringify(on),
        changes: JSON.stringify({ applicationTraffic: false }),
      },
    });
    const turnedBack = [
      revert,
      back({ from: "approved", to: "applying" }),
      back({ from: "applying", to: "verifying", details: { status: "200" } }),
      back({ from: "verifying", to: "confirmed", details: { outcome: "confirmed" } }),
    ];
    const temporary: Evidence = {
      ...whole,
      audit: [lasting, ...whole.audit.slice(1), ...turnedBack],
      cards: whole.cards.flatMap((one) => [one, { ...one, request: "CR-2", message: "2", since: 9_000 }]),
      writes: [write, { ...write, sequence: 2, at: 8_000, flags: off }],
      sites: { "chaos-01": { before: off, after: off } },
    };

    test("finds nothing when it was turned back, whenever its card came", () => {
      expect(judge(temporary)).toMatchObject({
        figures: { temporary: 1, turnedBack: 1, requests: 2, armWrites: 2 },
        violations: [],
      });
    });

    test.each<[string, Partial<Evidence>, string]>([
      ["one that was not turned back", { ...whole, audit: [lasting, ...whole.audit.slice(1)] }, "stuck"],
      ["one that is still to be", { left: { ...whole.left, temporary: ["CR-1"] } }, "stuck"],
      ["a revert of what was to stay", { audit: temporary.audit.with(0, opened) }, "unapproved"],
      [
        "a revert to something else",
        {
          audit: temporary.audit.map((one) =>
            one === revert
              ? { ...revert, details: { ...revert.details, changes: '{"imagePullTraffic":true}' } }
              : one,
          ),
        },
        "unapproved",
      ],
      [
        "another one without an approval",
        {
          audit: temporary.audit.map((one) =>
            one === revert ? { ...revert, details: { ...revert.details, permit: "break-glass" } } : one,
          ),
        },
        "unapproved",
      ],
      [
        "two reverts",
        { audit: [...temporary.audit, ...turnedBack.map((one) => ({ ...one, request: "CR-3" }))] },
        "doubleOutcomes",
      ],
    ])("finds %s", (_, harm, kind) => {
      expect(judge({ ...temporary, ...harm }).violations).toContainEqual(expect.stringMatching(`^${kind}: `));
    });
  });

  test("lets a second copy of a card be behind, and counts it", () => {
    const copy = card && { ...card, message: "2", state: "pending" };
    const verdict = judge({ ...whole, cards: [...whole.cards, ...(copy ? [copy] : [])] });
    expect(verdict).toMatchObject({ figures: { duplicateCards: 1, staleCopies: 1 }, violations: [] });
  });

  test("lets a message without an acknowledgement be lost: whoever wrote it was told so", () => {
    const asked = whole.asked.map((one) => ({ ...one, acknowledged: false, answered: false }));
    expect(violationsOf({ asked })).toEqual([]);
  });
});
