/**
 * Writes down what can be seen of every change request from outside of the bot: who asked, what its cards say, who clicked,
 * what Azure was asked about its site, and the bot's crashes. It is the playground's own observation and not the bot's record.
 */
import type { AzureEvent } from "../azure/admin/events.ts";
import type { LoggedRequest } from "../azure/log/request-log.ts";
import type { ClickReply } from "../chat-answers.ts";
import type { PersonId } from "../people.ts";
import { slackWorkspace } from "../places.ts";
import { plainText } from "../world/plain-text.ts";
import type { World } from "../world/world.ts";
import type { JournalEntry, JsonObject, Message, Note } from "../world/world-model.ts";
import { isOpen, readCard, requestNamedIn } from "./read-card.ts";

export interface Journal {
  /** A person clicks `title` on a message. The returned function takes the answer. */
  clicking(click: {
    readonly message: Message;
    readonly as: PersonId;
    readonly title: string;
    readonly times: number;
  }): (reply: ClickReply) => void;
  /** A person sent a form. */
  submitting(form: { readonly view: JsonObject; readonly as: PersonId; readonly values: JsonObject }): void;
  close(): void;
}

type Draft = Pick<JournalEntry, "request" | "kind" | "text"> &
  Partial<Pick<JournalEntry, "person" | "state" | "title" | "problem">>;

/** @param onAzure tells of what happens in the local Azure, until the returned function is called */
export function keepJournal(
  world: World,
  onAzure: (listener: (event: AzureEvent) => void) => () => void,
): Journal {
  const record = (draft: Draft) =>
    world.record({ person: null, state: null, title: null, problem: false, ...draft });

  const stopWorld = world.listen((change) => {
    if (change.kind === "message") onMessage(change.message);
    if (change.kind === "note") onNote(change.note);
  });
  const stopAzure = onAzure((event) => {
    if (event.kind === "request") onRequest(event.request);
  });

  function onMessage(message: Message): void {
    if (message.author.kind !== "bot") return;
    const card = readCard(message);
    if (card === undefined) return;
    const { request, title, state, words } = card;
    const before = latestCard(world, request);
    if (before?.text === words) return;
    // Copies in several conversations are updated one after the other: an ended request does not open again.
    if (before !== undefined && !isOpen(before.state ?? "") && isOpen(state)) return;
    // What is approved from its beginning (the end of a temporary change) was asked for by nobody.
    const isAsked = before === undefined && state !== "approved";
    const question = isAsked ? (questionOf(world, message) ?? buttonOf(world)) : undefined;
    if (question !== undefined) {
      record({ request, kind: "asked", person: question.person, text: question.text });
    }
    record({ request, kind: "card", text: words, state, title, problem: state === "failed" });
  }

  function onNote({ kind, text, level }: Note): void {
    if (kind !== "bot") return;
    for (const request of openRequests(world)) {
      record({ request, kind: "bot", text: text.split("\n")[0] ?? "", problem: level === "problem" });
    }
  }

  function onRequest({ surface, site, method, route, status, end, fault }: LoggedRequest): void {
    if (surface !== "arm" || site === null) return;
    // Before the decision, readings belong to whoever asks for a plan or a status.
    const request = openRequests(world).find((id) => isAbout(world, id, site) && isDecided(world, id));
    if (request === undefined) return;
    const outcome = status === null ? `no answer (${end})` : String(status);
    const met = fault === null ? "" : `, ordered trouble: ${fault}`;
    const problem = status === null || status >= 400;
    // Of the site itself the method says it all.
    const part = (route ?? "").replace(/^(sites|slots)\//, "").replace(/^(get|patch|put)$/, "");
    const what = part === "" ? site : `${site} ${part}`;
    record({ request, kind: "azure", text: `${method} ${what}: ${outcome}${met}`, problem });
  }

  return {
    clicking({ message, as, title, times }) {
      const parts = message.platform === "teams" ? (message.views[as] ?? message.cards) : message.blocks;
      const request = requestNamedIn(plainText(message.text, parts));
      if (request === undefined) return () => undefined;
      const often = times > 1 ? ` ${times} times at once` : "";
      record({ request, kind: "click", person: as, text: `clicks ${title}${often}` });
      return (reply) => {
        if (reply.kind === "text")
          record({ request, kind: "click", person: as, text: `is told: ${reply.text}` });
      };
    },
    submitting({ view, as, values }) {
      const request = requestNamedIn(plainText("", [view]));
      if (request === undefined) return;
      const typed = Object.values(values).filter((value) => typeof value === "string");
      record({ request, kind: "click", person: as, text: `sends the form: ${typed.join(", ")}` });
    },
    close() {
      stopWorld();
      stopAzure();
    },
  };
}

function latestCard(world: World, request: string): JournalEntry | undefined {
  return world.state.journal.findLast((entry) => entry.request === request && entry.kind === "card");
}

/** The requests whose latest card says that they have not ended, latest first. */
function openRequests(world: World): readonly string[] {
  const latest = new Map<string, JournalEntry>();
  for (const entry of world.state.journal) if (entry.kind === "card") latest.set(entry.request, entry);
  return [...latest]
    .filter(([, entry]) => isOpen(entry.state ?? ""))
    .map(([request]) => request)
    .reverse();
}

function isAbout(world: World, request: string, site: string): boolean {
  const words = (latestCard(world, request)?.title ?? "").toLowerCase();
  return words.split(/[\s,()]+/).includes(site.toLowerCase());
}

function isDecided(world: World, request: string): boolean {
  if (latestCard(world, request)?.state !== "pending") return true;
  return world.state.journal.some((entry) => entry.request === request && entry.kind === "click");
}

/** Slack writes mentions as ids. */
function withNames(text: string): string {
  return text.replaceAll(`<@${slackWorkspace.botUserId}>`, "@Routebot");
}

/** The person's message that a card answers: the first of its thread, else the latest one in its conversation; one that no other card answered. */
function questionOf(world: World, card: Message): { person: PersonId; text: string } | undefined {
  const here = world.state.messages.filter(
    (m) => m.platform === card.platform && m.conversation === card.conversation && m.author.kind === "person",
  );
  const question = here.findLast((m) => (m.thread ?? m.id) === card.thread) ?? here.at(-1);
  if (question?.author.kind !== "person") return undefined;
  const { person } = question.author;
  const text = withNames(question.text);
  const isAnswered = world.state.journal.some(
    (entry) =>
      entry.kind === "asked" && entry.person === person && entry.text === text && entry.at >= question.sentAt,
  );
  return isAnswered ? undefined : { person, text };
}

/** The button that asks for a request without a message: an undo, or the same again with a new plan. */
function buttonOf(world: World): { person: PersonId; text: string } | undefined {
  const click = world.state.journal.findLast(
    ({ kind, text }) => kind === "click" && /^clicks (?:Undo|Ask again)/.test(text),
  );
  if (click?.person == null) return undefined;
  return { person: click.person, text: `by the button ${click.text.slice("clicks ".length)}` };
}
