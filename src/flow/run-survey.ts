import type { Failure, FailureCode } from "../domain/failure.ts";
import { counted, type FleetRow, fleetRow, isAskedFor, noCounts } from "../domain/fleet/fleet-row.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import { targetKey } from "../domain/target.ts";
import type { Effects, Owed } from "../ports/change-requests.ts";
import type { ListPageResult } from "../ports/routing-service.ts";
import type { Survey } from "../ports/surveys.ts";
import type { JobContext, JobResult } from "../ports/work.ts";
import { note } from "../reply/answers.ts";
import { fleetFailedView, fleetProgressView, fleetResultView, shownSites } from "../reply/fleet-report.ts";
import type { View } from "../reply/view.ts";
import type { Flow } from "./flow.ts";
import { askerOf } from "./sight.ts";
import { reportOf, scopeWords, surveyKey } from "./survey-report.ts";

const done: JobResult = { kind: "done" };

/** People are told how far it is no more often than this: chats count the updates of a message. */
const tellEveryMs = 5_000;
/** Sites whose app settings are asked for between two steps, and at the same time. */
const settingsPerStep = 25;
const settingsAtOnce = 5;
/** When the app settings of so many sites, and of all so far, could not be read, no more are asked for theirs. */
const patience = 20;
const mostRestarts = 3;
/** Rows that are kept together. */
const rowsPerStep = 250;

/** Failures that pass by themselves. */
const passing: ReadonlySet<FailureCode> = new Set([
  "azure-unreachable",
  "azure-throttled",
  "azure-busy",
  "azure-unexpected",
]);
const againAfterMs = 5_000;

/**
 * Goes on with a survey until it has seen everything. What was read is kept in steps of some pages, each of them one transaction:
 * after a crash whoever takes over goes on behind the last one. Only what the asker may see is kept, by the policy in force at
 * that moment.
 */
export async function runSurvey(flow: Flow, id: string, { signal }: JobContext): Promise<JobResult> {
  let survey = await flow.surveys.get(id);
  if (survey === undefined) return done;
  let { cursor } = survey.position;
  let unkept: Unkept = nothingUnkept;
  while (survey?.state === "running") {
    const page: ListPageResult = await flow.routing.listPage({
      scopes: survey.scopes,
      ...(cursor === undefined ? {} : { cursor }),
      signal,
    });
    switch (page.kind) {
      case "page": {
        const asker = await askerOf(flow, survey);
        const sites = page.sites.filter(({ target }) => asker.sight.sees(target)).toSorted(byKey);
        const unreadGroups: number = unkept.unreadGroups + page.unreadGroups;
        if (survey.question.where === "legacy") {
          const known: Survey = { ...survey, unreadGroups: survey.unreadGroups + unreadGroups };
          survey = await takeWithSettings(flow, {
            survey: known,
            at: cursor,
            sites,
            next: page.next,
            signal,
          });
          unkept = nothingUnkept;
        } else {
          const rows = sites.map((site) => fleetRow(site, { withSettings: false }));
          unkept = { rows: [...unkept.rows, ...rows], unreadGroups };
          if (page.next === undefined || isDue(flow, survey, unkept)) {
            survey = await keep(flow, survey, {
              ...unkept,
              position: positionAt(page.next),
              isEnd: !page.next,
            });
            unkept = nothingUnkept;
          }
        }
        cursor = page.next;
        break;
      }
      case "expired":
        if (survey.restarts >= mostRestarts) {
          survey = await end(flow, survey, { failure: listMoved });
          break;
        }
        survey = await beginAnew(flow, survey);
        cursor = undefined;
        unkept = nothingUnkept;
        break;
      case "no-scope": {
        const text = `I know no ${scopeWords([page.scope])} among what I look after. Check the name.`;
        survey = await end(flow, survey, { failure: listMoved, view: note("attention", text) });
        break;
      }
      case "failed": {
        const idleMs = flow.clock.now().getTime() - survey.readAt.getTime();
        if (passing.has(page.failure.code) && idleMs < flow.limits.retryWithinMs) {
          return { kind: "again", afterMs: page.failure.retryAfterMs ?? againAfterMs };
        }
        flow.log.warn("survey-failed", { survey: id, code: page.failure.code });
        survey = await end(flow, survey, { failure: page.failure });
        break;
      }
      default:
        return page satisfies never;
    }
  }
  // Whoever was faster may be a worker that had lost this job before and stops there.
  return survey === undefined ? { kind: "again", afterMs: againAfterMs } : done;
}

/** What was read since the last step. */
type Unkept = { readonly rows: readonly FleetRow[]; readonly unreadGroups: number };
const nothingUnkept: Unkept = { rows: [], unreadGroups: 0 };

/** A step costs a transaction, and a crash what was read since the last one. */
function isDue(flow: Flow, survey: Survey, { rows }: Unkept): boolean {
  return rows.length >= rowsPerStep || flow.clock.now().getTime() - survey.readAt.getTime() >= tellEveryMs;
}

function positionAt(cursor: string | undefined): Survey["position"] {
  return cursor === undefined ? {} : { cursor };
}

type Page = {
  readonly survey: Survey;
  /** The cursor that the page was read at. */
  readonly at: string | undefined;
  /** Those that may be seen, in the order of their keys. */
  readonly sites: readonly SiteObservation[];
  readonly next: string | undefined;
  readonly signal: AbortSignal;
};

/**
 * Keeps a page whose sites are asked for their app settings, in several steps. `undefined` when somebody else has gone on with the
 * survey.
 */
async function takeWithSettings(flow: Flow, page: Page): Promise<Survey | undefined> {
  const { at, next, signal } = page;
  const { after } = page.survey.position;
  const left = after === undefined ? page.sites : page.sites.filter((site) => keyOf(site) > after);
  let survey: Survey | undefined = page.survey;
  for (let from = 0; survey !== undefined && from < Math.max(1, left.length); from += settingsPerStep) {
    const sites = left.slice(from, from + settingsPerStep);
    const rows = await readSettings(flow, survey, { sites, signal });
    const last = sites.at(-1);
    const isWhole = from + settingsPerStep >= left.length;
    const position =
      isWhole || last === undefined ? positionAt(next) : { ...positionAt(at), after: keyOf(last) };
    survey = await keep(flow, survey, { rows, unreadGroups: 0, position, isEnd: isWhole && !next });
  }
  return survey;
}

async function readSettings(
  flow: Flow,
  survey: Survey,
  { sites, signal }: { readonly sites: readonly SiteObservation[]; readonly signal: AbortSignal },
): Promise<readonly FleetRow[]> {
  const rows: FleetRow[] = [];
  for (let from = 0; from < sites.length; from += settingsAtOnce) {
    const some = sites.slice(from, from + settingsAtOnce);
    const read = await Promise.all(
      some.map(async (site) =>
        survey.settingsGivenUp
          ? site
          : { ...site, legacy: await flow.routing.readLegacy(site.target, signal) },
      ),
    );
    rows.push(...read.map((site) => fleetRow(site, { withSettings: true })));
  }
  return rows;
}

type Step = Unkept & {
  readonly position: Survey["position"];
  readonly isEnd: boolean;
};

/** One step: the rows, where to go on, and what people are told of it. */
async function keep(
  flow: Flow,
  survey: Survey,
  { rows, unreadGroups, position, isEnd }: Step,
): Promise<Survey | undefined> {
  const now = flow.clock.now();
  const counts = counted(survey.counts, rows, survey.question);
  const asked = rows.filter((row) => isAskedFor(row, survey.question));
  const isUnreadable = counts.settingsUnread >= patience && counts.settingsUnread === counts.sites;
  const tell = isEnd || now.getTime() - survey.toldAt.getTime() >= tellEveryMs;
  const to: Survey = {
    ...survey,
    revision: survey.revision + 1,
    state: isEnd ? "done" : "running",
    readAt: now,
    toldAt: tell ? now : survey.toldAt,
    position,
    counts,
    unreadGroups: survey.unreadGroups + unreadGroups,
    first: [...survey.first, ...asked].slice(0, shownSites),
    parts: survey.parts + (rows.length > 0 ? 1 : 0),
    ...(isUnreadable ? { settingsGivenUp: true } : {}),
  };
  const result = isEnd ? fleetResultView(reportOf(to)) : fleetProgressView(reportOf(to));
  const owed: Owed[] = tell ? [live(to, result), ...(isEnd ? allOfThem(to) : [])] : [];
  const step = { from: survey.revision, to, effects: effectsOf(owed), ...(rows.length > 0 ? { rows } : {}) };
  return (await flow.surveys.step(step)) === "done" ? to : undefined;
}

/** What the message has no room for is owed as a file; see `deliver-file`, which knows what to do where a chat takes none. */
function allOfThem({ id, place, counts }: Survey): readonly Owed[] {
  return counts.sites <= shownSites ? [] : [{ kind: "file", key: `${id}:file`, place, survey: id }];
}

async function beginAnew(flow: Flow, survey: Survey): Promise<Survey | undefined> {
  flow.log.info("survey-begins-anew", { survey: survey.id });
  const { settingsGivenUp: _, ...rest } = survey;
  const to: Survey = {
    ...rest,
    revision: survey.revision + 1,
    position: {},
    counts: noCounts,
    first: [],
    parts: 0,
    unreadGroups: 0,
    restarts: survey.restarts + 1,
  };
  const step = { from: survey.revision, to, anew: true, effects: effectsOf([]) } as const;
  return (await flow.surveys.step(step)) === "done" ? to : undefined;
}

async function end(
  flow: Flow,
  survey: Survey,
  { failure, view }: { readonly failure: Failure; readonly view?: View },
): Promise<Survey | undefined> {
  const to: Survey = { ...survey, revision: survey.revision + 1, state: "failed", failure };
  const said = view ?? fleetFailedView(reportOf(to), failure);
  const step = { from: survey.revision, to, effects: effectsOf([live(to, said)]) };
  return (await flow.surveys.step(step)) === "done" ? to : undefined;
}

function effectsOf(owed: readonly Owed[]): Effects {
  return { events: [], owed, jobs: [] };
}

function live(survey: Survey, view: View): Owed {
  return { kind: "live", key: surveyKey(survey), place: survey.place, view };
}

function byKey(a: SiteObservation, b: SiteObservation): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

function keyOf({ target }: SiteObservation): string {
  return targetKey(target);
}

const listMoved: Failure = {
  code: "azure-unexpected",
  message: "Azure could not go on with its list of sites.",
};
