import type { Stop } from "../domain/change/stop.ts";
import type { Effects } from "./change-requests.ts";

/**
 * The stops that are on. They outlive every process, and hold on every replica: the start of a write sees them in its own
 * transaction (`ChangeRequests.startInTurn`).
 */
export interface Stops {
  /** Those that are on, oldest first. Rejects when the store is not reachable: then nothing may be written. */
  active(): Promise<readonly Stop[]>;

  /**
   * Begins one, with the effects, in one transaction. Once it resolves, no write begins that the stop holds. `known`: a stop with
   * this id was begun before, and nothing was done.
   */
  begin(stop: Stop, effects: Effects): Promise<"begun" | "known">;

  /**
   * Ends stops, with the effects, in one transaction. `handled`: the message that asks for it was handled before, or one of them
   * has ended already; nothing was done.
   */
  end(ids: readonly string[], effects: Effects): Promise<"done" | "handled">;
}
