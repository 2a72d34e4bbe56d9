import { z } from "zod";
import { onFailureChoices } from "../../../domain/change/approval-policy.ts";
import type { ChangeRequest, RequestBase } from "../../../domain/change/change-request.ts";
import { followKinds, quickUndoRoles } from "../../../domain/change/permit.ts";
import { routingFlags } from "../../../domain/routing/routing-flag.ts";
import { upgradeChangeRequest } from "./change-request-upgrade.ts";
import { instant, type JsonText, jsonText, type SameFields } from "./json-text.ts";
import { account, confirmedOutcome, outcome, person, plan } from "./plan-record.ts";

export const requestId = z.templateLiteral(["CR-", z.int().nonnegative()]);

const decision = z.strictObject({
  person,
  account,
  at: instant,
  fingerprint: z.string(),
  surface: z.enum(["button", "text"]),
  signedIn: z.strictObject({ account, at: instant }).optional(),
});

export const follows = z.strictObject({ kind: z.enum(followKinds), of: requestId });

const breakGlass = z.strictObject({
  kind: z.literal("break-glass"),
  person,
  account,
  surface: z.enum(["button", "text"]),
  at: instant,
  fingerprint: z.string(),
  why: z.string(),
  skipped: z.array(person),
});

const permit = z.discriminatedUnion("kind", [
  breakGlass,
  z.strictObject({ kind: z.literal("revert") }),
  z.strictObject({
    kind: z.literal("quick-undo"),
    person,
    account,
    surface: z.enum(["button", "text"]),
    at: instant,
    as: z.enum(quickUndoRoles),
  }),
]);

const siteHealth = z.strictObject({
  state: z.string(),
  availability: z.string().optional(),
  probe: z
    .strictObject({
      url: z.string(),
      result: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("answered"), status: z.int() }),
        z.strictObject({ kind: z.literal("failed"), why: z.string() }),
      ]),
    })
    .optional(),
});

const base = z.strictObject({
  id: requestId,
  number: z.int(),
  revision: z.int(),
  plan,
  requester: person,
  requesterAccount: account,
  reason: z.string().optional(),
  openedAt: instant,
  terms: z.strictObject({
    rule: z.string(),
    policyVersion: z.string(),
    quorum: z.int(),
    applyWithinMs: z.number(),
    approvers: z.array(z.string()),
    watchMs: z.number().optional(),
    onFailure: z.enum(onFailureChoices).optional(),
    quickUndo: z.array(z.enum(quickUndoRoles)).optional(),
  }),
  decideBy: instant,
  approvals: z.array(decision),
  wish: z
    .strictObject({
      set: z.partialRecord(z.enum(routingFlags), z.boolean()),
      via: z.enum(["property", "appSetting"]),
    })
    .optional(),
  follows: follows.optional(),
  permit: permit.optional(),
  lastsMs: z.number().optional(),
  extends: z
    .strictObject({
      of: requestId,
      from: instant,
      until: instant,
      keeps: z.partialRecord(z.enum(routingFlags), z.boolean()),
    })
    .optional(),
  baseline: z.array(siteHealth).optional(),
});

const held = {
  approvedAt: instant,
  fence: z.strictObject({ holder: z.string(), count: z.int() }),
  startedAt: instant,
  stepAt: instant,
  outcomes: z.array(outcome),
};

const receipt = z.strictObject({
  status: z.int(),
  requestId: z.string().optional(),
  correlationId: z.string().optional(),
  operationUrl: z.string().optional(),
  way: z.literal("put").optional(),
  changedProperties: z.array(z.string()).readonly().optional(),
  fallbackRefused: z.string().optional(),
  othersChanged: z.literal(true).optional(),
});

const changeRequest = z.discriminatedUnion("state", [
  base.extend({ state: z.literal("pending") }),
  base.extend({ state: z.literal("approved"), approvedAt: instant, applyBy: instant }),
  base.extend({ state: z.literal("applying"), ...held }),
  base.extend({ state: z.literal("verifying"), ...held, receipt: receipt.optional() }),
  base.extend({ state: z.literal("confirmed"), endedAt: instant, outcomes: z.array(confirmedOutcome) }),
  base.extend({ state: z.literal("failed"), endedAt: instant, outcomes: z.array(outcome) }),
  base.extend({ state: z.literal("rejected"), endedAt: instant, by: person, why: z.string().optional() }),
  base.extend({ state: z.literal("cancelled"), endedAt: instant, by: person }),
  base.extend({ state: z.literal("expired"), endedAt: instant, limit: z.enum(["decide", "apply"]) }),
  base.extend({ state: z.literal("stale"), endedAt: instant, why: z.string() }),
]);

true satisfies SameFields<z.output<typeof base>, RequestBase>;
true satisfies SameFields<z.output<typeof changeRequest>, ChangeRequest>;

/** A change request, as the table keeps it. */
export const changeRequestRecord: JsonText<ChangeRequest> = jsonText(2, changeRequest, upgradeChangeRequest);
