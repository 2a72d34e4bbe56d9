import type { ChangeRequest, RequestId } from "./change-request.ts";
import { beginSettling, type Settling } from "./settling.ts";
import { writtenSites } from "./undo.ts";

/**
 * What is still to come of a change that was written: its sites are watched for a while, a temporary one is turned back, and what
 * was not clear when it ended is settled.
 * It is a record of its own beside the request, which has ended and never changes.
 */
export type Aftercare = {
  readonly of: RequestId;
  /** The request's number. */
  readonly number: number;
  /** Counts the changes; each one compares and sets it. */
  readonly revision: number;
  /** When the request ended: from then on everything here counts. */
  readonly since: Date;
  readonly watch?: Watch;
  readonly temporary?: Temporary;
  readonly settling?: Settling;
};

/**
 * How the sites fare after the change.
 * - `watching`: looked at again at `nextAt`, until `until`. `suspicion`: what looked worse at the last look; the next one
 *   decides. - `well`: nothing got worse. - `worse`: something did, and people were told; `what` in words. - `unseen`: the
 *   sites could not be read even once. - `stopped`: the change was taken back meanwhile.
 */
export type Watch = {
  readonly until: Date;
  readonly nextAt: Date;
  /** Looks at which every site could be read. */
  readonly looks: number;
  readonly suspicion?: string;
} & (
  | { readonly state: "watching" | "well" | "unseen" | "stopped" }
  | { readonly state: "worse"; readonly what: string }
);

/**
 * A change that is turned back in time.
 * - `running`: until `endsAt`; `lookAt` is when something is to be done next (the reminder, the end, another try).
 * - `reverting`: the request `by` turns it back. - `over`: nothing more is done by itself; `why` in a sentence.
 */
export type Temporary = { readonly endsAt: Date; readonly reminded: boolean } & (
  | { readonly state: "running"; readonly lookAt: Date }
  | { readonly state: "reverting"; readonly lookAt: Date; readonly by: RequestId }
  | { readonly state: "over"; readonly why: string }
);

const tenMinutes = 10 * 60_000;
const shortestReminder = 30_000;

/**
 * Between two looks: a twentieth of the time, from a second to half a minute; for watches of more than an hour longer, so that
 * none takes more than 120 looks.
 */
export function lookEveryMs({ until }: Pick<Watch, "until">, since: Date): number {
  const wholeMs = until.getTime() - since.getTime();
  return Math.max(Math.min(wholeMs / 20, 30_000), wholeMs / 120, 1_000);
}

/** What is to come of a request that has just ended; `undefined` when nothing is. */
export function beginAftercare(request: ChangeRequest): Aftercare | undefined {
  if (request.state !== "confirmed" && request.state !== "failed") return undefined;
  if (writtenSites(request).length === 0) return undefined;
  const { endedAt: since, terms, lastsMs } = request;
  const watch = terms.watchMs === undefined ? undefined : beginWatch(since, terms.watchMs);
  const temporary = lastsMs === undefined ? undefined : runTo(new Date(since.getTime() + lastsMs), since);
  const settling = beginSettling(request, since);
  if (!watch && !temporary && !settling) return undefined;
  return {
    of: request.id,
    number: request.number,
    revision: 1,
    since,
    ...(watch ? { watch } : {}),
    ...(temporary ? { temporary } : {}),
    ...(settling ? { settling } : {}),
  };
}

function beginWatch(since: Date, forMs: number): Watch {
  const until = new Date(since.getTime() + forMs);
  const nextAt = new Date(since.getTime() + lookEveryMs({ until }, since));
  return { state: "watching", until, nextAt, looks: 0 };
}

/** Runs to a time, with a reminder a tenth before it, ten minutes at most; none where that would be too short to matter. */
function runTo(endsAt: Date, from: Date): Temporary {
  const beforeMs = Math.min((endsAt.getTime() - from.getTime()) / 10, tenMinutes);
  const reminded = beforeMs < shortestReminder;
  const lookAt = reminded ? endsAt : new Date(endsAt.getTime() - beforeMs);
  return { state: "running", endsAt, reminded, lookAt };
}

/** When something is to be done next; `undefined` when nothing is left. */
export function aftercareDueAt({ watch, temporary, settling }: Aftercare): Date | undefined {
  const times = [
    ...(settling?.state === "looking" ? [settling.nextAt] : []),
    ...(watch?.state === "watching" ? [watch.nextAt] : []),
    ...(temporary && temporary.state !== "over" ? [temporary.lookAt] : []),
  ];
  return times.toSorted((a, b) => a.getTime() - b.getTime())[0];
}

/** Steps of the aftercare: each returns the next record, for the store to compare and set. */

/** The temporary change `running`, if it is. */
export function running(
  aftercare: Aftercare | undefined,
): Extract<Temporary, { state: "running" }> | undefined {
  return aftercare?.temporary?.state === "running" ? aftercare.temporary : undefined;
}

/** People were reminded of the end. */
export function reminded(aftercare: Aftercare): Aftercare {
  const temporary = running(aftercare);
  if (!temporary) return aftercare;
  return next(aftercare, { temporary: { ...temporary, reminded: true, lookAt: temporary.endsAt } });
}

/** The end cannot be made now; it is tried again at `lookAt`. */
export function postponed(aftercare: Aftercare, lookAt: Date): Aftercare {
  const temporary = running(aftercare);
  return temporary ? next(aftercare, { temporary: { ...temporary, lookAt } }) : aftercare;
}

/** More time was approved. */
export function extended(aftercare: Aftercare, until: Date, at: Date): Aftercare {
  return next(aftercare, { temporary: runTo(until, at) });
}

/** It ends now. */
export function endedNow(aftercare: Aftercare, at: Date): Aftercare {
  return next(aftercare, { temporary: { state: "running", endsAt: at, reminded: true, lookAt: at } });
}

/** How long a revert has before it is looked at whether it got on. */
const revertPatienceMs = 5 * 60_000;

/** A request that turns it back was opened. A watch ends with it: what comes now is another change. */
export function reverting(aftercare: Aftercare, by: RequestId, at: Date): Aftercare {
  const { temporary } = aftercare;
  if (!temporary) return aftercare;
  const lookAt = new Date(at.getTime() + revertPatienceMs);
  const { endsAt } = temporary;
  return next(stopWatch(aftercare), {
    temporary: { state: "reverting", endsAt, reminded: true, lookAt, by },
  });
}

/** The request that turns it back still is at it. */
export function stillReverting(aftercare: Aftercare, at: Date): Aftercare {
  const { temporary } = aftercare;
  return temporary?.state === "reverting" ? reverting(aftercare, temporary.by, at) : aftercare;
}

/** The request that turned it back ended without having written: it is looked at anew. */
export function runningAgain(aftercare: Aftercare, at: Date): Aftercare {
  const { temporary } = aftercare;
  if (!temporary) return aftercare;
  const { endsAt } = temporary;
  return next(aftercare, { temporary: { state: "running", endsAt, reminded: true, lookAt: at } });
}

const [shortestPauseMs, longestPauseMs, revertTriesMs] = [5 * 60_000, 60 * 60_000, 24 * 60 * 60_000];

/**
 * When a revert that could not be written is tried again: after five minutes, and then always when it has been due for twice as long,
 * once an hour at least. `undefined` after a day.
 */
export function nextRevertAt({ temporary }: Aftercare, at: Date): Date | undefined {
  const dueMs = temporary ? at.getTime() - temporary.endsAt.getTime() : Number.POSITIVE_INFINITY;
  if (dueMs > revertTriesMs) return undefined;
  return new Date(at.getTime() + Math.min(Math.max(dueMs, shortestPauseMs), longestPauseMs));
}

/** Nothing more is done by itself. */
export function over(aftercare: Aftercare, why: string): Aftercare {
  const { temporary } = aftercare;
  if (!temporary) return aftercare;
  const { endsAt } = temporary;
  return next(stopWatch(aftercare), { temporary: { state: "over", endsAt, reminded: true, why } });
}

function stopWatch(aftercare: Aftercare): Aftercare {
  const { watch } = aftercare;
  if (watch?.state !== "watching") return aftercare;
  const { until, nextAt, looks } = watch;
  return { ...aftercare, watch: { state: "stopped", until, nextAt, looks } };
}

/** What one look at the sites showed: worse in words, well, or that they could not all be read. */
export type Look =
  | { readonly kind: "worse"; readonly what: string }
  | { readonly kind: "well" }
  | { readonly kind: "unseen" };

/** A suspicion is looked into this soon: a restart that the change itself makes is over then. */
const suspicionMs = 15_000;

/** A look was taken. Something counts as worse when two looks in a row say so. */
export function looked(aftercare: Aftercare, look: Look, at: Date): Aftercare {
  const { watch, since } = aftercare;
  if (watch?.state !== "watching") return aftercare;
  const { until, suspicion } = watch;
  const looks = watch.looks + (look.kind === "unseen" ? 0 : 1);
  const every = lookEveryMs(watch, since);
  if (look.kind === "worse") {
    const nextAt = new Date(at.getTime() + Math.min(every, suspicionMs));
    return next(aftercare, {
      watch:
        suspicion === undefined
          ? { state: "watching", until, nextAt, looks, suspicion: look.what }
          : { state: "worse", until, nextAt, looks, what: look.what },
    });
  }
  const nextAt = new Date(Math.min(at.getTime() + every, Math.max(until.getTime(), at.getTime() + 1)));
  if (at < until) {
    const kept = look.kind === "unseen" && suspicion !== undefined ? { suspicion } : {};
    return next(aftercare, { watch: { state: "watching", until, nextAt, looks, ...kept } });
  }
  const seen = looks > 0 && (look.kind === "well" || suspicion === undefined);
  return next(aftercare, { watch: { state: seen ? "well" : "unseen", until, nextAt, looks } });
}

/** A look was taken at what became of writes whose end was not clear. */
export function lookedForOutcome(aftercare: Aftercare, settling: Settling): Aftercare {
  return next(aftercare, { settling });
}

/** Whether somebody whom the rule lets may still undo the change at once. */
export function isWatched(aftercare: Aftercare | undefined, at: Date): boolean {
  const { watch } = aftercare ?? {};
  return (watch?.state === "watching" || watch?.state === "worse") && at < watch.until;
}

function next(aftercare: Aftercare, change: Partial<Aftercare>): Aftercare {
  return { ...aftercare, ...change, revision: aftercare.revision + 1 };
}
