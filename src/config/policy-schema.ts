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
  id: personId.describe("How rules and the audit name the person."),
  name: text()
    .trim()
    .min(1, "is empty; give the name that people know")
    .max(100, "is longer than 100 characters; give a shorter one")
    .describe("As people know them."),
  teams: oneOrMany(teamsAccount).describe(
    "The Entra object id; TENANT-ID/OBJECT-ID for somebody of another tenant. E-mail addresses and display names identify nobody: both can be changed.",
  ),
  slack: oneOrMany(slackAccount).describe("TEAM/USER: the workspace and the member id."),
});

export const ruleSchema = strictly({
  name: text()
    .trim()
    .min(1, "is empty; give the rule a name")
    .max(100, "is longer than 100 characters; give a shorter one")
    .describe("How cards and the audit name the rule."),
  sites: strictly({
    subscriptions: oneOrMany(pattern).describe("Ids or names."),
    resourceGroups: oneOrMany(pattern).describe("Names."),
    names: oneOrMany(pattern).describe("Names of sites."),
    slots: oneOrMany(pattern).describe("Names of slots; the site itself is production."),
    tags: z
      .record(z.string().min(1).max(512), oneOrMany(pattern), "is not a map; give names of tags and patterns")
      .optional()
      .describe("Patterns for the values of tags; all of them have to fit."),
  })
    .optional()
    .describe("Patterns, * for any characters. Each list that is left out fits everything."),
  flags: oneOrMany(z.enum(routingFlags, `is no routing flag; known are ${routingFlags.join(", ")}`)).describe(
    "Only changes of these flags.",
  ),
  direction: z
    .enum(["on", "off"], "is neither on nor off; give one of them, in quotes")
    .optional()
    .describe("Only changes that turn flags on, or only those that turn them off."),
  see: listOf(personIdOrAll)
    .optional()
    .describe("Who may see the sites, besides those who request and approve."),
  request: listOf(personIdOrAll).describe('Who may ask: ids, group:NAME, or "*" for everybody.'),
  approve: listOf(personIdOrAll).describe("Who may approve: ids and group:NAME. An empty list is nobody."),
  quorum: z
    .number("is not a number; give how many people have to approve, without quotes")
    .int("is not a whole number; give how many people have to approve")
    .min(1, "is less than 1; at least one person has to approve")
    .default(1)
    .describe("Approvals needed, by different people. Default: 1."),
  decideWithin: duration.default(4 * 3_600_000).describe("Time to decide: 30m, 4h, 1d. Default: 4h."),
  applyWithin: duration.default(3_600_000).describe("Time to begin, from the last approval on. Default: 1h."),
  ownSite: trueOrFalse()
    .default(false)
    .describe(
      "Whether the rule may change the site that Routebot itself runs on. Without it, that site is refused.",
    ),
  watch: strictly({
    for: z
      .union([z.literal([0, "0", "off"]).transform(() => 0), duration], {
        error: "is not a length of time; write it as 10m, or off",
      })
      .default(10 * 60_000)
      .describe("How long the sites are watched; off for not at all. Default: 10m."),
    probe: text()
      .regex(/^(\/(?!\/)|https:\/\/)\S*$/, "is neither a path nor an https address; write /health")
      .max(500, "is longer than 500 characters; give a shorter one")
      .optional()
      .describe("What is asked of them over https, before the change and after it."),
  })
    .default({ for: 10 * 60_000 })
    .describe("What happens after a change."),
  quickUndo: oneOrMany(
    z.enum(quickUndoRoles, `is no role; give ${quickUndoRoles.join(", ")} or both as a list`),
  ).describe("Who may undo at once, without new approvals, while a change is watched. Default: nobody."),
  maxDuration: duration
    .optional()
    .describe(
      `The longest that a temporary change ("for 2 hours") may last, extensions included. Default: 30d.`,
    ),
  onFailure: z
    .enum(onFailureChoices, `is neither ${onFailureChoices.join(" nor ")}; give one of them`)
    .default("stop")
    .describe("What becomes of the sites that are left when one of a request fails. Default: stop."),
  freeze: oneOrMany(
    text()
      .min(1, "is empty; give the name of one of the freezes")
      .max(100, "is longer than 100 characters; give the name of one of the freezes"),
  ).describe("Names of freezes, below, in which approved changes wait, each within its time to begin."),
  breakGlass: oneOrMany(personId).describe(
    "Who may have a change written without approval: with a reason, confirmed twice, told to everybody who was skipped, reviewed by another.",
  ),
  remind: strictly({
    after: duration.describe("When the approvers are called to mind first; then with growing pauses."),
    escalate: oneOrMany(personId).describe("Who is told when nobody decides."),
    escalateAfter: duration.optional().describe("When these are told."),
  })
    .optional()
    .describe("What happens while nobody decides."),
  stepUp: trueOrFalse()
    .default(false)
    .describe(
      "Whether an approval counts only once its approver has signed in to Entra ID again; needs ROUTEBOT_STEPUP_CLIENT_ID.",
    ),
  selfApproval: z
    .boolean("is neither true nor false; give one of them, without quotes")
    .default(false)
    .describe("Whether approvers may approve what they asked for themselves."),
  notify: z
    .enum(notifications, `is not a way to notify; give ${notifications.join(", ")}`)
    .default("when-needed")
    .describe(
      "Which approvers get the card in their own chat: direct (all), when-needed (those who would not see it), never. Default: when-needed.",
    ),
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
  since: moment("beginning").describe("From then on, the day in UTC or a time as 2026-12-20T14:00Z."),
  until: moment("end").describe("Until the end of that day, or that time."),
});

export const freezeSchema = strictly({
  name: text()
    .trim()
    .min(1, "is empty; give the freeze a name")
    .max(100, "is longer than 100 characters; give a shorter one")
    .describe("How rules and cards name it."),
  zone: text()
    .refine(isTimeZone, "is not a time zone; give its IANA name, such as Europe/Berlin")
    .describe("By whose clocks."),
  days: z
    .array(z.enum(weekdays, `is not a day; write ${weekdays.join(", ")}`), "is not a list; write [sat, sun]")
    .min(1, "is empty; name a day, or leave it out")
    .optional()
    .describe("On these days, where from and to are times of day."),
  from: text().describe("Weekly, as fri 16:00; once, as 2026-12-18 18:00; with days, as 22:00."),
  to: text().describe("Written as from is."),
  stopsBreakGlass: trueOrFalse().default(false).describe("Whether a break-glass change waits, too."),
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
  teams: oneOrMany(teamsChannel).describe("Ids of channels in Teams: 19:…@thread.tacv2."),
  slack: oneOrMany(slackChannel).describe("TEAM/CHANNEL: channels in Slack."),
  subscriptions: oneOrMany(pattern).describe(
    "Subscriptions in which its sites are looked for first: ids or names.",
  ),
  resourceGroups: oneOrMany(pattern).describe("Resource groups in which its sites are looked for first."),
});

export const policySchema = strictly({
  people: listOf(personSchema).describe("Everybody whom rules name."),
  rules: listOf(ruleSchema).describe(
    "The first rule that fits the site and the change counts. Where none does, nothing is allowed. Nobody approves their own request.",
  ),
  channels: listOf(channelSchema)
    .optional()
    .describe(
      "Where the sites of a channel are: a name without group and subscription is looked for there first. Not a right of any kind.",
    ),
  freezes: listOf(freezeSchema)
    .optional()
    .describe(
      "Times in which the rules that name them write nothing, by the clocks of that zone. Weekly, by days, or from one date to another.",
    ),
  stop: oneOrMany(personId).describe('Who may write "freeze all" and "unfreeze". Without it, nobody.'),
  groups: listOf(groupSchema)
    .optional()
    .describe(
      "Rules name a group as group:NAME. Its members: people of this file, groups in Entra ID, user groups in Slack. Groups of a directory are read again at each click; one that cannot be read has no members.",
    ),
  delegates: listOf(delegateSchema)
    .optional()
    .describe("Who decides in place of somebody who is away. The one who is away does not decide meanwhile."),
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
