import { PgBoss } from "pg-boss";
import type { AuditTrail } from "../../ports/audit-trail.ts";
import type { ChangeRequests, Inbox, Outbox } from "../../ports/change-requests.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Continuity } from "../../ports/continuity.ts";
import type { Log } from "../../ports/log.ts";
import type { RequestLists } from "../../ports/request-lists.ts";
import type { Reviews } from "../../ports/reviews.ts";
import type { StepUps } from "../../ports/step-ups.ts";
import type { Stops } from "../../ports/stops.ts";
import type { Subjects } from "../../ports/subjects.ts";
import type { Surveys } from "../../ports/surveys.ts";
import { noTelemetry, type Telemetry } from "../../ports/telemetry.ts";
import type { TokenBuckets } from "../../ports/token-buckets.ts";
import type { Work } from "../../ports/work.ts";
import { Database } from "./database.ts";
import type { Driver } from "./driver.ts";
import { readFigures, type StoreFigures } from "./figures.ts";
import { JobQueues, queueSchema } from "./job-queues.ts";
import { JobRunner } from "./job-runner.ts";
import { appliedSteps, migrate } from "./migrate.ts";
import type { PostgresServer } from "./postgres/open-postgres.ts";
import { createAuditTrail } from "./sql-audit-trail.ts";
import { SqlChangeRequests } from "./sql-change-requests.ts";
import { closeGapOfNumbers, createContinuity, recogniseHome } from "./sql-continuity.ts";
import { createInbox } from "./sql-inbox.ts";
import { createOutbox } from "./sql-outbox.ts";
import { createRequestLists } from "./sql-request-lists.ts";
import { createReviews } from "./sql-reviews.ts";
import { createStepUps } from "./sql-step-ups.ts";
import { createStops } from "./sql-stops.ts";
import { createSubjects } from "./sql-subjects.ts";
import { createSurveys } from "./sql-surveys.ts";
import { createTokenBuckets } from "./sql-token-buckets.ts";

/** Where everything is kept: in a directory of this machine, or in a PostgreSQL database that replicas share. */
export type StoreSettings =
  | { readonly kind: "embedded"; readonly directory: string }
  | ({ readonly kind: "postgres" } & PostgresServer);

export type StoreTools = {
  readonly clock: Clock;
  readonly log: Log;
  /** Default: none. */
  readonly telemetry?: Telemetry;
  /** Nothing is changed in the database, not even its tables, and `work` is not to be started. */
  readonly standby?: boolean;
  /** How long handled messages, sent ones and what was spoken of are kept. Default 30 days. */
  readonly keepMessagesMs?: number;
};

const defaultKeepMs = 30 * 24 * 3600_000;

export type Store = {
  readonly requests: ChangeRequests;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly subjects: Subjects;
  readonly surveys: Surveys;
  /** Shared by the replicas on this database; absent where there can be none. */
  readonly buckets?: TokenBuckets;
  readonly stops: Stops;
  readonly reviews: Reviews;
  readonly stepUps: StepUps;
  readonly work: Work & Pick<JobRunner, "lookedForMsAgo">;
  readonly lists: RequestLists;
  readonly audit: AuditTrail;
  /** For whoever watches; asks the database each time. */
  figures(): Promise<StoreFigures>;
  readonly continuity: Continuity;
  /** Stops the work, if it runs, and lets go of the database. Idempotent. */
  close(): Promise<void>;
};

/** The store with what is behind its ports, for tests that look there. */
export type StoreParts = Store & { readonly database: Database; readonly queues: JobQueues };

/**
 * Opens the store, bringing its tables up to date. Nothing runs before `work.start`.
 *
 * @throws StoreUnusable, one sentence for the operator, if it cannot be used as it is set up.
 */
export async function openStore(settings: StoreSettings, tools: StoreTools): Promise<Store> {
  return await openStoreParts(settings, tools);
}

/** Opens a store with all that is behind its ports. */
export async function openStoreParts(settings: StoreSettings, tools: StoreTools): Promise<StoreParts> {
  if (settings.kind === "embedded") return await openAndRecognise(settings, tools);
  const { throughRestarts } = await import("./postgres/through-restarts.ts");
  return await throughRestarts(() => openAndRecognise(settings, tools));
}

/** Brings the tables up to date and does nothing else; their level before and after. */
export async function migrateStore(
  settings: StoreSettings,
  tools: StoreTools,
): Promise<{ readonly before: number; readonly after: number }> {
  const driver = await openDriver(settings, tools);
  const before = await appliedSteps(driver.kysely);
  const store = await assemble(driver, tools);
  const after = await appliedSteps(driver.kysely);
  await store.close();
  return { before, after };
}

async function openAndRecognise(settings: StoreSettings, tools: StoreTools): Promise<StoreParts> {
  const driver = await openDriver(settings, tools);
  const store = await assemble(driver, tools);
  try {
    if (!tools.standby) await recogniseHome(store.database, await driver.home(), tools.clock);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function assemble(
  driver: Driver,
  { clock, log, telemetry = noTelemetry, standby = false, keepMessagesMs = defaultKeepMs }: StoreTools,
): Promise<StoreParts> {
  const database = new Database(driver.kysely, log);
  const boss = createBoss(driver, database, log);
  try {
    const queues = new JobQueues(boss, { log, telemetry });
    if (!standby) {
      await migrate(driver.kysely);
      if (driver.alone) await closeGapOfNumbers(driver.kysely);
      await boss.start();
      await queues.prepare();
    }
    const work = new JobRunner({ database, queues, clock, log, telemetry, driver, keepMessagesMs });
    let closing: Promise<void> | undefined;
    return {
      requests: new SqlChangeRequests({ database, queues, telemetry }),
      inbox: createInbox(database, queues),
      outbox: createOutbox(database, queues),
      subjects: createSubjects(database),
      surveys: createSurveys(database, queues),
      ...(driver.alone ? {} : { buckets: createTokenBuckets(database) }),
      stops: createStops(database, queues),
      reviews: createReviews(database, queues),
      stepUps: createStepUps(database),
      work,
      database,
      queues,
      lists: createRequestLists(database),
      audit: createAuditTrail(database),
      figures: () => readFigures(database),
      continuity: createContinuity(database, clock),
      close: () => {
        closing ??= work.stop(0).then(() => closeAll(boss, driver));
        return closing;
      },
    };
  } catch (error) {
    await closeAll(boss, driver);
    throw error;
  }
}

async function openDriver(settings: StoreSettings, tools: StoreTools): Promise<Driver> {
  switch (settings.kind) {
    case "embedded": {
      const { openEmbedded } = await import("./embedded/open-embedded.ts");
      const { refuseMoved } = await import("./embedded/moved-mark.ts");
      const makeTables = async (driver: Driver) =>
        (await assemble(driver, { ...tools, standby: false })).close();
      const driver = await openEmbedded(settings.directory, makeTables);
      try {
        // Not before: until then somebody else may have had the directory, to move it.
        refuseMoved(settings.directory);
        return driver;
      } catch (error) {
        await driver.close();
        throw error;
      }
    }
    case "postgres": {
      const { openPostgres } = await import("./postgres/open-postgres.ts");
      return await openPostgres(settings, (error) => tools.log.error("database-connection-lost", error));
    }
    default:
      return settings satisfies never;
  }
}

function createBoss(driver: Driver, database: Database, log: Log): PgBoss {
  const { db, ...settings } = driver.queues;
  const boss = new PgBoss({
    ...settings,
    ...(db === undefined
      ? {}
      : {
          db: {
            executeSql: (text: string, values?: unknown[]) => {
              database.refuseInTransaction();
              return db.executeSql(text, values);
            },
          },
        }),
    schema: queueSchema,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
  boss.on("error", (error) => log.error("job-queue-error", error));
  boss.on("warning", (warning) => log.warn("job-queue-warning", { message: warning.message }));
  return boss;
}

async function closeAll(boss: PgBoss, driver: Driver): Promise<void> {
  try {
    await boss.stop({ graceful: false });
  } finally {
    await driver.close();
  }
}
