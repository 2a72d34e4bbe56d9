import type { PersonId } from "../../src/playground/people.ts";
import type { Platform } from "../../src/playground/places.ts";

/** What was seen of a run from outside of the bots: all that the judge knows. */
export type Evidence = {
  readonly asked: readonly Asked[];
  readonly decisions: readonly Decision[];
  readonly cards: readonly SeenCard[];
  readonly writes: readonly Write[];
  readonly audit: readonly AuditEntry[];
  /** What `routebot audit verify` said, and its exit code. */
  readonly verified: { readonly code: number | null; readonly said: string };
  /** The stored flags of each site in Azure: at the beginning and now. */
  readonly sites: Readonly<Record<string, { readonly before: Flags; readonly after: Flags }>>;
  /** What was left in the database when the bots had been stopped. */
  readonly left: {
    readonly requests: readonly { readonly id: string; readonly state: string }[];
    readonly jobs: readonly { readonly kind: string; readonly line: string; readonly state: string }[];
    readonly deadDeliveries: readonly { readonly key: string; readonly why: string }[];
    /** Requests whose temporary change is still to be turned back. */
    readonly temporary: readonly string[];
  };
  /** Processes that ended although nobody killed them. */
  readonly crashes: readonly string[];
};

export type Flags = Readonly<Record<string, boolean>>;

/** A message that asks for a change. Its tag is in its reason, and in no other message. */
export type Asked = {
  readonly tag: string;
  readonly site: string;
  readonly text: string;
  readonly platform: Platform;
  readonly person: PersonId;
  /** The platform heard that it was taken. */
  readonly acknowledged: boolean;
  readonly answered: boolean;
};

/** Something that a person did to a request; `acknowledged` as far as their client could tell. */
export type Decision = {
  readonly request: string;
  readonly person: PersonId;
  readonly verb: "approve" | "reject" | "cancel";
  readonly acknowledged: boolean;
};

/** A card of a request as one reader sees it at the end. */
export type SeenCard = {
  readonly request: string;
  readonly platform: Platform;
  readonly conversation: string;
  readonly message: string;
  /** When it was posted, by the clock of the chat, in milliseconds. */
  readonly since: number;
  readonly reader: string;
  readonly state: string;
};

export type Write = {
  readonly sequence: number;
  /** By the clock of Azure, which is that of the chats. */
  readonly at: number;
  readonly site: string;
  readonly method: string;
  /** The flags that it sets; undefined when it sets anything else. */
  readonly flags: Flags | undefined;
  readonly status: number | null;
  readonly end: "answered" | "reset" | "hung";
  readonly fault: string | null;
};

/** One record of the audit, in the order of the chain. */
export type AuditEntry = {
  readonly kind: string;
  readonly request: string | undefined;
  readonly person: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly details: Readonly<Record<string, string>>;
};
