import type { ChangeRequests, Inbox, Outbox } from "../../src/ports/change-requests.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { RequestLists } from "../../src/ports/request-lists.ts";
import type { Reviews } from "../../src/ports/reviews.ts";
import type { StepUps } from "../../src/ports/step-ups.ts";
import type { Stops } from "../../src/ports/stops.ts";
import type { Subjects } from "../../src/ports/subjects.ts";
import type { Surveys } from "../../src/ports/surveys.ts";
import type { Handlers, JobContext, JobKind, JobOf, JobResult, Work } from "../../src/ports/work.ts";

/** One implementation of the store's ports, for the suites. Suites share one of it and keep out of each other's way by ids. */
export type StoreUnderTest = {
  readonly requests: ChangeRequests;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly subjects: Subjects;
  readonly lists: RequestLists;
  readonly surveys: Surveys;
  readonly stops: Stops;
  readonly reviews: Reviews;
  readonly stepUps: StepUps;
  readonly work: Work;
  readonly clock: Pick<Clock, "now">;
  /** Lets jobs run until `condition` holds; rejects when it does not in time. */
  until(condition: () => boolean | Promise<boolean>): Promise<void>;
  close(): Promise<void>;
};

/** Waits on the clock on the wall, for implementations that work by themselves. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const limit = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > limit) throw new Error(`not within ${withinMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

type Handler<K extends JobKind> = (job: JobOf<K>, context: JobContext) => Promise<JobResult>;

/** Handlers that a test puts in for its own jobs, by what the job is about; other jobs are done at once. */
export class TestHandlers {
  readonly #of = {
    "handle-message": new Map<string, Handler<"handle-message">>(),
    apply: new Map<string, Handler<"apply">>(),
    deliver: new Map<string, Handler<"deliver">>(),
    deadline: new Map<string, Handler<"deadline">>(),
    survey: new Map<string, Handler<"survey">>(),
    remind: new Map<string, Handler<"remind">>(),
    aftercare: new Map<string, Handler<"aftercare">>(),
  };

  onMessage(message: string, handler: Handler<"handle-message">): void {
    this.#of["handle-message"].set(message, handler);
  }

  onApply(request: string, handler: Handler<"apply">): void {
    this.#of.apply.set(request, handler);
  }

  onDeliver(key: string, handler: Handler<"deliver">): void {
    this.#of.deliver.set(key, handler);
  }

  onAftercare(request: string, handler: Handler<"aftercare">): void {
    this.#of.aftercare.set(request, handler);
  }

  onDeadline(request: string, handler: Handler<"deadline">): void {
    this.#of.deadline.set(request, handler);
  }

  onSurvey(survey: string, handler: Handler<"survey">): void {
    this.#of.survey.set(survey, handler);
  }

  onRemind(request: string, handler: Handler<"remind">): void {
    this.#of.remind.set(request, handler);
  }

  readonly handlers: Handlers = {
    "handle-message": async (job, context) =>
      (await this.#of["handle-message"].get(job.message)?.(job, context)) ?? done,
    apply: async (job, context) => (await this.#of.apply.get(job.request)?.(job, context)) ?? done,
    deliver: async (job, context) => (await this.#of.deliver.get(job.key)?.(job, context)) ?? done,
    aftercare: async (job, context) => (await this.#of.aftercare.get(job.request)?.(job, context)) ?? done,
    deadline: async (job, context) => (await this.#of.deadline.get(job.request)?.(job, context)) ?? done,
    "seal-audit": async () => done,
    survey: async (job, context) => (await this.#of.survey.get(job.survey)?.(job, context)) ?? done,
    remind: async (job, context) => (await this.#of.remind.get(job.request)?.(job, context)) ?? done,
  };
}

export const done = { kind: "done" } as const satisfies JobResult;

export function again(afterMs: number): JobResult {
  return { kind: "again", afterMs };
}
