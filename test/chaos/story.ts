import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { isOpen } from "../../src/playground/journal/read-card.ts";
import type { PersonId } from "../../src/playground/people.ts";
import { findPlace, type Place } from "../../src/playground/places.ts";
import type { Message } from "../../src/playground/world/world-model.ts";
import type { Chance } from "./chance.ts";
import type { Decision } from "./evidence.ts";
import { type Hands, hasWord, isAcknowledged, readingOf, type Spoken, wordsOf } from "./hands.ts";

/** How one request is asked for and decided. */
export type Story = {
  readonly number: number;
  readonly site: string;
  readonly place: Place;
  readonly slash: boolean;
  readonly asker: PersonId;
  readonly ending: (typeof endings)[number][1];
  /** Clicks at the same moment. */
  readonly clicks: number;
  readonly redelivered: boolean;
  /** Asked for one minute, after which it is turned back without anybody. */
  readonly temporary: boolean;
};

const endings = [
  [40, "approved"],
  [8, "approved-by-text"],
  [10, "two-approve"],
  [8, "approve-and-reject"],
  [8, "approve-and-cancel"],
  [8, "rejected"],
  [8, "cancelled"],
  [6, "own-approval-first"],
  [6, "outsider-first"],
] as const;

const placeChoices = [
  [5, "teams on-call"],
  [3, "teams general"],
  [2, "teams release"],
  [2, "teams direct"],
  [6, "slack on-call"],
  [2, "slack direct"],
] as const;

export function inventStory(chance: Chance, number: number, site: string): Story {
  const asker = chance.weighted<PersonId>([
    [6, "robin"],
    [1, "ana"],
  ]);
  const [platform = "", alias = ""] = chance.weighted(placeChoices).split(" ");
  const place = platform === "teams" || platform === "slack" ? findPlace(platform, alias, asker) : undefined;
  if (place === undefined) throw new Error(`there is no ${platform} ${alias}`);
  const ending = chance.weighted(endings);
  return {
    ...{ number, site, place, asker },
    // Nobody but the asker can click in the asker's own chat.
    ending: place.kind === "direct" && ending !== "cancelled" ? "approved-by-text" : ending,
    slash: place.platform === "slack" && chance.happens(0.3),
    clicks: chance.happens(0.2) ? chance.whole(2, 3) : 1,
    redelivered: chance.happens(0.15),
    temporary: chance.happens(0.08),
  };
}

/** What was said in the course of a story; `spoken` is what the platform knows of it. */
export type Tagged = {
  readonly tag: string;
  readonly story: Story;
  readonly text: string;
  readonly spoken: Spoken;
};

export type StoryTools = {
  readonly hands: Hands;
  readonly chance: Chance;
  /** The flags that the site has at this moment. */
  readonly flagsOf: (site: string) => Readonly<Record<string, boolean>>;
  readonly asked: Tagged[];
  readonly decisions: Decision[];
  readonly say: (line: string) => void;
  /** What the story is at, for whoever watches. */
  readonly at: (stage: string) => void;
};

const flags = [
  ["applicationTraffic", "route all"],
  ["imagePullTraffic", "image pull"],
  ["backupRestoreTraffic", "backup restore"],
] as const;

const cardWithinMs = 45_000;
const endWithinMs = 150_000;
/** A minute, and what troubles take. */
const turnedBackWithinMs = 180_000;
/** People who are not heard try again; not for ever. */
const tries = 15;

/** Plays one story to its end, as far as it comes; what went wrong is for the judge to find. */
export async function playStory(story: Story, tools: StoryTools): Promise<void> {
  const before = tools.flagsOf(story.site);
  const card = await askFor(story, tools);
  if (card === undefined) return;
  await decide(story, card, tools);
  // What nobody could decide is left to the end of the run.
  const request = readingOf(card)?.request ?? "";
  if (tools.hands.stateOf(request) === "pending") return tools.say(`story ${story.number} was not decided`);
  tools.at("waiting for its end");
  await tools.hands.seesState(request, (state) => !isOpen(state), endWithinMs);
  if (!story.temporary || tools.hands.stateOf(request) !== "confirmed") return;
  tools.at("waiting for it to be turned back");
  const isAsBefore = () => isDeepStrictEqual(tools.flagsOf(story.site), before);
  for (let waited = 0; waited < turnedBackWithinMs && !isAsBefore(); waited += 500) await pause(500);
}

/** Asks, and asks again in other words when it was not taken or could not be done, as people do. */
async function askFor(story: Story, tools: StoryTools): Promise<Message | undefined> {
  const { hands, chance, asked } = tools;
  const { site, place, asker, slash, number } = story;
  for (let attempt = 0; attempt < tries; attempt++) {
    const [flag, words] = chance.one(flags);
    const isOn = tools.flagsOf(site)[flag] === true;
    const tag = `m${number}x${attempt}`;
    const limit = story.temporary ? " for 1 minute" : "";
    const text = `${isOn ? "turn off" : "turn on"} ${words} for ${site}${limit} because ${tag}`;
    tools.at(`asking ${attempt + 1}`);
    const spoken = await hands.say(place, asker, slash ? `/routebot ${text}` : text);
    const tagged: Tagged = { tag, story, text, spoken };
    asked.push(tagged);
    tools.at(`waiting for an answer ${attempt + 1}, ${isAcknowledged(spoken) ? "taken" : "not taken"}`);
    if (story.redelivered) await hands.redeliver(spoken);
    // What was not acknowledged may have been taken all the same, or be sent again by the platform.
    const answer = await hands.sees(
      (one) => isAnswerTo(tagged, one),
      isAcknowledged(spoken) ? cardWithinMs : 4_000,
    );
    const card = answer && (await hands.seesCard(tag, 300));
    if (card !== undefined) return card;
    await pause(chance.between(500, 3_000));
  }
  tools.say(`story ${number} was not taken up`);
  return undefined;
}

/** Whether a message of the bot is the answer to what was said: in its thread, or where there are none by what it is about. */
export function isAnswerTo({ story, spoken, tag }: Tagged, answer: Message): boolean {
  if (answer.author.kind !== "bot" || answer.seq <= spoken.after) return false;
  const { place, site } = story;
  if (answer.platform !== place.platform || answer.conversation !== place.id) return false;
  const words = wordsOf(answer);
  // That a slash command was taken is no answer yet.
  if (answer.audience !== null && /^(Received: |Routebot is slow )/.test(words)) return false;
  if (hasWord(words, tag)) return true;
  if (spoken.message !== null && place.kind === "channel") return answer.thread === spoken.message.id;
  return hasWord(words, site) || answer.audience !== null;
}

const other = { ana: "ben", ben: "ana", robin: "ana", olga: "ana" } as const;

async function decide(story: Story, card: Message, tools: StoryTools): Promise<void> {
  const { chance } = tools;
  const { asker, clicks } = story;
  const approver = asker === "robin" ? chance.one(["ana", "ben"]) : other[asker];
  const second = asker === "robin" ? other[approver] : approver;
  const doing = new Deciding(story, card, tools);
  switch (story.ending) {
    case "approved":
      return doing.insist(() => doing.click("approve", approver, clicks));
    case "approved-by-text":
      return doing.insist(() => doing.approveByText(approver));
    case "two-approve":
      return doing.insist(() =>
        Promise.all([doing.click("approve", approver, clicks), doing.approveByText(second)]),
      );
    case "approve-and-reject":
      return doing.insist(() =>
        Promise.all([doing.click("approve", approver, 1), doing.click("reject", second, 1)]),
      );
    case "approve-and-cancel":
      return doing.insist(() =>
        Promise.all([doing.click("approve", approver, 1), doing.click("cancel", asker, 1)]),
      );
    case "rejected":
      return doing.insist(() => doing.click("reject", approver, 1));
    case "cancelled":
      return doing.insist(() => doing.click("cancel", asker, clicks));
    case "own-approval-first":
      await doing.click("approve", asker, 1);
      return doing.insist(() => doing.click("approve", approver, clicks));
    case "outsider-first":
      await doing.click("approve", "olga", 1);
      return doing.insist(() => doing.click("approve", approver, clicks));
    default:
      return story.ending satisfies never;
  }
}

/** Deciding one request, in whatever way, until it shows on its card. */
class Deciding {
  readonly #card: Message;
  readonly #request: string;
  readonly #tools: StoryTools;
  readonly #story: Story;

  constructor(story: Story, card: Message, tools: StoryTools) {
    this.#story = story;
    this.#card = card;
    this.#request = readingOf(card)?.request ?? "";
    this.#tools = tools;
  }

  get #isPending(): boolean {
    return this.#tools.hands.stateOf(this.#request) === "pending";
  }

  async insist(act: () => Promise<unknown>): Promise<void> {
    const { hands, chance } = this.#tools;
    for (let attempt = 0; attempt < tries && this.#isPending; attempt++) {
      this.#tools.at(`deciding ${attempt + 1}`);
      await act();
      this.#tools.at(`decided ${attempt + 1}`);
      await hands.seesState(this.#request, (state) => state !== "pending", chance.between(5_000, 8_000));
    }
  }

  async click(verb: Decision["verb"], person: PersonId, times: number): Promise<void> {
    const { hands, decisions } = this.#tools;
    const acknowledged =
      verb === "reject"
        ? await hands.reject(this.#card, person, "Not now.")
        : await hands.click(this.#card, person, verb, times);
    decisions.push({ request: this.#request, person, verb, acknowledged });
  }

  /** In the other chat, by text: "approve CR-7", and the button of the question that follows. */
  async approveByText(person: PersonId): Promise<void> {
    const { hands, decisions } = this.#tools;
    const direct = findPlace(this.#story.place.platform === "teams" ? "slack" : "teams", "direct", person);
    if (direct === undefined) return;
    const spoken = await hands.say(direct, person, `approve ${this.#request}`);
    const question = await hands.sees(
      (one) =>
        one.conversation === direct.id && one.seq > spoken.after && hasWord(wordsOf(one), this.#request),
      isAcknowledged(spoken) ? 10_000 : 2_000,
    );
    if (question === undefined) return;
    const acknowledged = await hands.click(question, person, "confirm");
    decisions.push({ request: this.#request, person, verb: "approve", acknowledged });
  }
}
