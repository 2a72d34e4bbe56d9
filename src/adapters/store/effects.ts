import { sql } from "kysely";
import { aftercareDueAt } from "../../domain/change/aftercare.ts";
import type { Effects, Owed, Prompt } from "../../ports/change-requests.ts";
import type { Trail } from "../../ports/telemetry.ts";
import type { Job } from "../../ports/work.ts";
import { appendAudit } from "./audit-chain.ts";
import type { Unit } from "./database.ts";
import type { JobQueues } from "./job-queues.ts";
import { aftercareRecord } from "./records/aftercare-record.ts";
import { owedRecord, promptRecord } from "./records/chat-record.ts";
import { reviewRecord } from "./records/review-record.ts";
import { stepUpRecord } from "./records/step-up-record.ts";

/**
 * Whether the message, the click, the question or the step-up that the effects answer was dealt with already. It stays locked to the end of the
 * transaction, so that two workers cannot both find that it was not.
 */
async function wasHandled(unit: Unit, { answers, click, takes, takesStepUp }: Effects): Promise<boolean> {
  return (
    (click !== undefined && (await isKnown(unit, click))) ||
    (answers !== undefined && (await isMessageHandled(unit, answers))) ||
    (takes !== undefined && (await isGone(unit, "prompt", takes))) ||
    (takesStepUp !== undefined && (await isGone(unit, "step_up", takesStepUp)))
  );
}

async function isKnown(unit: Unit, click: string): Promise<boolean> {
  const row = await unit.sql.selectFrom("inbox").select("id").where("id", "=", click).executeTakeFirst();
  return row !== undefined;
}

/**
 * A click is kept where messages are, as one that is handled: so long a repetition is known as one. Of two copies that are worked on at
 * once, the second finds the request moved by the first, and looks here again.
 */
async function takeNote(unit: Unit, click: string): Promise<void> {
  await unit.sql
    .insertInto("inbox")
    .values({ id: click, message: "{}", handled_at: sql`now()` })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}

async function isMessageHandled(unit: Unit, answers: string): Promise<boolean> {
  const message = await unit.sql
    .selectFrom("inbox")
    .select("handled_at")
    .where("id", "=", answers)
    .forUpdate()
    .executeTakeFirst();
  if (message === undefined) throw new Error(`the inbox has no message ${answers}`);
  return message.handled_at !== null;
}

async function isGone(unit: Unit, table: "prompt" | "step_up", id: string): Promise<boolean> {
  const row = await unit.sql
    .selectFrom(table)
    .select("id")
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined;
}

/**
 * Whether the aftercare that the effects replace has moved on. Its row stays locked to the end of the transaction.
 */
async function hasMovedOn(unit: Unit, { aftercare }: Effects): Promise<boolean> {
  if (aftercare === undefined) return false;
  const row = await unit.sql
    .selectFrom("aftercare")
    .select("revision")
    .where("number", "=", aftercare.to.number)
    .forUpdate()
    .executeTakeFirst();
  return (row?.revision ?? 0) !== aftercare.from;
}

/** Whether the effects come too late: their message was handled, or the aftercare that they replace has moved on. */
export async function areTooLate(unit: Unit, effects: Effects): Promise<boolean> {
  return (await wasHandled(unit, effects)) || (await hasMovedOn(unit, effects));
}

async function writeAftercare(unit: Unit, { from, to }: NonNullable<Effects["aftercare"]>): Promise<void> {
  const columns = {
    revision: to.revision,
    due_at: aftercareDueAt(to) ?? null,
    record: aftercareRecord.write(to),
  };
  if (from === 0) {
    // Made together with the end of its request, which only one transaction can bring about.
    await unit.sql
      .insertInto("aftercare")
      .values({ number: to.number, ...columns })
      .execute();
  } else {
    await unit.sql.updateTable("aftercare").set(columns).where("number", "=", to.number).execute();
  }
}

/**
 * Carries out everything that a transaction does besides its main thing. The audit comes last, see `appendAudit`. `trail` is that of
 * the request that it is about.
 */
export async function carryOut(
  unit: Unit,
  queues: JobQueues,
  effects: Effects,
  trail?: Trail,
): Promise<void> {
  const { answers, click, takes, owed, jobs, prompts = [], review, stepUp, takesStepUp, events } = effects;
  if (click !== undefined) await takeNote(unit, click);
  if (answers !== undefined) {
    await unit.sql.updateTable("inbox").set({ handled_at: sql`now()` }).where("id", "=", answers).execute();
  }
  if (takes !== undefined) await unit.sql.deleteFrom("prompt").where("id", "=", takes).execute();
  if (effects.aftercare !== undefined) await writeAftercare(unit, effects.aftercare);
  if (takesStepUp !== undefined) await unit.sql.deleteFrom("step_up").where("id", "=", takesStepUp).execute();
  if (stepUp !== undefined) {
    const { id, request, expiresAt } = stepUp;
    const values = { id, request, expires_at: expiresAt, record: stepUpRecord.write(stepUp) };
    await unit.sql.insertInto("step_up").values(values).execute();
  }
  if (prompts.length > 0) await unit.sql.insertInto("prompt").values(prompts.map(promptRow)).execute();
  if (review !== undefined) {
    const { request, person } = review;
    const values = { request, person: person.id, due: true, record: reviewRecord.write(review) };
    await unit.sql.insertInto("review").values(values).execute();
  }
  const sending = await owe(unit, owed);
  const isFresh = (job: Job) => sending.fresh.has(job) || beginsAftercare(job, effects);
  await queues.enqueue(unit, [...jobs, ...sending.jobs], { isFresh, trail });
  await appendAudit(unit, events);
}

function beginsAftercare(job: Job, { aftercare }: Effects): boolean {
  return job.kind === "aftercare" && aftercare?.from === 0 && job.request === aftercare.to.of;
}

type Sending = {
  readonly jobs: readonly Job[];
  /** Those of deliveries that were not there before. */
  readonly fresh: ReadonlySet<Job>;
};

/** Writes down what is owed, in an order that is the same for everybody; the jobs that will send it. */
async function owe(unit: Unit, owed: readonly Owed[]): Promise<Sending> {
  const jobs: Job[] = [];
  const fresh = new Set<Job>();
  for (const one of owed.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    const written = await unit.sql
      .insertInto("delivery")
      .values({
        key: one.key,
        request: one.kind === "card" ? one.request : null,
        owed: owedRecord.write(one),
        want: 1,
        sent: 0,
        trying: false,
        attempts: 0,
      })
      .onConflict((conflict) => {
        const column = conflict.column("key");
        if (one.kind === "message" || one.kind === "file") return column.doNothing();
        return column
          .doUpdateSet((set) => ({
            ...(one.kind === "live" ? { owed: owedRecord.write(one) } : {}),
            want: set("delivery.want", "+", 1),
          }))
          .where("delivery.dead_why", "is", null);
      })
      .returning("want")
      .executeTakeFirst();
    if (written === undefined) continue;
    const job: Job = { kind: "deliver", key: one.key };
    jobs.push(job);
    if (written.want === 1) fresh.add(job);
  }
  return { jobs, fresh };
}

function promptRow(prompt: Prompt): { id: string; record: string; expires_at: Date } {
  return { id: prompt.id, record: promptRecord.write(prompt), expires_at: prompt.expiresAt };
}
