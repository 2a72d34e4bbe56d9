import type { Clock } from "../../ports/clock.ts";
import type { Handlers, JobKind, Work } from "../../ports/work.ts";
import type { Database } from "./database.ts";
import type { Driver } from "./driver.ts";
import { heartbeatSeconds, type JobQueues } from "./job-queues.ts";
import { Lane, type LaneTools } from "./lane.ts";
import { removeOld, startOverdue } from "./upkeep.ts";
import { HomeWatch } from "./watch-home.ts";

/** How many jobs of a kind one process runs at a time. */
const limits: Record<JobKind, number> = {
  "handle-message": 10,
  apply: 10,
  deliver: 10,
  deadline: 4,
  "seal-audit": 1,
  survey: 4,
  remind: 2,
  aftercare: 10,
};

/** Of these, so many run while a rush of messages comes in: each can be put off for some seconds. */
const inRush: Partial<Record<JobKind, number>> = { "handle-message": 2, deliver: 2, survey: 1 };

/** The floor under all wake-ups: delayed jobs, and jobs that other replicas started and could not take themselves. */
const lookEveryMs = 2000;
const beatEveryMs = (heartbeatSeconds * 1000) / 3;
const sweepEveryMs = 30_000;
const tidyEveryMs = 3600_000;

export type RunnerTools = LaneTools & {
  readonly database: Database;
  readonly queues: JobQueues;
  readonly clock: Clock;
  readonly driver: Pick<Driver, "alone" | "tidy" | "home">;
  readonly keepMessagesMs: number;
};

/** Runs the jobs of the queues in this process. Once stopped, it stays stopped. */
export class JobRunner implements Work {
  readonly #tools: RunnerTools;
  readonly #home: HomeWatch;
  #lanes: { readonly [K in JobKind]: Lane<K> } | undefined;
  #timers: readonly NodeJS.Timeout[] = [];
  #heart: NodeJS.Timeout | undefined;
  #stopped: Promise<void> | undefined;

  constructor(tools: RunnerTools) {
    this.#tools = tools;
    this.#home = new HomeWatch(tools);
  }

  async start(handlers: Handlers, isRushed = () => false): Promise<void> {
    if (this.#lanes !== undefined || this.#stopped !== undefined) throw new Error("work can be started once");
    const { queues, driver, log } = this.#tools;
    const lane = <K extends JobKind>(kind: K): Lane<K> =>
      new Lane(
        kind,
        {
          handler: handlers[kind],
          limit: () => (isRushed() ? (inRush[kind] ?? limits[kind]) : limits[kind]),
        },
        this.#tools,
      );
    const lanes = {
      "handle-message": lane("handle-message"),
      apply: lane("apply"),
      deliver: lane("deliver"),
      deadline: lane("deadline"),
      "seal-audit": lane("seal-audit"),
      survey: lane("survey"),
      remind: lane("remind"),
      aftercare: lane("aftercare"),
    };
    this.#lanes = lanes;
    if (driver.alone) {
      const left = await queues.takeBackAll();
      if (left > 0) log.info("jobs-taken-back", { jobs: left });
    }
    const all = Object.values(lanes);
    const wakeAll = () => all.forEach((one) => void one.wake());
    queues.onReady((kind) => lanes[kind].wake());
    this.#timers = [
      setInterval(wakeAll, lookEveryMs),
      setInterval(() => void this.#upkeep("sweep", startOverdue), sweepEveryMs),
      setInterval(() => void this.#upkeep("home", () => this.#watchHome()), sweepEveryMs),
      setInterval(() => void this.#upkeep("revive", ({ queues }) => queues.reviveFailed()), sweepEveryMs),
      setInterval(() => void this.#tidy(), tidyEveryMs),
    ];
    this.#heart = setInterval(() => all.forEach((one) => void one.beat()), beatEveryMs);
    wakeAll();
    await this.#upkeep("home", () => this.#watchHome());
    await this.#upkeep("sweep", startOverdue);
  }

  /**
   * How long ago jobs were last looked for, of the kind for which it is longest: two seconds and a little when all is well.
   * `undefined` when none are being taken.
   */
  lookedForMsAgo(): number | undefined {
    if (this.#lanes === undefined || this.#stopped !== undefined) return undefined;
    return Math.max(...Object.values(this.#lanes).map((lane) => lane.lookedForMsAgo()));
  }

  stop(graceMs: number): Promise<void> {
    this.#stopped ??= this.#stop(graceMs);
    return this.#stopped;
  }

  async #stop(graceMs: number): Promise<void> {
    const lanes = Object.values(this.#lanes ?? {});
    for (const timer of this.#timers) clearInterval(timer);
    this.#tools.queues.onReady(() => {});
    // The signs of life go on as long as something runs.
    await Promise.all(lanes.map((lane) => lane.stop(graceMs)));
    clearInterval(this.#heart);
  }

  /** A database that was exchanged for an older one: from here on this process does nothing, and its next start parks what is open. */
  async #watchHome(): Promise<0> {
    if ((await this.#home.look()) === "same") return 0;
    void this.stop(0);
    throw new Error("the database was restored while Routebot used it; start Routebot anew");
  }

  async #tidy(): Promise<void> {
    await this.#upkeep("remove", removeOld);
    await this.#upkeep("tidy", ({ driver }) => driver.tidy().then(() => 0));
  }

  async #upkeep(name: string, step: (tools: RunnerTools) => Promise<number>): Promise<void> {
    try {
      const count = await step(this.#tools);
      if (count > 0) this.#tools.log.info("store-upkeep", { step: name, count });
    } catch (error) {
      this.#tools.log.error("store-upkeep-failed", error, { step: name });
    }
  }
}
