/**
 * What Routebot says, platform-neutral: one view, drawn as an Adaptive Card in Teams and as Block Kit in Slack.
 * A span's text is never markup: the renderers escape it, whoever typed it.
 */
export type Span =
  | { readonly kind: "plain"; readonly text: string }
  | { readonly kind: "strong"; readonly text: string }
  /** Names and values: `shop-web`, `true`. */
  | { readonly kind: "code"; readonly text: string }
  /** Only https links that we built ourselves; renderers drop any other. */
  | { readonly kind: "link"; readonly text: string; readonly url: string };

/** A string stands for one plain span. */
export type Text = string | readonly Span[];

export type NoteLevel = "info" | "warning" | "refusal";

export type Block =
  | { readonly kind: "paragraph"; readonly text: Text }
  | { readonly kind: "facts"; readonly facts: readonly { readonly label: string; readonly value: Text }[] }
  /** A small table; `columns` are headings, each row has as many cells. */
  | {
      readonly kind: "table";
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Text[])[];
    }
  | { readonly kind: "notes"; readonly notes: readonly { readonly level: NoteLevel; readonly text: Text }[] }
  | { readonly kind: "list"; readonly items: readonly Text[] }
  /** Text to copy, e.g. a command line; drawn monospaced. */
  | { readonly kind: "code"; readonly text: string };

/** What a button does. */
export const verbs = [
  "approve",
  "reject",
  "cancel",
  "withdraw",
  "again",
  "justified",
  "not-justified",
  "confirm",
  "dismiss",
  "pick",
  "undo",
  "end",
] as const;
export type Verb = (typeof verbs)[number];

/** A button. It carries a verb and one opaque id, and nothing else: whatever matters is looked up at the click. */
export type Action = {
  readonly verb: Verb;
  readonly id: string;
  readonly title: string;
  readonly style?: "primary" | "danger";
  /** Asks for one line of text before it acts: a form on the card in Teams, a modal in Slack. */
  readonly form?: {
    readonly title: string;
    readonly label: string;
    readonly submit: string;
    readonly required: boolean;
    readonly maxLength: number;
  };
};

/** How it is meant, shown by words and a mark and never by colour alone. */
export type Tone = "neutral" | "waiting" | "good" | "bad" | "attention";

export type View = {
  readonly tone: Tone;
  readonly title?: string;
  readonly blocks: readonly Block[];
  readonly actions: readonly Action[];
  /** The whole in one or two sentences of plain text: notifications, screen readers, clients without cards. */
  readonly summary: string;
  /**
   * What is shown, where it looks different for different people: a client that can (Teams) asks for each person by this id. The
   * view itself is what everybody else sees.
   */
  readonly perPerson?: string;
};
