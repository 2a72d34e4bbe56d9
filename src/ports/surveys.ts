import type { Actor } from "../domain/actor.ts";
import type { Failure } from "../domain/failure.ts";
import type { FleetCounts, FleetQuestion, FleetRow } from "../domain/fleet/fleet-row.ts";
import type { Effects } from "./change-requests.ts";
import type { Place } from "./chat.ts";
import type { FleetScope } from "./routing-service.ts";

/** A survey of many sites: the answer to an audit, while it is being made and for a while after. */
export type Survey = {
  readonly id: string;
  /** Counts up with each step. */
  readonly revision: number;
  readonly state: "running" | "done" | "failed";
  readonly actor: Actor;
  readonly place: Place;
  /** What to look at; none is everything. */
  readonly scopes: readonly FleetScope[];
  readonly question: FleetQuestion;
  readonly startedAt: Date;
  /** Of the last step that read something. */
  readonly readAt: Date;
  /** When its message was last brought up to date. */
  readonly toldAt: Date;
  /** Where to go on: `cursor` is the service's own for the page, `after` the last site of the page that is done. */
  readonly position: { readonly cursor?: string; readonly after?: string };
  readonly counts: FleetCounts;
  /** The first of the sites that were asked for: enough for the message. */
  readonly first: readonly FleetRow[];
  /** Parts of rows that are kept; numbered from 0. */
  readonly parts: number;
  /** Resource groups that could not be listed. */
  readonly unreadGroups: number;
  /** How often it had to begin anew. */
  readonly restarts: number;
  /** App settings cannot be read here, so no more sites are asked for theirs. */
  readonly settingsGivenUp?: true;
  readonly failure?: Failure;
};

/** Surveys and their rows. Each method that writes is one transaction. They reject when the store is not reachable. */
export interface Surveys {
  /** Stores a new survey. `handled`: its message was answered already, and nothing was stored. */
  begin(survey: Survey, effects: Effects): Promise<"begun" | "handled">;
  get(id: string): Promise<Survey | undefined>;
  /** One step: replaces the survey if its revision still is `from`. `conflict`: somebody else went on with it; nothing was done. */
  step(step: SurveyStep): Promise<"done" | "conflict">;
  /** All rows that were kept, part by part, in the order in which they were read. */
  rows(id: string): AsyncIterable<readonly FleetRow[]>;
}

export type SurveyStep = {
  readonly from: number;
  /** Its revision is `from + 1`. */
  readonly to: Survey;
  /** To be kept as part number `to.parts - 1`. */
  readonly rows?: readonly FleetRow[];
  /** Rows that were kept before are dropped: it begins anew. */
  readonly anew?: true;
  readonly effects: Effects;
};
