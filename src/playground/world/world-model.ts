/** What the playground remembers: conversations' messages as both platforms hold them. Also the shape of the file. */
import { z } from "zod";
import { personIdSchema } from "../people.ts";
import { platformSchema } from "../places.ts";

export const jsonObjectSchema = z.record(z.string(), z.unknown());
export type JsonObject = z.infer<typeof jsonObjectSchema>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const authorSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("person"), person: personIdSchema }),
  z.object({ kind: z.literal("bot") }),
  /** The platform itself, telling a person that something did not work. */
  z.object({ kind: z.literal("platform") }),
]);
export type Author = z.infer<typeof authorSchema>;

const contentSchema = z.object({
  /** As the author sent it: Markdown from a Teams bot, mrkdwn with Slack's escapes in Slack. */
  text: z.string(),
  /** Adaptive Cards (Teams). */
  cards: z.array(jsonObjectSchema),
  /** Block Kit (Slack). */
  blocks: z.array(jsonObjectSchema),
});
export type Content = z.infer<typeof contentSchema>;

export const messageSchema = contentSchema.extend({
  platform: platformSchema,
  conversation: z.string(),
  /** Teams: the activity id; Slack: the `ts`. */
  id: z.string(),
  /** The id of the message that this one answers in its thread, null at the top of the conversation. */
  thread: z.string().nullable(),
  author: authorSchema,
  /** Teams: cards that one person sees in place of `cards` (an invoke's answer, a refresh). */
  views: z.partialRecord(personIdSchema, z.array(jsonObjectSchema)),
  /** Null: every member sees it. Slack's ephemeral messages have one reader. */
  audience: z.array(personIdSchema).nullable(),
  /** Slack's message metadata, given back by conversations.history. */
  metadata: jsonObjectSchema.nullable(),
  sentAt: z.iso.datetime(),
  editedAt: z.iso.datetime().nullable(),
  deletedAt: z.iso.datetime().nullable(),
  /** 0 when first sent; one more for each update that everybody sees. */
  revision: z.int().nonnegative(),
  /** The contents before the latest update, newest last: a stale client still shows (and clicks) these. */
  earlier: z.array(contentSchema.extend({ revision: z.int() })),
  /** The world's change number at the latest change of this message. */
  seq: z.int().nonnegative(),
});
export type Message = z.infer<typeof messageSchema>;

export interface MessageRef {
  readonly platform: Message["platform"];
  readonly conversation: string;
  readonly id: string;
}

export const modalSchema = z.object({
  /** Slack's view id. */
  id: z.string(),
  person: personIdSchema,
  view: jsonObjectSchema,
  hash: z.string(),
  /** Errors of the last submission, by block id. */
  errors: z.record(z.string(), z.string()),
  state: z.enum(["open", "closed"]),
  seq: z.int().nonnegative(),
});
export type Modal = z.infer<typeof modalSchema>;

/** Something that happened outside of the conversations, such as a crash of the bot. */
export const noteSchema = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  kind: z.enum(["bot", "chat", "azure", "playground"]),
  level: z.enum(["info", "problem"]),
  text: z.string(),
  seq: z.int().nonnegative(),
});
export type Note = z.infer<typeof noteSchema>;

/** What could be seen of a change request, from outside of the bot: in the order in which it happened. */
export const journalEntrySchema = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  /** Such as `CR-12`, as the bot's cards name it. */
  request: z.string(),
  kind: z.enum([
    /** A person wrote what became the request. */
    "asked",
    /** A card of the request says something else than before. */
    "card",
    /** A person clicked or filled in a form. */
    "click",
    /** The bot asked Azure something about the request's site. */
    "azure",
    /** The bot died or came back while the request was open. */
    "bot",
  ]),
  /** The person; null for what nobody in particular did. */
  person: personIdSchema.nullable(),
  text: z.string(),
  /** With `card`: what the request is in, as a word of the card's; `other` when the card says something unknown. */
  state: z.string().nullable(),
  /** With `card`: what the request is about. */
  title: z.string().nullable(),
  problem: z.boolean(),
  seq: z.int().nonnegative(),
});
export type JournalEntry = z.infer<typeof journalEntrySchema>;

/** A record of the bot's audit, as a line of its log tells it: without people. */
export const auditRecordSchema = z.object({
  /** Its number in the audit, which has nothing to do with change numbers. */
  seq: z.int().positive(),
  hash: z.string(),
  at: z.iso.datetime(),
  /** What happened, in the audit's own words: `opened`, `approval`, `moved` and so on. */
  kind: z.string(),
  /** Null for what is about no single request. */
  request: z.string().nullable(),
  /** The request's states before and after. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** What must not be: the hash of another record that was told under the same number. */
  otherHash: z.string().nullable(),
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;
/** A record as a single line tells it. */
export type ToldRecord = Omit<AuditRecord, "otherHash">;

export const worldStateSchema = z.object({
  version: z.literal(1),
  seq: z.int().nonnegative(),
  messages: z.array(messageSchema),
  modals: z.array(modalSchema),
  notes: z.array(noteSchema),
  /** Missing in files of earlier versions. */
  journal: z.array(journalEntrySchema).default([]),
  /** By number, without two of the same. Missing in files of earlier versions. */
  audit: z.array(auditRecordSchema).default([]),
  /** By person and then by `platform:conversation`: the change number up to which the person has read. */
  read: z.partialRecord(personIdSchema, z.record(z.string(), z.int())),
});
export type WorldState = z.infer<typeof worldStateSchema>;

export const emptyWorld = (): WorldState => ({
  version: 1,
  seq: 0,
  messages: [],
  modals: [],
  notes: [],
  journal: [],
  audit: [],
  read: {},
});

/** One change, as listeners are told of it. */
export type WorldChange =
  | { readonly kind: "message"; readonly seq: number; readonly message: Message }
  | { readonly kind: "modal"; readonly seq: number; readonly modal: Modal }
  | { readonly kind: "note"; readonly seq: number; readonly note: Note }
  | { readonly kind: "journal"; readonly seq: number; readonly entry: JournalEntry }
  | { readonly kind: "audit"; readonly seq: number; readonly record: AuditRecord }
  | { readonly kind: "read"; readonly seq: number; readonly person: z.infer<typeof personIdSchema> }
  | { readonly kind: "reset"; readonly seq: number };
