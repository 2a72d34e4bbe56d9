import { z } from "zod";
import { notifications, onFailureChoices } from "../domain/change/approval-policy.ts";
import { quickUndoRoles } from "../domain/change/permit.ts";
import { routingFlags } from "../domain/routing/routing-flag.ts";
import { isTimeZone } from "../domain/zoned-time.ts";
import { duration } from "./duration.ts";
import { readFreezeTimes, weekdays } from "./freeze-times.ts";
import { moment } from "./moment.ts";
import { didYouMean } from "./nearest-name.ts";

/**
 * The form of the policy file (YAML). Whether its names and numbers fit together is checked in read-policy.ts.
 * Rights have no default: who may request and who may approve has to be written down.
 */

const guid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/** No `:` and no `/`: an account that nobody listed has an id with both, and must never look like a listed person. */
const personId = text().regex(
  /^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$/,
  "is not an id; use letters, digits and . _ @ -, starting with a letter or digit",
);

/** `*` is everybody; among approvers it is refused with a reason of its own. */
const personIdOrAll = text().regex(
  /^(\*|(group:)?[A-Za-z0-9][A-Za-z0-9._@-]{0,99})$/,
  "is not an id; give the id of somebody under people, group:NAME, or *",
);

const teamsAccount = text().regex(
  new RegExp(`^(${guid}/)?${guid}$`, "i"),
  "is not a Teams account; give the person's Entra object id, or TENANT-ID/OBJECT-ID",
);

const slackAccount = text().regex(
  /^[TE][A-Z0-9]+\/[UW][A-Z0-9]+$/,
  "is not a Slack account; give TEAM/USER, such as T0123ABCD/U0456EFGH",
);

const pattern = text()
  .min(1, "is empty; give a name, where * stands for any characters")
  .max(200, "is longer than 200 characters; give a shorter one, with * for what varies");

const entraGroup = text().regex(
  new RegExp(`^${guid}$`, "i"),
  "is not a group of Entra ID; give its object id",
);

const slackGroup = text().regex(
  /^[TE][A-Z0-9]+\/S[A-Z0-9]+$/,
  "is not a user group of Slack; give TEAM/GROUP, such as T0123ABCD/S0456EFGH",
);

export const personSchema = strictly({
  id: personId,
  name: text()
    .trim()
    .min(1, "is empty; give the name that people know")
    .max(100, "is longer than 100 characters; give a shorter one"),
  teams: oneOrMany(teamsAccount),
  slack: oneOrMany(slackAccount),
});

export const ruleSchema = strictly({
  name: text()
    .trim()
    .min(1, "is empty; give the rule a name")
    .max(100, "is longer than 100 characters; give a shorter one"),
  sites: strictly({
    subscriptions: oneOrMany(pattern),
    resourceGroups: oneOrMany(pattern),
    names: oneOrMany(pattern),
    slots: oneOrMany(pattern).describe("Names of slots; the site itself is production."),
    tags: z
      .record(z.string().min(1).max(512), oneOrMany(pattern), "is not a map; give names of tags and patterns")
      .optional()
      .describe("Patterns for the values of tags; all of them have to fit."),
  }).optional(),
  flags: oneOrMany(z.enum(routingFlags, `is no routing flag; known are ${routingFlags.join(", ")}`)).describe(
    "Only changes of these flags.",
  ),
  direction: z.enum(["on", "off"], "is neither on nor off; give one of them, in quotes").optional(),
  see: listOf(personIdOrAll)
    .optional()
    .describe("Who may see the sites, besides those who request and approve."),
  request: listOf(personIdOrAll).describe('Who may ask: ids, group:NAME, or "*" for everybody.'),
  approve: listOf(personIdOrAll).describe("Who may approve: ids and group:NAME. An empty list is nobody."),
  quorum: z
    .number("is not a number; give how many people have to approve")
    .int("is not a whole number; give how many people have to approve")
    .min(1, "is less than 1; at least one person has to approve")
    .default(1),
  decideWithin: duration.default(4 * 3_600_000),
  applyWithin: duration.default(3_600_000),
  ownSite: trueOrFalse().default(false),
  watch: strictly({
    for: z
      .union([z.literal([0, "0", "off"]).transform(() => 0), duration], {
        error: "is not a length of time; write it as 10m, or off",
      })
      .default(10 * 60_000),
    probe: text()
      .regex(/^(\/(?!\/)|https:\/\/)\S*$/, "is neither a path nor an https address; write /health")
      .max(500, "is longer than 500 characters; give a shorter one")
      .optional(),
  }).default({ for: 10 * 60_000 }),
  quickUndo: oneOrMany(
    z.enum(quickUndoRoles, `is no role; give ${quickUndoRoles.join(", ")} or both as a list`),
  ),
  maxDuration: duration.optional(),
  onFailure: z
    .enum(onFailureChoices, `is neither ${onFailureChoices.join(" nor ")}; give one of them`)
    .default("stop"),
  freeze: oneOrMany(
    text()
      .min(1, "is empty; give the name of one of the freezes")
      .max(100, "is longer than 100 characters; give the name of one of the freezes"),
  ),
  breakGlass: oneOrMany(personId),
  remind: strictly({
    after: duration,
    escalate: oneOrMany(personId),
    escalateAfter: duration.optional(),
  }).optional(),
  stepUp: trueOrFalse()
    .default(false)
    .describe("Whether an approval counts only once its approver has signed in to Entra ID again."),
  selfApproval: z
    .boolean("is neither true nor false; give one of them, without quotes")
    .default(false)
    .describe("Whether approvers may approve what they asked for themselves."),
  notify: z
    .enum(notifications, `is not a way to notify; give ${notifications.join(", ")}`)
    .default("when-needed")
    .describe("Which approvers get the card in their own chat."),
});

/** Groups and delegates are about people only: a rule says what they may. */
export const groupSchema = strictly({
  name: personId.describe("Rules name it as group:NAME."),
  members: listOf(personId).optional().describe("Ids of people."),
  entra: oneOrMany(entraGroup).describe("Object ids of groups in Entra ID."),
  slack: oneOrMany(slackGroup).describe("TEAM/GROUP: user groups of Slack."),
});

export const delegateSchema = strictly({
  person: personId.describe("Who is away."),
  to: personId.describe("Who decides in that person's place."),
  since: moment("beginning"),
  until: moment("end"),
});

export const freezeSchema = strictly({
  name: text()
    .trim()
    .min(1, "is empty; give the freeze a name")
    .max(100, "is longer than 100 characters; give a shorter one"),
  zone: text().refine(isTimeZone, "is not a time zone; give its IANA name, such as Europe/Berlin"),
  days: z
    .array(z.enum(weekdays, `is not a day; write ${weekdays.join(", ")}`), "is not a list; write [sat, sun]")
    .min(1, "is empty; name a day, or leave it out")
    .optional(),
  from: text(),
  to: text(),
  stopsBreakGlass: trueOrFalse().default(false),
}).transform((entry, context) => {
  const times = readFreezeTimes(entry);
  if (times.kind === "spans") {
    const { name, zone, stopsBreakGlass } = entry;
    return { name, zone, stopsBreakGlass, spans: times.spans };
  }
  context.addIssue({ code: "custom", path: [times.at], message: times.message });
  return z.NEVER;
});

const teamsChannel = text().regex(
  /^19:\S+@\S+$/,
  "is not a Teams channel; give its id, such as 19:0123abcd@thread.tacv2",
);

const slackChannel = text().regex(
  /^[TE][A-Z0-9]+\/[CGD][A-Z0-9]+$/,
  "is not a Slack channel; give TEAM/CHANNEL, such as T0123ABCD/C0456EFGH",
);

export const channelSchema = strictly({
  teams: oneOrMany(teamsChannel),
  slack: oneOrMany(slackChannel),
  subscriptions: oneOrMany(pattern),
  resourceGroups: oneOrMany(pattern),
});

export const policySchema = strictly({
  people: listOf(personSchema),
  rules: listOf(ruleSchema),
  channels: listOf(channelSchema).optional(),
  freezes: listOf(freezeSchema).optional(),
  stop: oneOrMany(personId),
  groups: listOf(groupSchema).optional(),
  delegates: listOf(delegateSchema).optional(),
});

export type PersonEntry = z.output<typeof personSchema>;
export type RuleEntry = z.output<typeof ruleSchema>;
export type GroupEntry = z.output<typeof groupSchema>;
export type DelegateEntry = z.output<typeof delegateSchema>;
export type FreezeEntry = z.output<typeof freezeSchema>;
export type ChannelEntry = z.output<typeof channelSchema>;

/** YAML's way to say nothing is a key with nothing behind it. */
function absence(input: unknown, todo: string): string | undefined {
  if (input === undefined) return `is missing; ${todo}`;
  return input === null ? `has no value; ${todo}` : undefined;
}

/** A number or a date without quotes is a mistake that YAML makes easy. */
function text() {
  return z.string({
    error: ({ input }) =>
      absence(input, "give it") ??
      (Array.isArray(input) || typeof input === "object"
        ? "is not text; write one value here"
        : "is not text; put it in quotes"),
  });
}

function trueOrFalse() {
  return z.boolean("is neither true nor false; give one of them, without quotes");
}

function listOf<T extends z.ZodType>(item: T) {
  return z.array(item, {
    error: ({ input }) =>
      absence(input, "give a list") ?? "is not a list; write [a, b] or one line for each, starting with -",
  });
}

/** One value, or a list of them; absent is the empty list. */
function oneOrMany<T extends z.ZodType<string, string>>(item: T) {
  const { $schema: _, ...one } = z.toJSONSchema(item, { io: "input" });
  return z
    .preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(item).optional(),
    )
    .transform((values) => values ?? [])
    .meta({ anyOf: [one, { type: "array", items: one }] });
}

function strictly<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === "unrecognized_keys") {
        const known = Object.keys(shape);
        const unknown = issue.keys.map((key) => `${key}${didYouMean(key, known)}`).join(", ");
        return issue.keys.length === 1
          ? `has an unknown key: ${unknown}; known are ${known.join(", ")}`
          : `has unknown keys: ${unknown}; known are ${known.join(", ")}`;
      }
      const keys = `give it the keys ${Object.keys(shape).join(", ")}`;
      return absence(issue.input, keys) ?? `is not a map; ${keys}`;
    },
  });
}
