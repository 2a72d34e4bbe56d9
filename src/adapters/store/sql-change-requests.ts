import { sql } from "kysely";
import type { ChangeRequest, RequestId } from "../../domain/change/change-request.ts";
import { isTerminal } from "../../domain/change/change-request.ts";
import { targetKey } from "../../domain/target.ts";
import type {
  ChangeRequests,
  Effects,
  OpenFilter,
  Opening,
  OpenResult,
  Owed,
  Starting,
  Transition,
  TransitionResult,
} from "../../ports/change-requests.ts";
import { conversationKey } from "../../ports/request-lists.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Database, Unit } from "./database.ts";
import { areTooLate, carryOut } from "./effects.ts";
import type { JobQueues } from "./job-queues.ts";
import { aftercareRecord } from "./records/aftercare-record.ts";
import { changeRequestRecord } from "./records/change-request-record.ts";
import { owedRecord, promptRecord } from "./records/chat-record.ts";
import { hasReviewDue } from "./sql-reviews.ts";
import { stopsForStart } from "./sql-stops.ts";

type Card = Extract<Owed, { kind: "card" }>;

export type ChangeRequestsParts = {
  readonly database: Database;
  readonly queues: JobQueues;
  readonly telemetry: Telemetry;
};

/** The change requests in the database; each method that writes is one transaction. */
export class SqlChangeRequests implements ChangeRequests {
  readonly #database: Database;
  readonly #queues: JobQueues;
  readonly #telemetry: Telemetry;

  constructor({ database, queues, telemetry }: ChangeRequestsParts) {
    this.#database = database;
    this.#queues = queues;
    this.#telemetry = telemetry;
  }

  async nextNumber(): Promise<number> {
    const { rows } = await sql<{
      number: number;
    }>`SELECT nextval('routebot.request_number')::int AS number`.execute(this.#database.sql);
    const number = rows[0]?.number;
    if (number === undefined) throw new Error("the sequence of request numbers gave none");
    return number;
  }

  open({ request, check, effects }: Opening): Promise<OpenResult> {
    return this.#database.transaction(async (unit) => {
      if (await areTooLate(unit, effects)) return { kind: "handled" };
      const sites = sitesOf(request);
      await lockSites(unit, sites);
      const refusal = check(await openFor(unit, sites));
      if (refusal !== undefined) return { kind: "refused", refusal };
      await unit.sql
        .insertInto("change_request")
        .values({
          number: request.number,
          id: request.id,
          requester: request.requester.id,
          origin: originOf(effects, request.id),
          trail: this.#telemetry.trail() ?? null,
          ...columnsOf(request),
        })
        .execute();
      await unit.sql
        .insertInto("change_request_site")
        .values(sites.map((site) => ({ site, number: request.number })))
        .execute();
      await carryOut(unit, this.#queues, effects);
      return { kind: "opened" };
    });
  }

  startInTurn(starting: Starting): ReturnType<ChangeRequests["startInTurn"]> {
    return this.#database.transaction(async (unit) => {
      const sites = sitesOf(starting.to);
      await lockSites(unit, sites);
      const others = (await openFor(unit, sites)).filter(({ id }) => id !== starting.to.id);
      if (!starting.mayStart(others, await stopsForStart(unit))) return { kind: "not-its-turn" };
      return await this.#move(unit, starting);
    });
  }

  transition(transition: Transition): Promise<TransitionResult> {
    return this.#database.transaction((unit) => this.#move(unit, transition));
  }

  async #move(unit: Unit, { from, to, effects }: Transition): Promise<TransitionResult> {
    if (to.revision !== from + 1) throw new Error(`revision ${to.revision} does not follow ${from}`);
    const { review } = effects;
    const set =
      (await areTooLate(unit, effects)) || (review !== undefined && (await hasReviewDue(unit, review)))
        ? undefined
        : await compareAndSet(unit, from, to);
    if (set === undefined) return { kind: "conflict", current: await currentOf(unit, to.id) };
    await carryOut(unit, this.#queues, effects, set.trail ?? undefined);
    return { kind: "done", request: to };
  }

  record(effects: Parameters<ChangeRequests["record"]>[0]): Promise<"done" | "handled"> {
    return this.#database.transaction(async (unit) => {
      if (await areTooLate(unit, effects)) return "handled";
      await carryOut(unit, this.#queues, effects);
      return "done";
    });
  }

  async get(id: RequestId): Promise<ChangeRequest | undefined> {
    const row = await this.#database.sql
      .selectFrom("change_request")
      .select("record")
      .where("id", "=", id)
      .executeTakeFirst();
    return row && changeRequestRecord.read(row.record);
  }

  async listOpen({ site, requester, limit }: OpenFilter): Promise<readonly ChangeRequest[]> {
    const rows = await this.#database.sql
      .selectFrom("change_request")
      .select("record")
      .where("open", "=", true)
      .$if(requester !== undefined, (query) => query.where("requester", "=", requester?.id ?? ""))
      .$if(site !== undefined, (query) =>
        query.where("number", "in", (of) =>
          of
            .selectFrom("change_request_site")
            .select("number")
            .where("site", "=", site ?? ""),
        ),
      )
      .orderBy("number")
      .limit(limit)
      .execute();
    return rows.map((row) => changeRequestRecord.read(row.record));
  }

  async listApplied({ site, limit }: { site: string; limit: number }): Promise<readonly ChangeRequest[]> {
    const rows = await this.#database.sql
      .selectFrom("change_request")
      .select("record")
      .where("state", "in", ["confirmed", "failed"])
      .where("number", "in", (of) =>
        of.selectFrom("change_request_site").select("number").where("site", "=", site),
      )
      .orderBy("number", "desc")
      .limit(limit)
      .execute();
    return rows.map((row) => changeRequestRecord.read(row.record));
  }

  async countApplied(site: string): Promise<number> {
    const { count } = await this.#database.sql
      .selectFrom("change_request")
      .select((of) => of.fn.countAll<number>().as("count"))
      .where("state", "in", ["confirmed", "failed"])
      .where("number", "in", (of) =>
        of.selectFrom("change_request_site").select("number").where("site", "=", site),
      )
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async aftercareOf(id: RequestId): ReturnType<ChangeRequests["aftercareOf"]> {
    const row = await this.#database.sql
      .selectFrom("aftercare")
      .innerJoin("change_request", "change_request.number", "aftercare.number")
      .select("aftercare.record")
      .where("change_request.id", "=", id)
      .executeTakeFirst();
    return row && aftercareRecord.read(row.record);
  }

  async takePrompt(id: string): ReturnType<ChangeRequests["takePrompt"]> {
    const row = await this.#database.sql
      .deleteFrom("prompt")
      .where("id", "=", id)
      .returning("record")
      .executeTakeFirst();
    return row && promptRecord.read(row.record);
  }

  async getPrompt(id: string): ReturnType<ChangeRequests["getPrompt"]> {
    const row = await this.#database.sql
      .selectFrom("prompt")
      .select("record")
      .where("id", "=", id)
      .executeTakeFirst();
    return row && promptRecord.read(row.record);
  }

  async originOf(id: RequestId): ReturnType<ChangeRequests["originOf"]> {
    const [first] = await this.cardsOf(id);
    return first?.place;
  }

  async cardsOf(id: RequestId): Promise<readonly Card[]> {
    const rows = await this.#database.sql
      .selectFrom("delivery")
      .select("owed")
      .where("request", "=", id)
      .orderBy("number")
      .execute();
    return rows.map((row) => owedRecord.read(row.owed)).filter((owed) => owed.kind === "card");
  }

  async ping(): Promise<void> {
    await sql`SELECT 1`.execute(this.#database.sql);
  }
}

function sitesOf(request: ChangeRequest): readonly string[] {
  return [...new Set(request.plan.entries.map((entry) => targetKey(entry.target)))].sort();
}

/** Everybody takes the locks of several sites in the same order. They end with the transaction. */
async function lockSites(unit: Unit, sites: readonly string[]): Promise<void> {
  for (const site of sites)
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${site}, 0))`.execute(unit.sql);
}

async function openFor(unit: Unit, sites: readonly string[]): Promise<readonly ChangeRequest[]> {
  const rows = await unit.sql
    .selectFrom("change_request")
    .select("record")
    .where("open", "=", true)
    .where("number", "in", (of) =>
      of
        .selectFrom("change_request_site")
        .select("number")
        .where("site", "in", [...sites]),
    )
    .orderBy("number")
    .execute();
  return rows.map((row) => changeRequestRecord.read(row.record));
}

async function compareAndSet(unit: Unit, from: number, to: ChangeRequest) {
  return await unit.sql
    .updateTable("change_request")
    .set(columnsOf(to))
    .where("number", "=", to.number)
    .where("revision", "=", from)
    .where("open", "=", true)
    .returning("trail")
    .executeTakeFirst();
}

async function currentOf(unit: Unit, id: RequestId): Promise<ChangeRequest> {
  const row = await unit.sql
    .selectFrom("change_request")
    .select("record")
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw new Error(`there is no ${id}`);
  return changeRequestRecord.read(row.record);
}

function columnsOf(request: ChangeRequest) {
  return {
    revision: request.revision,
    state: request.state,
    open: !isTerminal(request),
    due_at: dueAt(request),
    record: changeRequestRecord.write(request),
  };
}

/** The conversation that gets the first card of a request: where it was made. */
function originOf({ owed }: Effects, id: RequestId): string | null {
  const card = owed.find((one) => one.kind === "card" && one.request === id);
  return card === undefined ? null : conversationKey(card.place);
}

/** When the time limit ends that the request's state has. */
function dueAt(request: ChangeRequest): Date | null {
  if (request.state === "pending") return request.decideBy;
  return request.state === "approved" ? request.applyBy : null;
}
