import type { ChangeCommand, StatusCommand, TargetReference } from "../domain/command.ts";

/** A command about sites that a conversation can come back to, and that a choice can complete. */
export type SiteCommand = ChangeCommand | StatusCommand | UndoOnSite;

/** Take back the last change of a site. */
export type UndoOnSite = {
  readonly kind: "undo-on-site";
  readonly targets: TargetReference[];
  readonly reason?: string;
};

/** What one message was about, once it was clear which sites it meant. */
export type Subject = {
  /** Id of the message in the inbox. */
  readonly message: string;
  /** The conversation, or the thread in it: whatever shares a subject; see `subjectKey` in flow/subject-key.ts. */
  readonly conversation: string;
  readonly at: Date;
  /** Its targets name each site with group and subscription, so that they mean the same site later. */
  readonly command: SiteCommand;
};

/** What conversations are about, so that "turn it off again" can be understood. Lost subjects only cost a question. */
export interface Subjects {
  /** Keeps the subject; once for each message, the first one counts. */
  remember(subject: Subject): Promise<void>;
  /** The latest subjects of a conversation, newest first; those before `since` are left out. */
  recall(query: RecallQuery): Promise<readonly Subject[]>;
}

export type RecallQuery = { readonly conversation: string; readonly since?: Date; readonly limit: number };
