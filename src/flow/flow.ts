import type { Platform } from "../domain/actor.ts";
import type { OwnSite } from "../domain/own-site.ts";
import type { ChangeRequests, Inbox, Outbox } from "../ports/change-requests.ts";
import type { Chat } from "../ports/chat.ts";
import type { Clock, NewId } from "../ports/clock.ts";
import type { Directory } from "../ports/directory.ts";
import type { Log } from "../ports/log.ts";
import type { Probe } from "../ports/probe.ts";
import type { RequestLists } from "../ports/request-lists.ts";
import type { Reviews } from "../ports/reviews.ts";
import type { RoutingService } from "../ports/routing-service.ts";
import type { FreshSignIn, StepUps } from "../ports/step-ups.ts";
import type { Stops } from "../ports/stops.ts";
import type { Subjects } from "../ports/subjects.ts";
import type { Surveys } from "../ports/surveys.ts";
import type { Sealing } from "./seal-audit.ts";

/** Everything the steps of the flow work with: the ports, and the limits that are not a matter of policy. */
export type Flow = {
  readonly requests: ChangeRequests;
  readonly lists: RequestLists;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly subjects: Subjects;
  readonly surveys: Surveys;
  readonly stops: Stops;
  readonly reviews: Reviews;
  readonly stepUps: StepUps;
  readonly routing: RoutingService;
  readonly directory: Directory;
  readonly probe: Probe;
  /** The chats that are configured. */
  readonly chats: ReadonlyMap<Platform, Chat>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Log;
  /** Names this process in fences and audit: nobody else may have the same. */
  readonly holder: string;
  readonly limits: Limits;
  /** The routing service sends the whole site (PUT) after a PATCH without effect: plans say so. */
  readonly putFallback?: true | undefined;
  /** The site that this process runs on, if it is one. */
  readonly ownSite?: OwnSite | undefined;
  /** Fresh sign-ins for rules that ask for them; absent where none is configured. */
  readonly signIn?: FreshSignIn | undefined;
  /** How the audit is signed; absent where no key is configured. */
  readonly sealing?: Sealing;
};

/** Times in milliseconds, and one number. */
export type Limits = {
  /** One write to Azure. */
  readonly writeTimeoutMs: number;
  /** Reading back until the site says what was wanted. */
  readonly verifyWithinMs: number;
  /** How long a busy or throttling Azure is asked again before the request fails. */
  readonly retryWithinMs: number;
  /** How long a question, such as the confirmation of a typed decision, waits for its answer. */
  readonly promptWithinMs: number;
  /** Sites in one request. */
  readonly maxSites: number;
};

/** What we start with; see docs/operations.md for what each one costs. */
export const defaultLimits: Limits = {
  writeTimeoutMs: 60_000,
  verifyWithinMs: 120_000,
  retryWithinMs: 5 * 60_000,
  promptWithinMs: 10 * 60_000,
  maxSites: 25,
};
