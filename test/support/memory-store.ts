import type { Person } from "../../src/domain/actor.ts";
import type { Aftercare } from "../../src/domain/change/aftercare.ts";
import type { AuditEvent } from "../../src/domain/change/audit-event.ts";
import { type ChangeRequest, isTerminal, type RequestId } from "../../src/domain/change/change-request.ts";
import type { Review } from "../../src/domain/change/review.ts";
import type { Stop } from "../../src/domain/change/stop.ts";
import type { TargetReference } from "../../src/domain/command.ts";
import { keyIsNamed } from "../../src/domain/named-site.ts";
import { targetKey } from "../../src/domain/target.ts";
import type {
  ChangeRequests,
  Delivery,
  Effects,
  Inbox,
  OpenFilter,
  Opening,
  OpenResult,
  Outbox,
  Owed,
  Prompt,
  Starting,
  StoredInbound,
  Transition,
  TransitionResult,
} from "../../src/ports/change-requests.ts";
import type { Place } from "../../src/ports/chat.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { conversationKey, type RequestLists } from "../../src/ports/request-lists.ts";
import type { Reviews } from "../../src/ports/reviews.ts";
import type { StepUps } from "../../src/ports/step-ups.ts";
import type { Stops } from "../../src/ports/stops.ts";
import type { Subjects } from "../../src/ports/subjects.ts";
import type { Surveys } from "../../src/ports/surveys.ts";
import { createMemoryStepUps } from "./memory-step-ups.ts";
import { createMemorySubjects } from "./memory-subjects.ts";
import { createMemorySurveys } from "./memory-surveys.ts";
import { MemoryWork } from "./memory-work.ts";

/**
 * The store in memory, for tests of the flow: the same promises, checked by the same conformance suites, and jobs that run
 * when the test says so (`work.runNext`, `work.runAll`). Values are copied on the way in and out, as a database would.
 */
export class MemoryStore {
  readonly work: MemoryWork;
  readonly requests: ChangeRequests;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly subjects: Subjects;
  readonly lists: RequestLists;
  readonly surveys: Surveys;
  readonly stops: Stops;
  readonly reviews: Reviews;
  readonly stepUps: StepUps;
  /** Everything that was audited, in order. */
  readonly events: AuditEvent[] = [];
  /** While set, every call rejects with it, as when the database is away. */
  outage: Error | undefined;

  readonly #requests = new Map<RequestId, ChangeRequest>();
  readonly #messages = new Map<string, { message: StoredInbound; handled: boolean }>();
  readonly #aftercare = new Map<RequestId, Aftercare>();
  readonly #clicks = new Set<string>();
  readonly #prompts = new Map<string, Prompt>();
  readonly #stops = new Map<string, { readonly stop: Stop; on: boolean }>();
  readonly #reviews = new Map<RequestId, Review>();
  readonly #stepUps = createMemoryStepUps((step) => this.#run(step));
  readonly #now: () => Date;
  readonly #deliveries = new Map<string, { -readonly [K in keyof Delivery]: Delivery[K] }>();
  #number = 0;

  constructor(tools: { readonly clock: Pick<Clock, "now"> }) {
    this.#now = () => tools.clock.now();
    this.work = new MemoryWork(() => tools.clock.now().getTime());
    this.requests = this.#changeRequests();
    this.inbox = this.#inbox();
    this.outbox = this.#outbox();
    this.subjects = createMemorySubjects((step) => this.#run(step));
    this.lists = this.#requestLists();
    this.surveys = createMemorySurveys({
      run: (step) => this.#run(step),
      wasHandled: (effects) => this.#isTooLate(effects),
      carryOut: (effects) => this.#carryOut(effects),
    });
    this.stops = this.#allStops();
    this.reviews = this.#allReviews();
    this.stepUps = this.#stepUps.port;
  }

  /** Every delivery, in the order in which they were first owed. */
  get deliveries(): readonly Delivery[] {
    return structuredClone([...this.#deliveries.values()]);
  }

  #changeRequests(): ChangeRequests {
    return {
      nextNumber: () => this.#run(() => ++this.#number),
      open: (opening) => this.#run(() => this.#open(opening)),
      transition: (transition) => this.#run(() => this.#transition(transition)),
      startInTurn: (starting) => this.#run(() => this.#startInTurn(starting)),
      record: (effects) =>
        this.#run(() => {
          if (this.#isTooLate(effects)) return "handled";
          this.#carryOut(effects);
          return "done";
        }),
      get: (id) => this.#run(() => this.#requests.get(id)),
      listOpen: (filter) => this.#run(() => this.#listOpen(filter)),
      listApplied: ({ site, limit }) => this.#run(() => this.#applied(site).slice(0, limit)),
      countApplied: (site) => this.#run(() => this.#applied(site).length),
      aftercareOf: (id) => this.#run(() => this.#aftercare.get(id)),
      takePrompt: (id) =>
        this.#run(() => {
          const prompt = this.#prompts.get(id);
          this.#prompts.delete(id);
          return prompt;
        }),
      getPrompt: (id) => this.#run(() => this.#prompts.get(id)),
      originOf: (id) => this.#run((): Place | undefined => this.#cardsOf(id)[0]?.place),
      cardsOf: (id) => this.#run(() => this.#cardsOf(id)),
      ping: () => this.#run(() => undefined),
    };
  }

  #inbox(): Inbox {
    return {
      receive: (message, line) =>
        this.#run(() => {
          if (this.#messages.has(message.id)) return "seen";
          this.#messages.set(message.id, { message: structuredClone(message), handled: false });
          const job = { kind: "handle-message", message: message.id } as const;
          this.work.add(line === undefined ? job : { ...job, line });
          return "stored";
        }),
      get: (id) =>
        this.#run(() => {
          const entry = this.#messages.get(id);
          return entry?.handled === false ? entry.message : undefined;
        }),
    };
  }

  #outbox(): Outbox {
    return {
      get: (key) => this.#run(() => this.#deliveries.get(key)),
      trying: (key) =>
        this.#run(() => {
          const delivery = this.#delivery(key);
          delivery.trying = true;
          delivery.attempts += 1;
          delivery.since = this.#now();
        }),
      sent: (key, { ref, count, from }) =>
        this.#run(() => {
          const delivery = this.#delivery(key);
          if (delivery.sent !== from) this.#owe(delivery.owed);
          delivery.ref = ref;
          delivery.trying = false;
          delivery.attempts = 0;
          delivery.since = this.#now();
          delivery.sent = Math.max(delivery.sent, count);
        }),
      notSent: (key) =>
        this.#run(() => {
          const delivery = this.#delivery(key);
          delivery.attempts += delivery.trying ? -1 : 1;
          delivery.since = this.#now();
          delivery.trying = false;
        }),
      dead: (key) =>
        this.#run(() => {
          const delivery = this.#delivery(key);
          delivery.dead = true;
          delivery.trying = false;
        }),
    };
  }

  #requestLists(): RequestLists {
    const fits = (request: ChangeRequest, named: readonly TargetReference[] | undefined) =>
      named === undefined ||
      sitesOf(request).some((site) => named.some((reference) => keyIsNamed(reference, site)));
    return {
      open: ({ named, requester, origin, after = 0, limit }) =>
        this.#run(() =>
          this.#listOpen({ ...(requester && { requester }), limit: Number.POSITIVE_INFINITY })
            .filter((request) => request.number > after && fits(request, named))
            .filter(({ id }) => {
              if (origin === undefined) return true;
              const place = this.#cardsOf(id)[0]?.place;
              const isHere = place !== undefined && conversationKey(place) === conversationKey(origin.of);
              return isHere === (origin.kind === "here");
            })
            .slice(0, limit),
        ),
      latest: ({ named, person, before = Number.POSITIVE_INFINITY, limit }) =>
        this.#run(() => {
          const touched = new Set(
            this.events
              .filter((one) => one.kind !== "refused" && one.person?.id === person?.id)
              .map((one) => one.request),
          );
          return [...this.#requests.values()]
            .filter((request) => request.number < before && fits(request, named))
            .filter(({ id }) => person === undefined || touched.has(id))
            .sort((a, b) => byNumber(b, a))
            .slice(0, limit);
        }),
      eventsOf: (id, limit) =>
        this.#run(() => this.events.filter(({ request }) => request === id).slice(-limit)),
    };
  }

  #allStops(): Stops {
    return {
      active: () => this.#run(() => this.#activeStops()),
      begin: (stop, effects) =>
        this.#run(() => {
          if (this.#stops.has(stop.id)) return "known";
          this.#stops.set(stop.id, { stop: structuredClone(stop), on: true });
          this.#carryOut(effects);
          return "begun";
        }),
      end: (ids, effects) =>
        this.#run(() => {
          const ended = ids.flatMap((id) => this.#stops.get(id) ?? []).filter(({ on }) => on);
          if (this.#isTooLate(effects) || ended.length < new Set(ids).size) return "handled";
          for (const stop of ended) stop.on = false;
          this.#carryOut(effects);
          return "done";
        }),
    };
  }

  #allReviews(): Reviews {
    const due = (person?: string) =>
      [...this.#reviews.values()].filter(
        (review) => review.finding === undefined && (person === undefined || review.person.id === person),
      );
    return {
      due: ({ person, limit }) => this.#run(() => due(person).slice(0, limit)),
      get: (request) => this.#run(() => this.#reviews.get(request)),
      complete: (review, effects) =>
        this.#run(() => {
          if (this.#reviews.get(review.request)?.finding !== undefined) return "conflict";
          this.#reviews.set(review.request, structuredClone(review));
          this.#carryOut(effects);
          return "done";
        }),
    };
  }

  #hasReviewDue({ review }: Effects): boolean {
    return [...this.#reviews.values()].some(
      ({ person, finding }) => finding === undefined && person.id === review?.person.id,
    );
  }

  #activeStops(): readonly Stop[] {
    return [...this.#stops.values()].flatMap(({ stop, on }) => (on ? [stop] : []));
  }

  /** One transaction: `step` checks everything before it changes anything. */
  async #run<T>(step: () => T): Promise<T> {
    // A database answers later, never in the same turn.
    await Promise.resolve();
    if (this.outage !== undefined) throw this.outage;
    return structuredClone(step());
  }

  #open({ request, check, effects }: Opening): OpenResult {
    if (this.#isTooLate(effects)) return { kind: "handled" };
    if (this.#requests.has(request.id)) throw new Error(`${request.id} is there already`);
    const refusal = check(this.#openBeside(request));
    if (refusal !== undefined) return { kind: "refused", refusal };
    this.#requests.set(request.id, structuredClone(request));
    this.#carryOut(effects);
    return { kind: "opened" };
  }

  /** Open requests that share a site with this one. */
  #openBeside(request: ChangeRequest): readonly ChangeRequest[] {
    const sites = sitesOf(request);
    const others = [...this.#requests.values()].filter(
      (other) =>
        other.id !== request.id && !isTerminal(other) && sitesOf(other).some((site) => sites.includes(site)),
    );
    return structuredClone(others.sort(byNumber));
  }

  #startInTurn(starting: Starting): TransitionResult | { readonly kind: "not-its-turn" } {
    return starting.mayStart(this.#openBeside(starting.to), structuredClone(this.#activeStops()))
      ? this.#transition(starting)
      : { kind: "not-its-turn" };
  }

  #transition({ from, to, effects }: Transition): TransitionResult {
    if (to.revision !== from + 1) throw new Error(`revision ${to.revision} does not follow ${from}`);
    const current = this.#requests.get(to.id);
    if (current === undefined) throw new Error(`there is no ${to.id}`);
    const stays = this.#isTooLate(effects) || this.#hasReviewDue(effects);
    if (stays || isTerminal(current) || current.revision !== from) {
      return { kind: "conflict", current };
    }
    this.#requests.set(to.id, structuredClone(to));
    this.#carryOut(effects);
    return { kind: "done", request: to };
  }

  #listOpen({ site, requester, limit }: OpenFilter): readonly ChangeRequest[] {
    const isOf = (person: Person) => requester === undefined || person.id === requester.id;
    return [...this.#requests.values()]
      .filter((request) => !isTerminal(request) && isOf(request.requester))
      .filter((request) => site === undefined || sitesOf(request).includes(site))
      .sort(byNumber)
      .slice(0, limit);
  }

  /** The newest first. */
  #applied(site: string): readonly ChangeRequest[] {
    return [...this.#requests.values()]
      .filter(({ state }) => state === "confirmed" || state === "failed")
      .filter((request) => sitesOf(request).includes(site))
      .sort((a, b) => byNumber(b, a));
  }

  #cardsOf(id: RequestId): readonly Extract<Owed, { kind: "card" }>[] {
    return [...this.#deliveries.values()]
      .map((delivery) => delivery.owed)
      .filter((owed) => owed.kind === "card")
      .filter((card) => card.request === id);
  }

  #isTooLate(effects: Effects): boolean {
    if (this.#stepUps.wasTaken(effects)) return true;
    const { answers, click, takes, aftercare } = effects;
    if (click !== undefined && this.#clicks.has(click)) return true;
    const there = aftercare && (this.#aftercare.get(aftercare.to.of)?.revision ?? 0);
    if (aftercare && there !== aftercare.from) return true;
    if (takes !== undefined && !this.#prompts.has(takes)) return true;
    if (answers === undefined) return false;
    const entry = this.#messages.get(answers);
    if (entry === undefined) throw new Error(`the inbox has no message ${answers}`);
    return entry.handled;
  }

  #carryOut(effects: Effects): void {
    const { answers, click, takes, owed, jobs, events, prompts = [], aftercare } = structuredClone(effects);
    if (click !== undefined) this.#clicks.add(click);
    if (aftercare) this.#aftercare.set(aftercare.to.of, aftercare.to);
    if (takes !== undefined) this.#prompts.delete(takes);
    const entry = answers === undefined ? undefined : this.#messages.get(answers);
    if (entry !== undefined) entry.handled = true;
    for (const prompt of prompts) this.#prompts.set(prompt.id, prompt);
    this.#stepUps.carryOut(effects);
    if (effects.review !== undefined)
      this.#reviews.set(effects.review.request, structuredClone(effects.review));
    for (const one of owed) this.#owe(one);
    for (const job of jobs) this.work.add(job);
    this.events.push(...events);
  }

  #owe(owed: Owed): void {
    const known = this.#deliveries.get(owed.key);
    if (known === undefined) {
      const since = this.#now();
      this.#deliveries.set(owed.key, {
        ...{ owed, since, trying: false, want: 1, sent: 0, attempts: 0, dead: false },
      });
    } else if (known.dead || owed.kind === "message" || owed.kind === "file") {
      return;
    } else {
      if (owed.kind === "live") known.owed = owed;
      known.want += 1;
    }
    this.work.add({ kind: "deliver", key: owed.key });
  }

  #delivery(key: string): { -readonly [K in keyof Delivery]: Delivery[K] } {
    const delivery = this.#deliveries.get(key);
    if (delivery === undefined) throw new Error(`there is no delivery ${key}`);
    return delivery;
  }
}

function sitesOf(request: ChangeRequest): readonly string[] {
  return request.plan.entries.map((entry) => targetKey(entry.target));
}

function byNumber(a: ChangeRequest, b: ChangeRequest): number {
  return a.number - b.number;
}
