import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../../src/adapters/store/canonical-json.ts";
import { changeRequestRecord } from "../../../src/adapters/store/records/change-request-record.ts";
import { inboundRecord, owedRecord, promptRecord } from "../../../src/adapters/store/records/chat-record.ts";
import type { StoredInbound } from "../../../src/ports/change-requests.ts";
import {
  approved,
  card,
  choicePrompt,
  message,
  pending,
  picked,
  prompt,
  said,
} from "../../contract/change-requests-samples.ts";
import { sampleSite } from "../../support/observations.ts";

test("every kind of value is read as it was written", () => {
  const request = pending(7);
  const { id, number, plan, requester, requesterAccount, openedAt, terms, decideBy, approvals } =
    approved(request);
  const base = {
    id,
    number,
    plan,
    requester,
    requesterAccount,
    openedAt,
    terms,
    decideBy,
    approvals,
    revision: 9,
  };
  const at = new Date("2026-11-22T12:00:00.007Z");
  const held = { approvedAt: at, fence: { holder: "h", count: 2 }, startedAt: at, stepAt: at, outcomes: [] };
  const after = sampleSite("shop-web", { flags: { allTraffic: true } });
  const failure = { code: "azure-denied", message: "No.", status: 403, retryAfterMs: 5 } as const;
  const requests = [
    request,
    approved(request),
    { ...base, ...held, state: "applying" } as const,
    { ...base, ...held, state: "verifying", receipt: { status: 202, operationUrl: "https://x" } } as const,
    { ...base, ...held, state: "verifying" } as const,
    { ...base, state: "confirmed", endedAt: at, outcomes: [{ kind: "confirmed", after }] } as const,
    { ...base, state: "failed", endedAt: at, outcomes: [{ kind: "not-applied", failure }] } as const,
    {
      ...base,
      state: "failed",
      endedAt: at,
      outcomes: [{ kind: "accepted-not-applied", after, failure }],
    } as const,
    {
      ...base,
      state: "failed",
      endedAt: at,
      outcomes: [{ kind: "partly-applied", after, failure }],
    } as const,
    { ...base, state: "failed", endedAt: at, outcomes: [{ kind: "unknown", failure }] } as const,
    {
      ...base,
      state: "failed",
      endedAt: at,
      outcomes: [
        { kind: "confirmed", after, remark: "Look." },
        { kind: "skipped", why: "It changed." },
      ],
    } as const,
    { ...base, state: "rejected", endedAt: at, by: requester, why: "no" } as const,
    { ...base, state: "cancelled", endedAt: at, by: requester } as const,
    { ...base, state: "expired", endedAt: at, limit: "apply" } as const,
    { ...base, state: "stale", endedAt: at, why: "It changed." } as const,
    {
      ...base,
      state: "pending",
      wish: { set: { allTraffic: true, imagePullTraffic: false }, via: "property" },
      follows: { kind: "again", of: "CR-3" },
    } as const,
    {
      ...base,
      state: "approved",
      approvedAt: at,
      applyBy: at,
      permit: {
        kind: "break-glass",
        person: requester,
        account: requesterAccount,
        surface: "text",
        at,
        fingerprint: plan.fingerprint,
        why: "typed \u0000",
        skipped: [{ id: "ana", name: "Ana" }],
      },
    } as const,
    {
      ...request,
      terms: { ...terms, watchMs: 600_000, onFailure: "continue", quickUndo: ["requester"] },
      lastsMs: 7_200_000,
      extends: { of: "CR-3", from: at, until: at, keeps: { allTraffic: true } },
      baseline: [
        { state: "Running", availability: "Normal" },
        {
          state: "Running",
          probe: { url: "https://x/health", result: { kind: "answered", status: 200 } },
        },
        { state: "Running", probe: { url: "https://x/health", result: { kind: "failed", why: "no" } } },
      ],
    } as const,
    { ...request, follows: { kind: "revert", of: "CR-3" }, permit: { kind: "revert" } } as const,
    {
      ...request,
      follows: { kind: "undo", of: "CR-3" },
      permit: {
        kind: "quick-undo",
        person: requester,
        account: requesterAccount,
        surface: "button",
        at,
        as: "approver",
      },
    } as const,
  ];
  for (const one of requests) expect(changeRequestRecord.read(changeRequestRecord.write(one))).toEqual(one);
  expect(inboundRecord.read(inboundRecord.write(message("m")))).toEqual(message("m"));
  for (const owed of [said("s"), card("CR-1")]) expect(owedRecord.read(owedRecord.write(owed))).toEqual(owed);
  for (const one of [prompt("p"), choicePrompt("p")]) {
    expect(promptRecord.read(promptRecord.write(one))).toEqual(one);
  }
  for (const one of [
    picked("m", "x"),
    { ...picked("m", "x"), follows: { kind: "again", of: "CR-3" } } as const,
  ]) {
    expect(inboundRecord.read(inboundRecord.write(one))).toEqual(one);
  }
  const { actor, place } = message("m");
  const others: readonly StoredInbound[] = [
    { kind: "undo", id: "u", actor, place, request: "CR-3" },
    {
      kind: "picked",
      id: "p",
      actor,
      place,
      command: { kind: "undo-on-site", targets: [{ name: "x" }], reason: "y" },
    },
  ];
  for (const one of others) {
    expect(inboundRecord.read(inboundRecord.write(one))).toEqual(one);
  }
});

test("what a newer version wrote is refused, not misread", () => {
  const written = JSON.parse(changeRequestRecord.write(pending(7)));
  const read = (value: unknown) => changeRequestRecord.read(JSON.stringify(value));
  expect(() => read({ ...written, version: 3 })).toThrow(/version/);
  expect(() => read({ ...written, value: { ...written.value, added: 1 } })).toThrow(/added/);
  expect(() => read({ ...written, value: { ...written.value, state: "paused" } })).toThrow(/state/);
  expect(() => read({ ...written, value: { ...written.value, decideBy: "soon" } })).toThrow(/decideBy/);
});

test("what the first version wrote is read: one site, one outcome", () => {
  const { outcomes: _, ...plain } = {
    ...JSON.parse(changeRequestRecord.write(pending(7))).value,
    outcomes: 0,
  };
  const [{ settings: __, ...entry }] = plain.plan.entries;
  const old = { ...plain, plan: { ...plain.plan, entries: [entry] } };
  const read = (value: unknown) => changeRequestRecord.read(JSON.stringify({ version: 1, value }));
  expect(read(old).plan.entries[0].settings).toEqual([]);
  const at = "2026-11-22T12:00:00.007Z";
  const held = { approvedAt: at, fence: { holder: "h", count: 2 }, startedAt: at };
  expect(read({ ...old, ...held, state: "applying" })).toMatchObject({ stepAt: new Date(at), outcomes: [] });
  const outcome = { kind: "not-applied", failure: { code: "azure-denied", message: "No." } };
  expect(read({ ...old, state: "failed", endedAt: at, outcome })).toMatchObject({ outcomes: [outcome] });
  expect(() => read({ ...old, added: 1 })).toThrow(/added/);
});

test("canonical JSON is the same for equal values, whatever the order of their keys", () => {
  const shuffled = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shuffled)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .map(([key, inner]) => [key, shuffled(inner)])
              .reverse(),
          )
        : value;
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(shuffled(value))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(canonicalJson({ b: new Date(0), a: [{ d: 1, c: undefined }] })).toBe(
    '{"a":[{"d":1}],"b":"1970-01-01T00:00:00.000Z"}',
  );
});
