import { setTimeout as pause } from "node:timers/promises";
import type { FaultOrder } from "../../src/playground/azure/faults/fault.ts";
import type { ChatFaultOrder } from "../../src/playground/chat-faults.ts";
import type { Chance } from "./chance.ts";
import type { Replica } from "./replica.ts";
import type { Surroundings } from "./surroundings.ts";

export type TroubleCounts = {
  kills: number;
  zombies: number;
  databaseRestarts: number;
  azureFaults: number;
  chatFaults: number;
};

export type TroubleTools = {
  readonly around: Surroundings;
  readonly replicas: readonly Replica[];
  readonly restartDatabase: (() => Promise<void>) | undefined;
  readonly chance: Chance;
  readonly say: (line: string) => void;
};

/** Faults of one service that wait for the requests that they are to hit. */
const mostWaiting = 3;

type Kind = "azure" | "chat" | "zombie" | "database";

/** Makes trouble until it is told to stop: faults of Azure and the chats, zombies, restarts of the database; and kills when asked. */
export class Troubles {
  readonly counts: TroubleCounts = {
    kills: 0,
    zombies: 0,
    databaseRestarts: 0,
    azureFaults: 0,
    chatFaults: 0,
  };
  readonly #tools: TroubleTools;
  readonly #underWay = new Set<Promise<unknown>>();
  #ends = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(tools: TroubleTools) {
    this.#tools = tools;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Withdraws all faults; resolves when every process may run freely. */
  async end(): Promise<void> {
    this.#ends = true;
    await this.#loop;
    await Promise.all(this.#underWay);
    this.#tools.around.azure.orderFaults([]);
    this.#tools.around.chatFaults.clear();
  }

  /** kill -9 of one replica, at a random moment of the next seconds. */
  kill(): void {
    const { chance, replicas } = this.#tools;
    this.#goOn(
      pause(chance.between(0, 2_500)).then(() => {
        const victims = replicas.filter(({ isUp }) => isUp);
        const [first, ...others] = victims.length > 0 ? victims : replicas;
        if (first !== undefined && chance.one([first, ...others]).kill()) this.counts.kills += 1;
      }),
    );
  }

  async #run(): Promise<void> {
    const { chance, restartDatabase } = this.#tools;
    while (!this.#ends) {
      await pause(chance.between(600, 2_400));
      const kind = chance.weighted<Kind>([
        [12, "azure"],
        [6, "chat"],
        [0.7, "zombie"],
        [restartDatabase ? 0.4 : 0, "database"],
      ]);
      await this.#make(kind);
    }
  }

  async #make(kind: Kind): Promise<void> {
    const { around, chance, replicas, restartDatabase, say } = this.#tools;
    switch (kind) {
      case "azure":
        // What nobody met yet waits; much more of it than there is traffic would be an Azure that is down for good.
        if (around.azure.faults().filter(({ remaining }) => remaining !== 0).length >= mostWaiting) return;
        around.addAzureFault(azureFault(chance));
        this.counts.azureFaults += 1;
        return;
      case "chat":
        if (around.chatFaults.all().length >= mostWaiting) return;
        around.chatFaults.order(chatFault(chance));
        this.counts.chatFaults += 1;
        return;
      case "zombie": {
        // One at a time: the others have to be there to take over.
        const [first, ...others] = replicas.filter(({ isUp }) => isUp);
        if (first === undefined || others.length + 1 < replicas.length) return;
        const zombie = chance.one([first, ...others]);
        const ms = chance.between(12_000, 16_000);
        this.#goOn(
          zombie.standStill(ms).then((stood) => {
            if (stood) this.counts.zombies += 1;
          }),
        );
        return;
      }
      case "database":
        say("PostgreSQL is restarted at once");
        await restartDatabase?.();
        this.counts.databaseRestarts += 1;
        return;
      default:
        kind satisfies never;
    }
  }

  #goOn(work: Promise<unknown>): void {
    const settled = work.finally(() => this.#underWay.delete(settled));
    this.#underWay.add(settled);
  }
}

/** Every kind of fault that the local Azure knows, for the next requests or writes. */
export function azureFault(chance: Chance): FaultOrder {
  const when = chance.one(["before", "after"] as const);
  const fault = chance.weighted<FaultOrder["fault"]>([
    [3, { kind: "throttled", retryAfterSeconds: chance.whole(0, 2) }],
    [3, { kind: "busy" }],
    [3, { kind: "server-error", status: chance.whole(500, 504), when }],
    [3, { kind: "reset", when }],
    [2, { kind: "hang", when }],
    [3, { kind: "slow", delayMs: chance.whole(500, 6_000), when }],
    [1, { kind: "ignored", reply: chance.one(["as-asked", "as-stored"]) }],
    [1, { kind: "partial", keys: ["applicationTraffic"] }],
    [2, { kind: "late", readsUntilDone: chance.whole(1, 3) }],
    [2, { kind: "async", pollsUntilDone: chance.whole(1, 4), outcome: chance.one(["succeeded", "failed"]) }],
    [0.5, { kind: "denied" }],
    [0.5, { kind: "policy" }],
    [0.5, { kind: "site-config-conflict" }],
  ]);
  const writes = chance.happens(0.6);
  return { match: writes ? { method: "PATCH" } : {}, times: chance.whole(1, 2), fault };
}

/** Every kind of fault that the local chats know, for some requests or some seconds. */
export function chatFault(chance: Chance): ChatFaultOrder {
  const platform = chance.one(["teams", "slack"] as const);
  const kind = chance.weighted<ChatFaultOrder["kind"]>([
    [2, "unreachable"],
    [2, "throttled"],
    [2, "server-error"],
    [3, "reset-after-receipt"],
    [2, "slow"],
  ]);
  const long = kind !== "slow" && chance.happens(0.3);
  return {
    ...{ platform, kind },
    retryAfterSeconds: chance.whole(0, 3),
    delayMs: chance.whole(200, 4_000),
    ...(long ? { seconds: chance.between(2, 12) } : { times: chance.whole(1, 3) }),
  };
}
