import type { Account, Actor, Person, Platform } from "../../src/domain/actor.ts";
import type { Policy, Rule } from "../../src/domain/change/approval-policy.ts";
import type { ProbeResult } from "../../src/domain/change/site-health.ts";
import type { ChannelBinding } from "../../src/domain/channel-binding.ts";
import type { OwnSite } from "../../src/domain/own-site.ts";
import type { SiteObservation } from "../../src/domain/routing/site-observation.ts";
import { defaultLimits, type Flow } from "../../src/flow/flow.ts";
import { handlers } from "../../src/flow/handlers.ts";
import { receiveInbound } from "../../src/flow/receive-inbound.ts";
import type {
  Chat,
  LookUpResult,
  OpenDirectResult,
  Place,
  Receive,
  Reply,
  SendResult,
} from "../../src/ports/chat.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Verb, View } from "../../src/reply/view.ts";
import { createMemoryLog } from "./memory-log.ts";
import { createMemoryRoutingService } from "./memory-routing-service.ts";
import { MemoryStore } from "./memory-store.ts";
import { sampleSite } from "./observations.ts";

/** The people of the tests: Robin asks, Ana and Ben approve, Olga has no rights. */
export const people = {
  robin: actor("robin", "Robin Reyes"),
  ana: actor("ana", "Ana Alvarez"),
  ben: actor("ben", "Ben Becker"),
  olga: actor("olga", "Olga Outsider"),
} as const;
export type Who = keyof typeof people;

function actor(id: string, displayName: string): Actor {
  return { account: { platform: "teams", tenant: "tenant-1", user: id }, displayName };
}

export const channel: Place = {
  platform: "teams",
  tenant: "tenant-1",
  kind: "channel",
  conversation: "19:on-call",
  thread: "1",
  address: "{}",
};
export const otherChannel: Place = { ...channel, conversation: "19:other" };
export const directChat: Place = { ...channel, kind: "direct", conversation: "a:direct" };

const hours = 60 * 60_000;

/** A clock that a test moves; `sleep` moves it, too, so that nothing waits. */
export class TestClock implements Clock {
  #now: number;
  constructor(start = "2026-11-22T14:00:00Z") {
    this.#now = Date.parse(start);
  }
  now(): Date {
    return new Date(this.#now);
  }
  advance(ms: number): void {
    this.#now += ms;
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#now += ms;
  }
}

/** One message in the chat of the tests, with everything that it has shown. */
export type Posted = { readonly key: string; readonly place: Place; readonly views: View[] };

/** A chat in memory; results of the next sendings can be ordered. */
export class MemoryChat implements Chat {
  readonly platform: Platform;
  readonly posted: Posted[] = [];
  readonly results: SendResult[] = [];
  /** Results of the next openings of people's own chats. */
  readonly openings: OpenDirectResult[] = [];
  /** Users who cannot be written to alone. */
  readonly unreachable = new Set<string>();
  lookUpAnswer: "can" | "cannot" | "away" = "can";

  constructor(platform: Platform = "teams") {
    this.platform = platform;
  }

  async openDirect({ tenant, user }: Account): Promise<OpenDirectResult> {
    const ordered = this.openings.shift();
    if (ordered) return ordered;
    if (this.unreachable.has(user)) return { kind: "gone", why: "without the app" };
    const place = { ...directChat, platform: this.platform, tenant, conversation: `direct:${user}` };
    return { kind: "open", place };
  }
  async post({ place, view, key }: { place: Place; view: View; key: string }): Promise<SendResult> {
    const ordered = this.results.shift();
    if (ordered && ordered.kind !== "unclear") return ordered;
    this.posted.push({ key, place, views: [view] });
    return ordered ?? { kind: "sent", ref: String(this.posted.length - 1) };
  }
  async update({ ref, view }: { ref: string; view: View }): Promise<SendResult> {
    const ordered = this.results.shift();
    if (ordered) return ordered;
    this.posted[Number(ref)]?.views.push(view);
    return { kind: "sent", ref };
  }
  async lookUp(_place: Place, key: string): Promise<LookUpResult> {
    if (this.lookUpAnswer === "cannot") return { kind: "unknown" };
    if (this.lookUpAnswer === "away") return { kind: "away", afterMs: 2_000, why: "no answer" };
    const at = this.posted.findIndex((message) => message.key === key);
    return at < 0 ? { kind: "absent" } : { kind: "found", ref: String(at) };
  }
}

/** The flow on memory, driven as the chats and the workers drive it. */
export class FlowWorld {
  readonly clock = new TestClock();
  readonly store = new MemoryStore({ clock: this.clock });
  readonly chat = new MemoryChat();
  readonly log = createMemoryLog();
  readonly routing: ReturnType<typeof createMemoryRoutingService>;
  readonly flow: Flow;
  readonly receive: Receive;
  rule: Rule = {
    name: "shop",
    sites: { subscriptions: ["*"], resourceGroups: ["rg-shop"], names: ["*"] },
    request: ["robin", "ana"],
    approve: ["ana", "ben"],
    quorum: 1,
    decideWithinMs: 4 * hours,
    applyWithinMs: hours,
  };
  channels: readonly ChannelBinding[] = [];
  /** In place of the policy with that rule; the people of the tests own their accounts in it, too. */
  policyInForce: Policy | undefined;
  /** Who may stop changes. */
  stop: readonly string[] = ["ana"];
  ownSite: OwnSite | undefined;
  /** What sites answer to probes, and the addresses that were asked. */
  probeAnswer: ProbeResult = { kind: "answered", status: 200 };
  readonly probed: string[] = [];
  #messages = 0;

  constructor(sites: readonly SiteObservation[] = [sampleSite("app-x"), sampleSite("app-y")]) {
    this.routing = createMemoryRoutingService({ sites, clock: this.clock });
    const own = () => this.ownSite;
    this.flow = {
      requests: this.store.requests,
      lists: this.store.lists,
      inbox: this.store.inbox,
      outbox: this.store.outbox,
      subjects: this.store.subjects,
      surveys: this.store.surveys,
      stops: this.store.stops,
      reviews: this.store.reviews,
      stepUps: this.store.stepUps,
      routing: this.routing,
      directory: {
        personOf: async ({ account, displayName }): Promise<Person> => ({
          id: account.user,
          name: displayName,
        }),
        policy: async () => this.policy,
      },
      probe: async (url) => {
        this.probed.push(url);
        return this.probeAnswer;
      },
      chats: new Map([["teams", this.chat]]),
      clock: this.clock,
      newId: () => `id-${++this.#messages}`,
      log: this.log,
      holder: "worker-1",
      limits: defaultLimits,
      get ownSite() {
        return own();
      },
    };
    this.receive = receiveInbound(this.flow);
  }

  get policy(): Policy {
    if (this.policyInForce) {
      const own = new Map(Object.values(people).map(({ account }) => [account.user, account]));
      const withOwn = this.policyInForce.people.map((person) => {
        const account = own.get(person.id);
        return account ? { ...person, accounts: [account, ...person.accounts] } : person;
      });
      return { ...this.policyInForce, people: withOwn };
    }
    return {
      version: "policy-1",
      people: Object.values(people).map(({ account, displayName }) => ({
        id: account.user,
        name: displayName,
        accounts: [account],
      })),
      rules: [this.rule],
      channels: this.channels,
      stop: this.stop,
    };
  }

  /** Writes to the bot and runs everything that is due. */
  async say(who: Who, text: string, place: Place = channel): Promise<void> {
    await this.send(who, text, place);
    await this.run();
  }

  /** Writes to the bot; nothing runs yet. */
  async send(who: Who, text: string, place: Place = channel): Promise<string> {
    const id = `m${++this.#messages}`;
    await this.receive({ kind: "message", id, actor: people[who], place, text });
    return id;
  }

  async click(who: Who, verb: Verb, target: string, input?: string, place: Place = channel): Promise<Reply> {
    const id = `c${++this.#messages}`;
    const reply = await this.receive({
      kind: "click",
      id,
      actor: people[who],
      place,
      verb,
      target,
      ...(input === undefined ? {} : { input }),
    });
    return reply;
  }

  /** Runs due jobs until there are none. */
  async run(flow: Flow = this.flow): Promise<void> {
    await this.store.work.start(handlers(flow));
    for (const { job, result } of await this.store.work.runAll()) {
      if (result.kind === "failed") throw new Error(`${job.kind} failed`, { cause: result.error });
    }
  }

  /** Lets time pass as it does: everything is done when it is due. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.now().getTime() + ms;
    for (;;) {
      const due = this.store.work.nextDue?.getTime() ?? Infinity;
      if (due > end) break;
      this.clock.advance(Math.max(due - this.clock.now().getTime(), 0));
      await this.run();
    }
    this.clock.advance(Math.max(end - this.clock.now().getTime(), 0));
  }

  /** Everything that the chat shows now, oldest first. */
  get shown(): readonly View[] {
    return this.chat.posted.flatMap(({ views }) => views.at(-1) ?? []);
  }
  /** The text of the latest message. */
  get latest(): string {
    return this.shown.at(-1)?.summary ?? "";
  }
  /** The card of a request as it is shown now. */
  card(id: string): View {
    const view = this.chat.posted.find(({ key }) => key === `${id}:card`)?.views.at(-1);
    if (!view) throw new Error(`no card of ${id}`);
    return view;
  }
  /** How often Azure was written to. */
  get writes(): number {
    return this.routing.calls.filter(({ method }) => method === "write").length;
  }
}
