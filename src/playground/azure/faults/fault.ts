import { z } from "zod";

/** Before the request is carried out, or after it was and before its answer is sent. */
const when = z.enum(["before", "after"]).default("before");
const seconds = z.number().int().min(0).max(3600);

const faultSchema = z.discriminatedUnion("kind", [
  /** 429 with Retry-After. */
  z.strictObject({ kind: z.literal("throttled"), retryAfterSeconds: seconds.default(1) }),
  /** 409 in App Service's envelope: another operation is in progress. Writes only. */
  z.strictObject({ kind: z.literal("busy") }),
  z.strictObject({
    kind: z.literal("server-error"),
    status: z.number().int().min(500).max(504).default(500),
    envelope: z.enum(["arm", "antares"]).default("antares"),
    retryAfterSeconds: seconds.optional(),
    when,
  }),
  /** The connection is closed without an answer. */
  z.strictObject({ kind: z.literal("reset"), when }),
  /** No answer, until the client gives up. */
  z.strictObject({ kind: z.literal("hang"), when }),
  z.strictObject({ kind: z.literal("slow"), delayMs: z.number().int().min(0).max(600_000), when }),
  /** 2xx and nothing is stored. The answer shows what was asked for, or what is stored. Writes only. */
  z.strictObject({
    kind: z.literal("ignored"),
    reply: z.enum(["as-asked", "as-stored"]).default("as-asked"),
  }),
  /** 2xx and only these routing flags and app settings are stored. Writes only. */
  z.strictObject({ kind: z.literal("partial"), keys: z.array(z.string()).min(1) }),
  /** 200, and done only after the site was read so many times. Writes only. */
  z.strictObject({ kind: z.literal("late"), readsUntilDone: z.number().int().min(1).max(1000).default(2) }),
  /** 400 in App Service's envelope, 01020: `siteConfig` and site say different things. Writes only. */
  z.strictObject({ kind: z.literal("site-config-conflict") }),
  /** 202, and done (or failed) after so many polls. Writes only. */
  z.strictObject({
    kind: z.literal("async"),
    pollsUntilDone: z.number().int().min(1).max(1000).default(2),
    outcome: z.enum(["succeeded", "failed"]).default("succeeded"),
    retryAfterSeconds: seconds.default(0),
  }),
  /** 403: LinkedAuthorizationFailed for an action of Microsoft.Network, else AuthorizationFailed. */
  z.strictObject({ kind: z.literal("denied"), action: z.string().min(3).optional() }),
  /** 403 RequestDisallowedByPolicy. Writes only. */
  z.strictObject({
    kind: z.literal("policy"),
    policy: z.string().min(1).default("app-traffic-must-be-routed"),
  }),
]);

export type Fault = z.infer<typeof faultSchema>;

const WRITES_ONLY: readonly Fault["kind"][] = [
  "busy",
  "ignored",
  "partial",
  "late",
  "async",
  "policy",
  "site-config-conflict",
];

/** Whether a fault makes sense for writes only, so that reads pass it by and do not use it up. */
export function isForWritesOnly(fault: Fault): boolean {
  return WRITES_ONLY.includes(fault.kind);
}

const regularExpression = z.string().superRefine((text, context) => {
  try {
    new RegExp(text, "i");
  } catch (cause) {
    context.addIssue({ code: "custom", message: `not a regular expression: ${String(cause)}` });
  }
});

const matchSchema = z
  .strictObject({
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional(),
    /** A regular expression on the path, in any case. */
    path: regularExpression.optional(),
    /** `name` of a site, or `name/slot`. */
    site: z.string().optional(),
    /** The route's name as the request log shows it, such as `sites/patch`. */
    route: z.string().optional(),
  })
  .default({});

/** An order: the next `times` requests that match get the fault; null means all until it is withdrawn. */
const orderSchema = z
  .strictObject({
    match: matchSchema,
    times: z.number().int().min(1).nullable().default(1),
    fault: faultSchema,
  })
  .superRefine((order, context) => {
    const { method } = order.match;
    if (!isForWritesOnly(order.fault) || method === undefined || method === "PUT" || method === "PATCH")
      return;
    context.addIssue({
      code: "custom",
      path: ["match", "method"],
      message: `a fault of kind "${order.fault.kind}" only ever meets PUT and PATCH`,
    });
  });

export const faultOrdersSchema = z.array(orderSchema).max(100);

/** As it is written by a client: defaults may be left out. */
export type FaultOrder = z.input<typeof orderSchema>;
export type FaultMatch = z.infer<typeof matchSchema>;
export type ParsedFaultOrder = z.infer<typeof orderSchema>;
