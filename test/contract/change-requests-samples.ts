import type { AuditEvent } from "../../src/domain/change/audit-event.ts";
import {
  type ChangeRequest,
  type InState,
  type RequestId,
  requestId,
} from "../../src/domain/change/change-request.ts";
import type { Effects, Owed, Prompt, StoredInbound } from "../../src/ports/change-requests.ts";
import type { Place } from "../../src/ports/chat.ts";
import { allFlagsOff, sampleSite } from "../support/observations.ts";

/** Values for the suites of the store's ports. They look like real ones; what they mean is nobody's business here. */

export const robin = { id: "robin", name: "Robin" };
export const ana = { id: "ana", name: "Ana" };
export const robinsAccount = { platform: "slack", tenant: "T1", user: "U1" } as const;
const at = new Date("2026-11-22T12:00:00.123Z");

export const place: Place = {
  platform: "slack",
  tenant: "T1",
  kind: "channel",
  conversation: "C1",
  thread: "1700000000.000100",
  address: '{"version":1}',
};

export function pending(number: number, site = "shop-web"): InState<"pending"> {
  const before = sampleSite(site);
  return {
    id: requestId(number),
    number,
    revision: 1,
    state: "pending",
    plan: {
      entries: [
        {
          target: before.target,
          before,
          changes: { allTraffic: true },
          wanted: { ...allFlagsOff, allTraffic: true, futureTraffic: "kept" },
          settings: [{ setting: "WEBSITE_VNET_ROUTE_ALL", to: "absent" }],
          notes: [{ level: "warning", code: "sample", text: "A remark." }],
        },
      ],
      fingerprint: "f".repeat(64),
    },
    requester: robin,
    requesterAccount: robinsAccount,
    reason: "typed \u0000 by <people> \ud83d\ude00 and \ud800 broken",
    openedAt: at,
    terms: { rule: "shops", policyVersion: "1", quorum: 1, applyWithinMs: 3_600_000, approvers: ["Ana"] },
    decideBy: new Date("2999-01-01T00:00:00.000Z"),
    approvals: [],
  };
}

/** The next revision of a request, approved by Ana. */
export function approved(request: ChangeRequest): InState<"approved"> {
  const { id, number, plan, requester, requesterAccount, openedAt, terms, decideBy } = request;
  return {
    ...{ id, number, plan, requester, requesterAccount, openedAt, terms, decideBy },
    revision: request.revision + 1,
    state: "approved",
    approvals: [
      {
        person: ana,
        account: { platform: "teams", tenant: "t", user: "u" },
        at,
        fingerprint: plan.fingerprint,
        surface: "button",
      },
    ],
    approvedAt: at,
    applyBy: new Date("2999-01-01T01:00:00.000Z"),
  };
}

/** The next revision of a request, cancelled by a person. */
export function cancelled(request: ChangeRequest, by = robin): InState<"cancelled"> {
  const { id, number, plan, requester, requesterAccount, openedAt, terms, decideBy, approvals } = request;
  return {
    ...{ id, number, plan, requester, requesterAccount, openedAt, terms, decideBy, approvals },
    revision: request.revision + 1,
    state: "cancelled",
    endedAt: at,
    by,
  };
}

export const nothing: Effects = { events: [], owed: [], jobs: [] };

export function event(details: Record<string, string> = {}): AuditEvent {
  return {
    kind: "moved",
    at,
    request: "CR-1",
    person: ana,
    surface: "button",
    from: "pending",
    to: "approved",
    details,
  };
}

export function card(request: RequestId, key = `${request}/card`): Extract<Owed, { kind: "card" }> {
  return { kind: "card", key, place, request };
}

export function said(key: string): Extract<Owed, { kind: "message" }> {
  return {
    kind: "message",
    key,
    place,
    view: {
      tone: "good",
      title: "Title",
      blocks: [
        { kind: "paragraph", text: ["a", "b"].map((text) => ({ kind: "strong", text }) as const) },
        { kind: "facts", facts: [{ label: "Site", value: [{ kind: "link", text: "x", url: "https://x" }] }] },
        { kind: "table", columns: ["Flag"], rows: [["x"]] },
        { kind: "notes", notes: [{ level: "refusal", text: "no" }] },
        { kind: "list", items: ["one"] },
        { kind: "code", text: "az" },
      ],
      actions: [
        {
          verb: "reject",
          id: "1",
          title: "Reject",
          style: "danger",
          form: { title: "Why", label: "Why", submit: "Reject", required: true, maxLength: 200 },
        },
      ],
      summary: "Said.",
    },
  };
}

export function prompt(id: string): Prompt {
  return {
    id,
    person: ana,
    expiresAt: new Date("2999-01-01T00:00:00.000Z"),
    asks: { kind: "decision", request: "CR-1", decision: "reject", why: "not now", fingerprint: "f" },
  };
}

export function message(id: string): StoredInbound {
  const actor = { account: robinsAccount, displayName: "Robin <b>" };
  return { kind: "message", id, actor, place, text: "route all traffic for shop-web \u0000" };
}

/** A question which of two sites is meant. */
export function choicePrompt(id: string): Prompt {
  return {
    id,
    person: ana,
    expiresAt: new Date("2999-01-01T00:00:00.000Z"),
    asks: {
      kind: "choice",
      place,
      choices: [
        { label: "app-x in rg-a", command: { kind: "status", targets: [{ name: "app-x" }] } },
        {
          label: "app-y \u0000",
          command: {
            kind: "change",
            set: { allTraffic: true, imagePullTraffic: false },
            targets: [
              { all: true, resourceGroup: "rg" },
              { name: "y", host: "y.azurewebsites.net" },
            ],
            via: "property",
            dryRun: true,
            breakGlass: false,
            reason: "typed",
            revertAfter: "PT2H",
          },
        },
      ],
    },
  };
}

/** A choice that was made. */
export function picked(id: string, name: string): StoredInbound {
  const actor = { account: robinsAccount, displayName: "Robin" };
  return { kind: "picked", id, actor, place, command: { kind: "status", targets: [{ name }] } };
}
