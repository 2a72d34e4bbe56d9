import { z } from "zod";
import type { Person } from "../../../domain/actor.ts";
import { platforms } from "../../../domain/actor.ts";
import type { Outcome } from "../../../domain/change/outcome.ts";
import type { ChangePlan } from "../../../domain/change/plan.ts";
import { failureCodes } from "../../../domain/failure.ts";
import { type LegacySetting, legacySettings } from "../../../domain/routing/legacy-setting.ts";
import { routingFlags } from "../../../domain/routing/routing-flag.ts";
import { instant, type SameFields } from "./json-text.ts";

export const person = z.strictObject({ id: z.string(), name: z.string() });
export const account = z.strictObject({
  platform: z.enum(platforms),
  tenant: z.string(),
  user: z.string(),
});

const target = z.strictObject({
  resourceId: z.string(),
  subscriptionId: z.string(),
  subscriptionName: z.string().optional(),
  resourceGroup: z.string(),
  site: z.string(),
  slot: z.string().optional(),
  defaultHostName: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
});

const integration = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("regional"), subnetId: z.string() }),
  z.strictObject({ kind: z.literal("gateway") }),
  z.strictObject({ kind: z.literal("environment"), environmentId: z.string() }),
  z.strictObject({ kind: z.literal("none") }),
]);

export const flags = z.partialRecord(z.enum(routingFlags), z.boolean());
const routingMap = z.record(z.string(), z.unknown());
const legacyState = z.enum(["on", "on-likely", "off", "absent", "unknown"]);
export const legacy = z.record(z.enum(legacySettings), legacyState) satisfies z.ZodType<
  Record<LegacySetting, z.output<typeof legacyState>>
>;

const observation = z.strictObject({
  target,
  observedAt: instant,
  apiVersion: z.string(),
  generation: z.enum(["modern", "legacy"]),
  flags,
  storedMap: routingMap,
  legacy,
  contentSettings: z.enum(["present", "absent", "unknown"]),
  integration,
  sku: z.string(),
  workload: z.strictObject({
    kind: z.string(),
    container: z.enum(["none", "linux", "windows", "compose"]),
    function: z.boolean(),
    workflow: z.boolean(),
  }),
  location: z.string(),
  state: z.string(),
  availabilityState: z.string().optional(),
  hostNames: z.array(z.string()).optional(),
  operationInProgress: z.string().optional(),
  securedByPerimeter: z.boolean(),
  managedIdentity: z.boolean(),
  lastModified: z.string().optional(),
  portalUrl: z.string().optional(),
});

const planEntry = z.strictObject({
  target,
  before: observation,
  changes: flags,
  wanted: routingMap,
  settings: z.array(z.strictObject({ setting: z.enum(legacySettings), to: z.enum(["on", "absent"]) })),
  notes: z.array(z.strictObject({ level: z.enum(["info", "warning"]), code: z.string(), text: z.string() })),
});

export const plan = z.strictObject({
  entries: z.tuple([planEntry], planEntry),
  fingerprint: z.string(),
});

export const failure = z.strictObject({
  code: z.enum(failureCodes),
  message: z.string(),
  serviceCode: z.string().optional(),
  missingAction: z.string().optional(),
  status: z.number().optional(),
  requestId: z.string().optional(),
  correlationId: z.string().optional(),
  retryAfterMs: z.number().optional(),
});

export const confirmedOutcome = z.strictObject({
  kind: z.literal("confirmed"),
  after: observation,
  remark: z.string().optional(),
});
export const outcome = z.discriminatedUnion("kind", [
  confirmedOutcome,
  z.strictObject({ kind: z.literal("not-applied"), failure }),
  z.strictObject({ kind: z.literal("accepted-not-applied"), after: observation, failure }),
  z.strictObject({ kind: z.literal("partly-applied"), after: observation, failure }),
  z.strictObject({ kind: z.literal("unknown"), failure, after: observation.optional() }),
  z.strictObject({ kind: z.literal("skipped"), why: z.string() }),
]);

true satisfies SameFields<z.output<typeof person>, Person>;
true satisfies SameFields<z.output<typeof plan>, ChangePlan>;
true satisfies SameFields<z.output<typeof outcome>, Outcome>;
