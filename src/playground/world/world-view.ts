/** The world as one person sees it. */
import { z } from "zod";
import { everybody, type PersonId, personIdSchema } from "../people.ts";
import { places, platformSchema } from "../places.ts";
import { clickableSchema, fillableSchema, findActions, findInputs } from "./clickable.ts";
import { plainText } from "./plain-text.ts";
import type { World } from "./world.ts";
import {
  auditRecordSchema,
  journalEntrySchema,
  jsonObjectSchema,
  type Message,
  type Modal,
  messageSchema,
  modalSchema,
  noteSchema,
} from "./world-model.ts";

export const messageViewSchema = messageSchema
  .pick({
    platform: true,
    conversation: true,
    id: true,
    thread: true,
    author: true,
    text: true,
    blocks: true,
    sentAt: true,
    editedAt: true,
    revision: true,
    seq: true,
  })
  .extend({
    authorName: z.string(),
    /** The Adaptive Cards this person sees: their own view, if they have one. */
    cards: z.array(jsonObjectSchema),
    ownView: z.boolean(),
    /** Only this person sees the message. */
    ephemeral: z.boolean(),
    deleted: z.boolean(),
    /** All that can be read, as plain lines. */
    plainText: z.string(),
    actions: z.array(clickableSchema),
    inputs: z.array(fillableSchema),
  });
export type MessageView = z.infer<typeof messageViewSchema>;

export const modalViewSchema = modalSchema.extend({
  plainText: z.string(),
  actions: z.array(clickableSchema),
  inputs: z.array(fillableSchema),
});
export type ModalView = z.infer<typeof modalViewSchema>;

export const conversationViewSchema = z.object({
  platform: platformSchema,
  id: z.string(),
  alias: z.string(),
  kind: z.enum(["channel", "group", "direct"]),
  name: z.string(),
  members: z.array(personIdSchema),
  /** Messages changed since this person last read the conversation. */
  unread: z.int(),
});
export type ConversationView = z.infer<typeof conversationViewSchema>;

export const worldViewSchema = z.object({
  seq: z.int(),
  as: personIdSchema,
  people: z.array(z.object({ id: personIdSchema, name: z.string(), role: z.string(), slackId: z.string() })),
  conversations: z.array(conversationViewSchema),
  messages: z.array(messageViewSchema),
  modals: z.array(modalViewSchema),
  notes: z.array(noteSchema),
  /** The same for everybody: it belongs to whoever watches, not to a person of the playground. */
  journal: z.array(journalEntrySchema),
  /** The bot's audit as its log tells it; by number. */
  audit: z.array(auditRecordSchema),
});
export type WorldView = z.infer<typeof worldViewSchema>;

/** May this person see the message? */
export function isVisible(message: Message, as: PersonId): boolean {
  const place = places.find((p) => p.platform === message.platform && p.id === message.conversation);
  return (place?.members.includes(as) ?? false) && (message.audience?.includes(as) ?? true);
}

export function viewMessage(message: Message, as: PersonId): MessageView {
  const { platform, conversation, id, thread, author, sentAt, editedAt, revision, seq } = message;
  const deleted = message.deletedAt !== null;
  const cards = deleted ? [] : (message.views[as] ?? message.cards);
  const blocks = deleted ? [] : message.blocks;
  const text = deleted ? "" : message.text;
  const parts = platform === "teams" ? cards : blocks;
  return {
    platform,
    conversation,
    id,
    thread,
    author,
    authorName: nameOf(author),
    text,
    cards,
    blocks,
    ownView: !deleted && message.views[as] !== undefined,
    ephemeral: message.audience !== null,
    deleted,
    // Where there are blocks, Slack uses the text for notifications only; Teams shows both.
    plainText: plainText(blocks.length > 0 ? "" : text, parts),
    actions: findActions(parts).map(({ clickable }) => clickable),
    inputs: findInputs(parts),
    sentAt,
    editedAt,
    revision,
    seq,
  };
}

export function viewModal(modal: Modal): ModalView {
  const parts = [modal.view];
  return {
    ...modal,
    plainText: plainText("", parts),
    actions: findActions(parts).map(({ clickable }) => clickable),
    inputs: findInputs(parts),
  };
}

export function viewConversations(world: World, as: PersonId): ConversationView[] {
  const marks = world.state.read[as] ?? {};
  return places
    .filter(({ members }) => members.includes(as))
    .map((place) => {
      const mark = marks[`${place.platform}:${place.id}`] ?? 0;
      const unread = world.state.messages.filter(
        (m) =>
          m.platform === place.platform &&
          m.conversation === place.id &&
          m.seq > mark &&
          !(m.author.kind === "person" && m.author.person === as) &&
          isVisible(m, as),
      ).length;
      return { ...place, members: [...place.members], unread };
    });
}

export function viewWorld(world: World, as: PersonId): WorldView {
  const { messages, modals, notes, journal, audit } = world.state;
  return {
    seq: world.seq,
    as,
    people: everybody.map(({ id, name, role, slack }) => ({ id, name, role, slackId: slack.userId })),
    conversations: viewConversations(world, as),
    messages: messages.filter((m) => isVisible(m, as)).map((m) => viewMessage(m, as)),
    modals: modals.filter((m) => m.person === as && m.state === "open").map(viewModal),
    notes: [...notes],
    journal: [...journal],
    audit: [...audit],
  };
}

function nameOf(author: Message["author"]): string {
  switch (author.kind) {
    case "person":
      return everybody.find(({ id }) => id === author.person)?.name ?? author.person;
    case "bot":
      return "Routebot";
    case "platform":
      return "";
    default:
      return author satisfies never;
  }
}
