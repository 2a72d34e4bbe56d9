import type { Clock } from "../../ports/clock.ts";
import type { Finding, ReadinessCheck } from "../../ports/readiness.ts";

export type WatchedCheck = ReadinessCheck & {
  /** How long a finding is good for; asked again after that, when somebody wants to know. */
  readonly goodForMs: number;
  /** The same for one that is not in order. */
  readonly badForMs: number;
  /** A look that takes longer is `unclear`, or `failed` where this is what the bot cannot do without. */
  readonly limitMs: number;
  /** Looked for behind the answer, which says what was found last: for what takes long, or asks others. */
  readonly behind?: true;
  /** Without it nothing can be done at all: `unclear` counts as `failed`. */
  readonly vital?: true;
};

export type Found = { readonly name: string; readonly finding: Finding };

export type Readiness = {
  /** What is known now of each check; `all` waits for those that were never made. */
  look(all: boolean): Promise<readonly Found[]>;
};

/** However many ask: each check is made once at a time, for a limited time, and not again as long as its finding is good. */
export function createReadiness(checks: readonly WatchedCheck[], clock: Clock): Readiness {
  const watched = checks.map((check) => ({ name: check.name, ask: watch(check, clock) }));
  return {
    look: (all) => Promise.all(watched.map(async ({ name, ask }) => ({ name, finding: await ask(all) }))),
  };
}

/** What is looked for behind an answer begins when the answer is out: it may have to load much. */
const behindAfterMs = 500;
const notYet: Finding = { kind: "unclear", why: "not looked at yet" };

function watch(check: WatchedCheck, clock: Clock): (all: boolean) => Promise<Finding> {
  let last: { readonly finding: Finding; readonly until: number } | undefined;
  let looking: Promise<Finding> | undefined;

  async function look(now: boolean): Promise<Finding> {
    if (!now) await clock.sleep(behindAfterMs);
    const finding = await lookOnce(check, clock);
    const lasts = finding.kind === "in-order" ? check.goodForMs : check.badForMs;
    last = { finding, until: clock.now().getTime() + lasts };
    return finding;
  }

  return async (all) => {
    if (last !== undefined && clock.now().getTime() < last.until) return last.finding;
    const awaited = check.behind === undefined || (all && last === undefined);
    looking ??= look(awaited).finally(() => {
      looking = undefined;
    });
    return awaited ? await looking : (last?.finding ?? notYet);
  };
}

async function lookOnce({ look, limitMs, vital }: WatchedCheck, clock: Clock): Promise<Finding> {
  const limit = new AbortController();
  const done = new AbortController();
  const late = clock.sleep(limitMs, done.signal).then(
    (): Finding => ({ kind: "unclear", why: `no answer within ${limitMs / 1000} s` }),
    (): Finding => notYet,
  );
  const looked = Promise.resolve()
    .then(() => look(limit.signal))
    .catch((): Finding => ({ kind: "unclear", why: "the check itself failed" }));
  const finding = await Promise.race([looked, late]);
  limit.abort();
  done.abort();
  return vital && finding.kind === "unclear" ? { ...finding, kind: "failed" } : finding;
}
