import type { RequestId } from "../domain/change/change-request.ts";
import type { Interruption } from "../domain/change/interruption.ts";

/**
 * Whether the records are the ones that this deployment has always had: a database that was moved, or restored from a backup,
 * is not trusted to act.
 */
export interface Continuity {
  /** What was found and is not dealt with yet. */
  interruption(): Promise<Interruption | undefined>;
  /**
   * Writes down that the records are older than what happened since. Of a backup, whatever was still to be answered or told was
   * long ago: that is dropped, and request numbers that were given meanwhile are not given again. Evidence that was dealt with
   * before is no news: nothing happens.
   */
  foundRestored(evidence: string): Promise<void>;
  /** Everything that was open is parked: work may begin. */
  settle(interruption: Interruption): Promise<void>;
  /** Requests that have something to come after they were written. */
  caredFor(): Promise<readonly RequestId[]>;
}
