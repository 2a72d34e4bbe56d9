import { z } from "zod";

/** How the whole cloud behaves where the real one's behaviour is unknown or differs from place to place. */
export const behaviourSchema = z.strictObject({
  /** Whether a written `outboundVnetRouting` is merged into the stored one or replaces it (missing flags become false). */
  nestedRouting: z.enum(["merge", "replace"]),
  /** Items on one page of a list. */
  pageSize: z.number().int().min(1).max(1000),
  /** Subscriptions (id) whose cloud knows no api-version of Microsoft.Web newer than 2024-04-01. */
  legacyOnlySubscriptions: z.array(z.string()),
  /** Resource groups (name) in which nobody may list app settings. */
  appSettingsDeniedIn: z.array(z.string()),
  /** Actions (in any case, `*` for anything) that are taken out of every role, to try what a missing right does. */
  withheldActions: z.array(z.string()).default([]),
  /** Whether requests beyond Azure's token buckets are answered with 429. They are counted in any case. Default: no. */
  enforceRateLimits: z.boolean().optional(),
});

export type Behaviour = z.infer<typeof behaviourSchema>;

export const DEFAULT_BEHAVIOUR: Behaviour = {
  nestedRouting: "merge",
  pageSize: 10,
  legacyOnlySubscriptions: [],
  appSettingsDeniedIn: ["rg-platform"],
  withheldActions: [],
};
