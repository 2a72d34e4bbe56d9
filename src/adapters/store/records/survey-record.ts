import { z } from "zod";
import { auditFilters } from "../../../domain/command.ts";
import type { FleetRow } from "../../../domain/fleet/fleet-row.ts";
import { effectiveRoutes } from "../../../domain/routing/effective-value.ts";
import { legacySettings } from "../../../domain/routing/legacy-setting.ts";
import { routingPolicySubjects } from "../../../domain/routing/policy-preview.ts";
import { routingFlags } from "../../../domain/routing/routing-flag.ts";
import type { Survey } from "../../../ports/surveys.ts";
import { actor, place } from "./chat-record.ts";
import { instant, type JsonText, jsonText, type SameFields } from "./json-text.ts";
import { failure, flags, legacy } from "./plan-record.ts";

const fleetRow = z.strictObject({
  label: z.string(),
  resourceGroup: z.string(),
  subscription: z.string(),
  location: z.string(),
  sku: z.string(),
  integration: z.enum(["regional", "gateway", "environment", "none"]),
  stored: flags,
  effective: z.record(z.enum(routingFlags), z.enum(effectiveRoutes)),
  policies: z.partialRecord(z.enum(routingPolicySubjects), z.boolean()),
  legacy: legacy.optional(),
});

const count = z.int();
const survey = z.strictObject({
  id: z.string(),
  revision: z.int(),
  state: z.enum(["running", "done", "failed"]),
  actor,
  place,
  scopes: z.array(
    z.strictObject({ resourceGroup: z.string().optional(), subscription: z.string().optional() }),
  ),
  question: z.strictObject({
    where: z.enum(auditFilters).optional(),
    flags: z.array(z.enum(routingFlags)).optional(),
  }),
  startedAt: instant,
  readAt: instant,
  toldAt: instant,
  position: z.strictObject({ cursor: z.string().optional(), after: z.string().optional() }),
  counts: z.strictObject({
    sites: count,
    askedFor: count,
    notIntegrated: count,
    elsewhere: count,
    routed: z.record(z.enum(routingFlags), count),
    failing: z.record(z.enum(routingPolicySubjects), count),
    settingsUnread: count,
    settings: z.record(z.enum(legacySettings), count),
  }),
  first: z.array(fleetRow),
  parts: count,
  unreadGroups: count,
  restarts: count,
  settingsGivenUp: z.literal(true).optional(),
  failure: failure.optional(),
});

true satisfies SameFields<z.output<typeof fleetRow>, FleetRow>;
true satisfies SameFields<z.output<typeof survey>, Survey>;

/** What the tables keep of surveys and of the sites that they saw. */
export const surveyRecord: JsonText<Survey> = jsonText(1, survey);
export const fleetRowsRecord: JsonText<readonly FleetRow[]> = jsonText(1, z.array(fleetRow));
