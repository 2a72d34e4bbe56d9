/**
 * The message store that both local chats write to. It knows nothing of either protocol: it keeps messages, what each
 * person sees of them, forms, notes and read marks, numbers every change, and tells listeners.
 */
import type { PersonId } from "../people.ts";
import type { Platform } from "../places.ts";
import {
  type AuditRecord,
  type Content,
  emptyWorld,
  type JournalEntry,
  type JsonObject,
  type Message,
  type MessageRef,
  type Modal,
  type Note,
  type ToldRecord,
  type WorldChange,
  type WorldState,
} from "./world-model.ts";

/** How many earlier contents of a message, and how many notes, forms, journal entries and records of the audit, are kept. */
const kept = { revisions: 5, notes: 200, modals: 50, journal: 1000, audit: 1000 } as const;

export interface MessageDraft extends Partial<Content> {
  readonly platform: Platform;
  readonly conversation: string;
  readonly id: string;
  readonly thread?: string | null;
  readonly author: Message["author"];
  readonly audience?: PersonId[] | null;
  readonly metadata?: JsonObject | null;
}

export class World {
  readonly #now: () => Date;
  readonly #listeners = new Set<(change: WorldChange) => void>();
  #state: WorldState;

  constructor(state: WorldState, now: () => Date) {
    this.#state = state;
    this.#now = now;
  }

  /** The number of the latest change. */
  get seq(): number {
    return this.#state.seq;
  }

  /** Everything, to be written to the file or looked at; not to be changed. */
  get state(): Readonly<WorldState> {
    return this.#state;
  }

  /** Calls back after every change, in order, until the returned function is called. */
  listen(listener: (change: WorldChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  find({ platform, conversation, id }: MessageRef): Message | undefined {
    return this.#state.messages.find(
      (m) => m.id === id && m.platform === platform && m.conversation === conversation,
    );
  }

  post(draft: MessageDraft): Message {
    const message: Message = {
      platform: draft.platform,
      conversation: draft.conversation,
      id: draft.id,
      thread: draft.thread ?? null,
      author: draft.author,
      text: draft.text ?? "",
      cards: draft.cards ?? [],
      blocks: draft.blocks ?? [],
      views: {},
      audience: draft.audience ?? null,
      metadata: draft.metadata ?? null,
      sentAt: this.#now().toISOString(),
      editedAt: null,
      deletedAt: null,
      revision: 0,
      earlier: [],
      seq: this.#next(),
    };
    this.#state.messages.push(message);
    this.#tell({ kind: "message", seq: message.seq, message });
    return message;
  }

  /** Replaces a message for everybody; what single people saw instead of it is forgotten. */
  revise(message: Message, content: Content & { readonly metadata?: JsonObject | null }): Message {
    const { text, cards, blocks, revision } = message;
    message.earlier = [...message.earlier, { text, cards, blocks, revision }].slice(-kept.revisions);
    Object.assign(message, { text: content.text, cards: content.cards, blocks: content.blocks });
    if (content.metadata !== undefined) message.metadata = content.metadata;
    message.views = {};
    message.revision += 1;
    message.editedAt = this.#now().toISOString();
    return this.#changed(message);
  }

  /** Replaces what one person sees of a message. */
  showInstead(message: Message, person: PersonId, cards: JsonObject[]): Message {
    message.views[person] = cards;
    return this.#changed(message);
  }

  remove(message: Message): Message {
    message.deletedAt = this.#now().toISOString();
    return this.#changed(message);
  }

  modal(id: string): Modal | undefined {
    return this.#state.modals.find((modal) => modal.id === id);
  }

  /** Adds a form, or changes the one with the same id. */
  putModal(modal: Omit<Modal, "seq">): Modal {
    const stored: Modal = { ...modal, seq: this.#next() };
    this.#state.modals = [...this.#state.modals.filter(({ id }) => id !== modal.id), stored].slice(
      -kept.modals,
    );
    this.#tell({ kind: "modal", seq: stored.seq, modal: stored });
    return stored;
  }

  note(kind: Note["kind"], text: string, level: Note["level"] = "info"): Note {
    const seq = this.#next();
    const note: Note = { id: seq, at: this.#now().toISOString(), kind, level, text, seq };
    this.#state.notes = [...this.#state.notes, note].slice(-kept.notes);
    this.#tell({ kind: "note", seq, note });
    return note;
  }

  record(entry: Omit<JournalEntry, "id" | "at" | "seq">): JournalEntry {
    const seq = this.#next();
    const recorded: JournalEntry = { ...entry, id: seq, at: this.#now().toISOString(), seq };
    this.#state.journal = [...this.#state.journal, recorded].slice(-kept.journal);
    this.#tell({ kind: "journal", seq, entry: recorded });
    return recorded;
  }

  /** Keeps a record of the bot's audit. Told again it is no news; another one under its number is kept as a contradiction. */
  addAudit(told: ToldRecord): void {
    const { audit } = this.#state;
    const known = audit.find(({ seq }) => seq === told.seq);
    if (known !== undefined && [known.hash, known.otherHash].includes(told.hash)) return;
    const record: AuditRecord = known ? { ...known, otherHash: told.hash } : { ...told, otherHash: null };
    const others = audit.filter((one) => one !== known);
    const next = [...others, record].sort((a, b) => a.seq - b.seq).slice(-kept.audit);
    // Older than all that are kept.
    if (!next.includes(record)) return;
    this.#state.audit = next;
    this.#tell({ kind: "audit", seq: this.#next(), record });
  }

  /** The person has seen everything in the conversation up to now. */
  markRead(person: PersonId, platform: Platform, conversation: string): void {
    const marks = this.#state.read[person] ?? {};
    const seq = this.#next();
    this.#state.read[person] = { ...marks, [`${platform}:${conversation}`]: seq };
    this.#tell({ kind: "read", seq, person });
  }

  /** Forgets everything. The change number goes on, so that nobody who waits mistakes old for new. */
  reset(): void {
    const seq = this.#next();
    this.#state = { ...emptyWorld(), seq };
    this.#tell({ kind: "reset", seq });
  }

  #changed(message: Message): Message {
    message.seq = this.#next();
    this.#tell({ kind: "message", seq: message.seq, message });
    return message;
  }

  #next(): number {
    this.#state.seq += 1;
    return this.#state.seq;
  }

  #tell(change: WorldChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}
