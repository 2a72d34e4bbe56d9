import { type ExpressionBuilder, sql } from "kysely";
import type { TargetReference } from "../../domain/command.ts";
import { conversationKey, type RequestLists } from "../../ports/request-lists.ts";
import type { Database } from "./database.ts";
import { changeRequestRecord } from "./records/change-request-record.ts";
import { readPastEvent } from "./records/past-event-record.ts";
import type { Tables } from "./tables.ts";

/** The lists of change requests, in the database. */
export function createRequestLists(database: Database): RequestLists {
  return {
    async open({ named, requester, origin, after, limit }) {
      const rows = await database.sql
        .selectFrom("change_request")
        .select("record")
        .where("open", "=", true)
        .$if(requester !== undefined, (query) => query.where("requester", "=", requester?.id ?? ""))
        .$if(origin?.kind === "here", (query) => query.where("origin", "=", keyOf(origin)))
        .$if(origin?.kind === "elsewhere", (query) =>
          query.where("origin", "is distinct from", keyOf(origin)),
        )
        .$if(named !== undefined, (query) => query.where((row) => isNamed(row, named ?? [])))
        .$if(after !== undefined, (query) => query.where("number", ">", after ?? 0))
        .orderBy("number")
        .limit(limit)
        .execute();
      return rows.map(({ record }) => changeRequestRecord.read(record));
    },

    async latest({ named, person, before, limit }) {
      const rows = await database.sql
        .selectFrom("change_request")
        .select("record")
        .$if(named !== undefined, (query) => query.where((row) => isNamed(row, named ?? [])))
        .$if(person !== undefined, (query) =>
          query.where("id", "in", (of) =>
            of
              .selectFrom("audit_event")
              .select(sql<string>`request`.as("request"))
              .where("request", "is not", null)
              .where("person", "=", asInJson(person?.id ?? "")),
          ),
        )
        .$if(before !== undefined, (query) => query.where("number", "<", before ?? 0))
        .orderBy("number", "desc")
        .limit(limit)
        .execute();
      return rows.map(({ record }) => changeRequestRecord.read(record));
    },

    async eventsOf(id, limit) {
      const rows = await database.sql
        .selectFrom("audit_event")
        .select("payload")
        .where("request", "=", id)
        .orderBy("seq", "desc")
        .limit(limit)
        .execute();
      return rows.reverse().map(({ payload }) => readPastEvent(payload));
    },
  };
}

function keyOf(origin: Parameters<RequestLists["open"]>[0]["origin"]): string {
  return origin === undefined ? "" : conversationKey(origin.of);
}

/** A text as the canonical JSON of the audit has it, between its quotation marks. */
function asInJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** See `keyIsNamed`: the same in SQL. */
function isNamed(row: ExpressionBuilder<Tables, "change_request">, named: readonly TargetReference[]) {
  return row(
    "number",
    "in",
    row
      .selectFrom("change_request_site")
      .select("number")
      .where((site) => site.or(named.map((reference) => keyFits(site, reference)))),
  );
}

/** Each part of the key has an index of its own. */
function keyFits(
  site: ExpressionBuilder<Tables, "change_request_site">,
  { name, slot, resourceGroup }: TargetReference,
) {
  const part = (label: string, value: string | undefined) =>
    value === undefined
      ? []
      : [sql<boolean>`substring(site from ${sql.lit(`/${label}/([^/]+)`)}) = ${value.toLowerCase()}`];
  return site.and([...part("sites", name), ...part("slots", slot), ...part("resourcegroups", resourceGroup)]);
}
