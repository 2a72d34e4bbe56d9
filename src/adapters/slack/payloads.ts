/**
 * What Slack sends, reduced to what is read here. Shapes as documented at https://docs.slack.dev/reference/events and
 * https://docs.slack.dev/reference/interaction-payloads; everything else in them is left aside.
 */
import { z } from "zod";

const id = z.string().regex(/^[A-Z0-9]{1,32}$/);
const ts = z.string().regex(/^\d{1,12}\.\d{1,9}$/);
/** Slack's other ids, whose form it does not promise, and ours that come back: short, and nothing in them that cannot be seen. */
export const opaque = z
  .string()
  .min(1)
  .max(500)
  .regex(/^\P{Cc}*$/u);

const authorship = {
  user: id.optional(),
  bot_id: z.string().optional(),
  subtype: z.string().optional(),
  edited: z.unknown().optional(),
  hidden: z.boolean().optional(),
  /** Workspaces that Slack names for the author; which of them are there depends on how the channel is shared. */
  team: z.string().optional(),
  user_team: z.string().optional(),
  source_team: z.string().optional(),
};

const saidEvent = z.object({
  ...authorship,
  type: z.enum(["app_mention", "message"]),
  channel: id,
  channel_type: z.string().optional(),
  text: z.string().default(""),
  ts,
  thread_ts: ts.optional(),
});
export type SaidEvent = z.infer<typeof saidEvent>;

const joinedEvent = z.object({
  ...authorship,
  type: z.literal("member_joined_channel"),
  user: id,
  channel: id,
  inviter: id.optional(),
});
export type JoinedEvent = z.infer<typeof joinedEvent>;

export const eventPayload = z.object({
  event_id: opaque,
  event: z.discriminatedUnion("type", [saidEvent, joinedEvent]),
});

export const commandPayload = z.object({
  user_id: id,
  user_name: z.string().optional(),
  channel_id: id,
  team_id: z.string(),
  command: z.string(),
  text: z.string().default(""),
  trigger_id: opaque,
});

const clicker = z.object({
  id,
  name: z.string().optional(),
  username: z.string().optional(),
  team_id: z.string().optional(),
});

export const clickPayload = z.object({
  user: clicker,
  trigger_id: opaque,
  channel: z.object({ id }),
  container: z.object({ message_ts: ts, thread_ts: ts.optional() }),
  message: z.object({ thread_ts: ts.optional() }).optional(),
  actions: z
    .tuple([
      z.object({
        action_id: opaque,
        block_id: z.string().default(""),
        action_ts: opaque,
        value: opaque,
      }),
    ])
    .rest(z.unknown()),
});
export type ClickPayload = z.infer<typeof clickPayload>;

export const submissionPayload = z.object({
  user: clicker,
  view: z.object({
    id: opaque,
    hash: opaque,
    private_metadata: z.string(),
    state: z.object({
      values: z.record(z.string(), z.record(z.string(), z.object({ value: z.string().nullish() }))),
    }),
  }),
});
