import { systemClock } from "../adapters/clock/system-clock.ts";
import { createReadiness, type Readiness, type WatchedCheck } from "../adapters/http/readiness.ts";
import { inOrder, type ReadinessCheck } from "../ports/readiness.ts";

/** Jobs are looked for every two seconds; a database that is slow for a moment is no reason to be taken out of service. */
const jobsSilentMs = 15_000;
/** Signing in is asked about once in five minutes, and again after half a minute where it did not work. */
const signIn = { goodForMs: 300_000, badForMs: 30_000, limitMs: 10_000, behind: true } as const;

type Parts = {
  /** Rejects when the database does not answer. */
  ping(): Promise<unknown>;
  /** How long ago jobs were looked for, `undefined` when they are not; `none` on standby, where none are taken. */
  readonly lookedForMsAgo: (() => number | undefined) | "none";
  readonly running: () => boolean;
  readonly signIns: readonly ReadinessCheck[];
};

/** What has to be in order for the bot to be ready. */
export function readinessOf({ ping, lookedForMsAgo, running, signIns }: Parts): Readiness {
  const process: WatchedCheck = {
    name: "process",
    goodForMs: 0,
    badForMs: 0,
    limitMs: 1_000,
    vital: true,
    look: async () => (running() ? inOrder : { kind: "failed", why: "starting or stopping" }),
  };
  const database: WatchedCheck = {
    name: "database",
    goodForMs: 1_000,
    badForMs: 1_000,
    limitMs: 2_000,
    vital: true,
    look: () =>
      ping().then(
        () => inOrder,
        () => ({ kind: "failed", why: "the database does not answer" }),
      ),
  };
  const jobsTaken = (silentFor: () => number | undefined): WatchedCheck => ({
    name: "jobs",
    goodForMs: 0,
    badForMs: 0,
    limitMs: 1_000,
    vital: true,
    async look() {
      const silentMs = silentFor();
      if (silentMs === undefined) return { kind: "failed", why: "no jobs are being taken" };
      return silentMs <= jobsSilentMs
        ? inOrder
        : { kind: "failed", why: "jobs have not been looked for lately" };
    },
  });
  const jobs = lookedForMsAgo === "none" ? [] : [jobsTaken(lookedForMsAgo)];
  const asked = signIns.map((check): WatchedCheck => ({ ...signIn, ...check }));
  return createReadiness([process, database, ...jobs, ...asked], systemClock);
}
