/**
 * The control API's shapes, all of them. The page, the tour and the journeys speak it over HTTP on 127.0.0.1; every POST
 * answers what the platform answered, so that nobody has to guess or to sleep.
 *
 * | request | body or query | answer |
 * |---|---|---|
 * | GET /api/world | {@link worldQuerySchema} | {@link worldAnswerSchema} |
 * | GET /api/wait | {@link waitQuerySchema} | {@link waitAnswerSchema}, as soon as something matches |
 * | GET /api/events | {@link worldQuerySchema} | server-sent events: `change`, a {@link changeViewSchema}; `azure`, as the local Azure has it |
 * | POST /api/messages | {@link sayRequestSchema} | {@link sayAnswerSchema} |
 * | POST /api/actions | {@link actionRequestSchema} | {@link actionAnswerSchema} |
 * | POST /api/refresh | {@link refreshRequestSchema} | {@link refreshAnswerSchema} |
 * | POST /api/modals/submit | {@link submitRequestSchema} | {@link submitAnswerSchema} |
 * | POST /api/modals/close | {@link closeModalRequestSchema} | `{seq}` |
 * | POST /api/read | {@link readRequestSchema} | `{seq}` |
 * | GET /api/deliveries | `?after=<id>` | `{deliveries}` of {@link deliverySchema}, oldest first |
 * | POST /api/deliveries/:id/again | | the {@link deliverySchema} with its new attempt |
 * | GET, POST, DELETE /api/chat-faults | {@link chatFaultOrderSchema} | `{faults}`; the fault ordered; `{faults: []}` |
 * | GET /api/bot | | {@link botStateSchema} |
 * | POST /api/bot/kill | {@link killRequestSchema} | {@link botStateSchema}: SIGKILL, now or in the middle of the next change; it is started again |
 * | POST /api/reset | | `{seq}`: everything as on the first day |
 * | any /api/azure/… | | what the local Azure's own control interface answers at `/_local/…`: sites, requests, faults, behaviour, reset |
 *
 * Errors are `{error}` with status 400 (the request), 404 (no such thing), 409 (not possible now) or 502 (no local Azure).
 */
import { z } from "zod";
import { deliverySchema } from "../deliveries.ts";
import { personIdSchema } from "../people.ts";
import { platformSchema } from "../places.ts";
import { repliesSchema } from "../teams/invoke-answer.ts";
import { auditRecordSchema, journalEntrySchema, jsonObjectSchema, noteSchema } from "../world/world-model.ts";
import {
  conversationViewSchema,
  messageViewSchema,
  modalViewSchema,
  worldViewSchema,
} from "../world/world-view.ts";

export { chatFaultOrderSchema, chatFaultSchema } from "../chat-faults.ts";
export { deliverySchema } from "../deliveries.ts";

/** When kill -9 hits: as the bot's next PATCH is at the local Azure, before or after it was carried out, and in each case before its answer. */
const crashMomentSchema = z.enum(["write-arrives", "write-done"]);
export type CrashMoment = z.infer<typeof crashMomentSchema>;

export const killRequestSchema = z.object({
  at: z.enum(["now", ...crashMomentSchema.options]).default("now"),
});

export const botStateSchema = z.object({
  state: z.enum(["starting", "ready", "restarting", "stopped"]),
  pid: z.int().nullable(),
  /** How often it was started again after it had died. */
  restarts: z.int(),
  /** A kill -9 that waits for its moment. */
  crashArmed: crashMomentSchema.nullable(),
});
export type BotState = z.infer<typeof botStateSchema>;

/** A conversation's id, its alias (`on-call`, `general`, `release`) or `direct` for one's own chat with the bot. */
const conversation = z.string().min(1);

export const worldQuerySchema = z.object({
  as: personIdSchema,
  /** For events: only later changes than this number. */
  after: z.coerce.number().int().nonnegative().optional(),
});

export const worldAnswerSchema = worldViewSchema.extend({
  bot: botStateSchema,
  addresses: z.record(z.string(), z.string()),
});

export const sayRequestSchema = z.object({
  platform: platformSchema,
  conversation,
  /** The message to answer in its thread. */
  thread: z.string().nullish(),
  as: personIdSchema,
  /** As typed. `@Routebot` mentions the bot; in Slack `/routebot …` is the slash command. */
  text: z.string().min(1).max(20_000),
});

/** In every answer: the change number before anything was sent; give it to `/api/wait?after=`. */
const seq = z.int();

export const sayAnswerSchema = z.object({
  seq,
  /** Null for a slash command, which leaves no message. */
  message: messageViewSchema.nullable(),
  /** Null when the platform does not tell the bot, for the reason in `why`. */
  delivery: deliverySchema.nullable(),
  why: z.string().nullable(),
  /** What the platform shows the person instead of a result. */
  problem: z.string().nullable(),
});

export const actionRequestSchema = z.object({
  platform: platformSchema,
  conversation,
  messageId: z.string(),
  as: personIdSchema,
  /** A key out of the message's `actions`, or a title or verb that only one of them has. */
  action: z.string(),
  /** Teams: by input id. Slack: by block id; `value` for the chosen option of a menu. */
  inputs: jsonObjectSchema.default({}),
  /** Clicks on an earlier revision of the message, as a client does that was not yet told of the update. */
  revision: z.int().optional(),
  /** Clicks that often at once, each a click of its own. */
  times: z.int().min(1).max(10).default(1),
});

export const actionAnswerSchema = z.object({
  seq,
  delivery: deliverySchema,
  acknowledged: z.boolean(),
  reply: z.discriminatedUnion("kind", [
    ...repliesSchema.options,
    z.object({ kind: z.literal("acknowledged") }),
  ]),
  problem: z.string().nullable(),
  /** As the person sees it afterwards. */
  message: messageViewSchema,
  /**
   * The form that is open for the person by now. Bots usually acknowledge first and open the form a moment later: then
   * wait for it with `/api/wait?kind=modal`.
   */
  modal: modalViewSchema.nullable(),
  /** With `times`: the other clicks' acknowledgements. */
  others: z.array(z.object({ delivery: deliverySchema, acknowledged: z.boolean() })),
});

export const refreshRequestSchema = z.object({
  conversation,
  messageId: z.string(),
  as: personIdSchema,
});
export const refreshAnswerSchema = z.object({
  seq,
  /** Whether the card asks to be refreshed for this person. */
  asked: z.boolean(),
  message: messageViewSchema,
});

export const submitRequestSchema = z.object({
  modalId: z.string(),
  as: personIdSchema,
  /** By block id: text, an option's value (a list for check boxes), a user id or a date. */
  values: jsonObjectSchema.default({}),
});
export const submitAnswerSchema = z.object({
  seq,
  /** Null when the client refused to send the form; `modal.errors` says why. */
  delivery: deliverySchema.nullable(),
  acknowledged: z.boolean(),
  modal: modalViewSchema,
  problem: z.string().nullable(),
});
export const closeModalRequestSchema = submitRequestSchema.omit({ values: true });

export const readRequestSchema = z.object({ as: personIdSchema, platform: platformSchema, conversation });

export const waitQuerySchema = z.object({
  as: personIdSchema,
  /** Only what changed after this number. */
  after: z.coerce.number().int().nonnegative(),
  kind: z.enum(["message", "modal", "note"]).default("message"),
  platform: platformSchema.optional(),
  conversation: conversation.optional(),
  /** The id of the thread's first message, which counts itself. */
  thread: z.string().optional(),
  /** One message. */
  id: z.string().optional(),
  from: z.enum(["bot", "person", "any"]).default("bot"),
  /** Words that the plain text holds, in any case. */
  contains: z.string().optional(),
  /** Words that it does not hold. */
  lacks: z.string().optional(),
  timeoutMs: z.coerce.number().int().min(0).max(120_000).default(10_000),
});
export type WaitQuery = z.infer<typeof waitQuerySchema>;

/** What matched, oldest change first; all lists are empty when the time was over. */
export const waitAnswerSchema = z.object({
  seq,
  timedOut: z.boolean(),
  messages: z.array(messageViewSchema),
  modals: z.array(modalViewSchema),
  notes: z.array(noteSchema),
});
export type WaitAnswer = z.infer<typeof waitAnswerSchema>;

export const changeViewSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("message"),
    seq,
    message: messageViewSchema,
    conversations: z.array(conversationViewSchema),
  }),
  z.object({ kind: z.literal("modal"), seq, modal: modalViewSchema }),
  z.object({ kind: z.literal("note"), seq, note: noteSchema, bot: botStateSchema }),
  z.object({ kind: z.literal("journal"), seq, entry: journalEntrySchema }),
  /** A record is new, or another one was told under its number. */
  z.object({ kind: z.literal("audit"), seq, record: auditRecordSchema }),
  z.object({ kind: z.literal("read"), seq, conversations: z.array(conversationViewSchema) }),
  /** Fetch the world again. */
  z.object({ kind: z.literal("reset"), seq }),
]);
export type ChangeView = z.infer<typeof changeViewSchema>;
