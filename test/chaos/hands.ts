import { setTimeout as pause } from "node:timers/promises";
import type { Delivery } from "../../src/playground/deliveries.ts";
import { type CardReading, isOpen, readCard } from "../../src/playground/journal/read-card.ts";
import { type PersonId, personIds } from "../../src/playground/people.ts";
import type { Place } from "../../src/playground/places.ts";
import { findActions, findInputs } from "../../src/playground/world/clickable.ts";
import { plainText } from "../../src/playground/world/plain-text.ts";
import type { Message } from "../../src/playground/world/world-model.ts";
import type { Surroundings } from "./surroundings.ts";

export type Spoken = {
  /** The number of the world's latest change before it was said. */
  readonly after: number;
  readonly message: Message | null;
  readonly delivery: Delivery | null;
};

/** Whether the platform has heard, by now, that the bot took it; Slack sends an event more than once. */
export function isAcknowledged({ delivery }: Pick<Spoken, "delivery">): boolean {
  return delivery?.attempts.some(({ status }) => status !== null && status >= 200 && status < 300) ?? false;
}

export function wordsOf(message: Message, as?: PersonId): string {
  return plainText(message.text, partsOf(message, as));
}

function partsOf(message: Message, as?: PersonId) {
  return message.platform === "teams" ? ((as && message.views[as]) ?? message.cards) : message.blocks;
}

/** What a card says, as this person sees it; a note that is for them alone stands before it. */
export function readingOf(message: Message, as?: PersonId): CardReading | undefined {
  if (message.author.kind !== "bot") return undefined;
  const parts = partsOf(message, as);
  const lines = plainText(parts.length > 0 ? "" : message.text, parts).split("\n");
  const text = lines.filter((line) => !/^\S* ?Note: /u.test(line)).join("\n");
  return readCard({ ...message, text, cards: [], blocks: [] });
}

/** What people do in the two chats: they write, click, fill in forms, and look. */
export class Hands {
  readonly #around: Surroundings;
  /** By request, and by message: what its readers see. */
  readonly #states = new Map<string, Map<string, readonly string[]>>();
  readonly #cards = new Map<string, Message>();
  readonly #waiting = new Set<(message: Message) => void>();

  constructor(around: Surroundings) {
    this.#around = around;
    around.world.listen((change) => {
      if (change.kind !== "message") return;
      this.#read(change.message);
      for (const hear of [...this.#waiting]) hear(change.message);
    });
  }

  get seq(): number {
    return this.#around.world.seq;
  }

  async say(place: Place, as: PersonId, text: string, thread: string | null = null): Promise<Spoken> {
    const { teams, slack } = this.#around;
    const after = this.seq;
    const chat = place.platform === "teams" ? teams : slack;
    const addressed = place.kind === "direct" || text.startsWith("/") ? text : `@Routebot ${text}`;
    const { message, delivery } = await chat.say({ as, place, thread, text: addressed });
    return { after, message, delivery };
  }

  /** The same delivery once more, as a platform does that heard no answer. */
  async redeliver({ delivery }: Spoken): Promise<void> {
    if (delivery === null || delivery.what.startsWith("command")) return;
    await (delivery.platform === "teams" ? this.#around.teams : this.#around.slack).redeliver(delivery);
  }

  /** Clicks the button with this verb, so many times at once; whether one of the clicks was taken. */
  async click(message: Message, as: PersonId, verb: string, times = 1): Promise<boolean> {
    const { teams, slack } = this.#around;
    const isTeams = message.platform === "teams";
    const parts = isTeams ? (message.views[as] ?? message.cards) : message.blocks;
    const found = findActions(parts).find(({ clickable }) => clickable.verb.split(":")[0] === verb);
    if (found === undefined) return false;
    const click = { as, message, key: found.clickable.key, inputs: {} };
    const clicked = await Promise.all(
      Array.from({ length: times }, () => (isTeams ? teams.click(click) : slack.click(click))),
    );
    return clicked.some(({ acknowledged }) => acknowledged);
  }

  /** Rejects with a reason: a form on the card in Teams, a modal in Slack. */
  async reject(message: Message, as: PersonId, why: string): Promise<boolean> {
    const { teams, slack, world } = this.#around;
    if (message.platform === "teams") {
      const cards = message.views[as] ?? message.cards;
      const button = findActions(cards).findLast(({ clickable }) => clickable.verb === "reject");
      const field = findInputs(cards)[0];
      if (button === undefined || field === undefined) return false;
      const inputs = { [field.id]: why };
      return (await teams.click({ as, message, key: button.clickable.key, inputs })).acknowledged;
    }
    const open = world.state.modals.filter(({ person }) => person === as).map(({ id }) => id);
    if (!(await this.click(message, as, "reject"))) return false;
    const isNew = () =>
      world.state.modals.find(
        ({ id, person, state }) => person === as && state === "open" && !open.includes(id),
      );
    for (let waited = 0; waited < 4_000 && isNew() === undefined; waited += 50) await pause(50);
    const modal = isNew();
    const field = modal && findInputs([modal.view])[0];
    if (modal === undefined || field === undefined) return false;
    return (await slack.submit(modal, { [field.id]: why })).acknowledged;
  }

  /** The bot's message that fits, as soon as there is one; undefined when the time is over. */
  sees(fits: (message: Message) => boolean, withinMs: number): Promise<Message | undefined> {
    const isIt = (one: Message) => one.author.kind === "bot" && fits(one);
    const there = this.#around.world.state.messages.findLast(isIt);
    return there
      ? Promise.resolve(there)
      : this.#until((changed) => (isIt(changed) ? changed : undefined), withinMs);
  }

  /** Waits until the request stands so, as far as its cards show. */
  async seesState(request: string, fits: (state: string) => boolean, withinMs: number): Promise<boolean> {
    const look = () => fits(this.stateOf(request) ?? "other") || undefined;
    return look() ?? (await this.#until(look, withinMs)) ?? false;
  }

  /**
   * How a request stands, as far as any of its cards shows it to anybody: a copy whose sending ended unclear is not known to the
   * bot, and shows how it stands only to those who look at it.
   */
  stateOf(request: string): string | undefined {
    const seen = [...(this.#states.get(request)?.values() ?? [])].flat();
    return seen.find((state) => !isOpen(state)) ?? seen.find((state) => state !== "pending") ?? seen[0];
  }

  /** Requests that have a card, each with the latest one. */
  get cards(): ReadonlyMap<string, Message> {
    return this.#cards;
  }

  /** The card that the message with this tag led to, as soon as it is there. */
  seesCard(tag: string, withinMs: number): Promise<Message | undefined> {
    return this.sees((one) => hasWord(wordsOf(one), tag) && readingOf(one) !== undefined, withinMs);
  }

  #read(message: Message): void {
    const request = readingOf(message)?.request;
    if (request === undefined) return;
    const readers = [undefined, ...personIds.filter((id) => message.views[id])];
    const states = readers.flatMap((reader) => readingOf(message, reader)?.state ?? []);
    const ofRequest = this.#states.get(request) ?? new Map<string, readonly string[]>();
    this.#states.set(request, ofRequest.set(`${message.conversation} ${message.id}`, states));
    this.#cards.set(request, message);
  }

  /** Asks `look` about each message that is new or has changed, until it gives something. */
  #until<T>(look: (changed: Message) => T | undefined, withinMs: number): Promise<T | undefined> {
    return new Promise((resolve) => {
      const end = (result: T | undefined) => {
        clearTimeout(timer);
        this.#waiting.delete(hear);
        resolve(result);
      };
      const timer = setTimeout(() => end(undefined), withinMs);
      const hear = (message: Message) => {
        const found = look(message);
        if (found !== undefined) end(found);
      };
      this.#waiting.add(hear);
    });
  }
}

/** Whether a text holds this word and not only a longer one that begins with it. */
export function hasWord(text: string, word: string): boolean {
  return new RegExp(`(^|[^\\w-])${word}($|[^\\w-])`, "u").test(text);
}
