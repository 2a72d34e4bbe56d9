import type { Clock } from "../../ports/clock.ts";
import type { Job } from "../../ports/work.ts";
import type { Database } from "./database.ts";
import type { JobQueues } from "./job-queues.ts";
import { requestId } from "./records/change-request-record.ts";

type Tools = { readonly database: Database; readonly queues: JobQueues; readonly clock: Clock };

const day = 24 * 3600_000;
/** A deadline job gets that long to come by itself. */
const patienceMs = 5_000;
/** How long a prompt that has expired can still be told from one that never was. */
const keepPromptsMs = day;
/** As long after its time a sign-in that is too late is told apart from an unknown one. */
const keepStepUpsMs = day;
/** How long what a survey saw is kept: until its file has long been sent. */
const keepSurveysMs = 2 * day;

/**
 * Starts the deadline job of open requests whose time limit has passed, and the job of overdue aftercare, should theirs have
 * got lost; how many.
 */
export async function startOverdue({ database, queues, clock }: Tools): Promise<number> {
  const now = clock.now();
  const overdue = await database.sql
    .selectFrom("change_request")
    .select("id")
    .where("open", "=", true)
    .where("due_at", "<", new Date(now.getTime() - patienceMs))
    .orderBy("due_at")
    .limit(100)
    .execute();
  const unattended = await database.sql
    .selectFrom("aftercare")
    .innerJoin("change_request", "change_request.number", "aftercare.number")
    .select("change_request.id")
    .where("aftercare.due_at", "<", new Date(now.getTime() - patienceMs))
    .orderBy("aftercare.due_at")
    .limit(100)
    .execute();
  const jobs = [
    ...overdue.map(({ id }): Job => ({ kind: "deadline", request: requestId.parse(id), at: now })),
    ...unattended.map(({ id }): Job => ({ kind: "aftercare", request: requestId.parse(id), at: now })),
  ];
  if (jobs.length === 0) return 0;
  await database.transaction((unit) => queues.enqueue(unit, jobs));
  return jobs.length;
}

export type Keeping = { readonly keepMessagesMs: number };

/**
 * Removes what nobody will ask for any more: expired prompts and step-ups and, older than `keepMessagesMs`, handled messages (so long a
 * repetition is known as one), subjects (so long a thread can be taken up again with "turn it off"), messages that were sent or
 * never will be, cards of requests that have ended and show it, and what surveys saw two days ago; how many. Requests and the audit stay.
 */
export async function removeOld({ database, clock, keepMessagesMs }: Tools & Keeping): Promise<number> {
  const before = (ms: number) => new Date(clock.now().getTime() - ms);
  const prompts = await database.sql
    .deleteFrom("prompt")
    .where("expires_at", "<", before(keepPromptsMs))
    .executeTakeFirst();
  const stepUps = await database.sql
    .deleteFrom("step_up")
    .where("expires_at", "<", before(keepStepUpsMs))
    .executeTakeFirst();
  const messages = await database.sql
    .deleteFrom("inbox")
    .where("handled_at", "<", before(keepMessagesMs))
    .executeTakeFirst();
  const subjects = await database.sql
    .deleteFrom("subject")
    .where("at", "<", before(keepMessagesMs))
    .executeTakeFirst();
  const deliveries = await database.sql
    .deleteFrom("delivery")
    .where("changed_at", "<", before(keepMessagesMs))
    .where((row) => row.or([row("ref", "is not", null), row("dead_why", "is not", null)]))
    .where((row) =>
      row.or([
        row("request", "is", null),
        row("request", "not in", (of) =>
          of.selectFrom("change_request").select("id").where("open", "=", true),
        ),
      ]),
    )
    // One that waits to show how its request ended is shown that first.
    .where((row) =>
      row.or([
        row("request", "is", null),
        row("dead_why", "is not", null),
        row("sent", ">=", row.ref("want")),
      ]),
    )
    // Where a change that is still looked after was asked for, its end is told, however long that takes.
    .where((row) =>
      row.or([
        row("request", "is", null),
        row("request", "not in", (of) =>
          of
            .selectFrom("aftercare")
            .innerJoin("change_request", "change_request.number", "aftercare.number")
            .select("change_request.id")
            .where("aftercare.due_at", "is not", null),
        ),
      ]),
    )
    .executeTakeFirst();
  const surveys = await database.sql
    .deleteFrom("survey")
    .where("changed_at", "<", before(keepSurveysMs))
    .executeTakeFirst();
  return Number(
    prompts.numDeletedRows +
      stepUps.numDeletedRows +
      messages.numDeletedRows +
      subjects.numDeletedRows +
      deliveries.numDeletedRows +
      surveys.numDeletedRows,
  );
}
