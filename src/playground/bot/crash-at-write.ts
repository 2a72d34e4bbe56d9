/** kill -9 in the middle of a change: armed beforehand, it hits when the bot's next write is at the local Azure. */
import type { FaultOrder } from "../azure/faults/fault.ts";
import type { LocalAzure } from "../azure/local-azure.ts";
import type { CrashMoment } from "../control/shapes.ts";

export interface CrashOptions {
  readonly kill: () => void;
  readonly azure: Pick<LocalAzure, "faults" | "onEvent">;
  /** Adds a fault to those ordered already. */
  readonly orderFault: (order: FaultOrder) => Promise<unknown>;
}

export interface CrashAtWrite {
  /** Null when nothing is armed. */
  armed(): CrashMoment | null;
  /** Arms for the next PATCH. While one is armed, another order changes nothing. Withdrawing Azure's faults disarms. */
  arm(moment: CrashMoment): Promise<void>;
  close(): void;
}

export function createCrashAtWrite({ kill, azure, orderFault }: CrashOptions): CrashAtWrite {
  let armed: CrashMoment | null = null;
  // The local Azure holds the write up without an answer, so that the kill hits exactly there.
  const close = azure.onEvent((event) => {
    if (armed === null) return;
    const isWithdrawn = event.kind === "faults" && !azure.faults().some(({ fault }) => fault.kind === "hang");
    const hits = event.kind === "request" && event.request.method === "PATCH" && event.request.end === "hung";
    if (isWithdrawn || hits) armed = null;
    if (hits) kill();
  });
  return {
    armed: () => armed,
    async arm(moment) {
      if (armed !== null) return;
      armed = moment;
      const when = moment === "write-arrives" ? "before" : "after";
      await orderFault({ match: { method: "PATCH" }, fault: { kind: "hang", when } });
    },
    close,
  };
}
