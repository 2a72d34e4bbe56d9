import type { ChangeRequest, Extension } from "../domain/change/change-request.ts";
import { type Failed, isFailed, type Outcome } from "../domain/change/outcome.ts";
import { partsOfFlags } from "../domain/change/plan-parts.ts";
import { stepsOf } from "../domain/change/plan-steps.ts";
import { effectiveValue } from "../domain/routing/effective-value.ts";
import { flagTitles } from "../domain/routing/routing-flag.ts";
import { type SiteObservation, siteLabel } from "../domain/routing/site-observation.ts";
import { targetKey } from "../domain/target.ts";
import { undoAction } from "./aftercare-views.ts";
import { commandsByHand, fewSites, propertyNames } from "./in-azure.ts";
import { requestWords, sitesWords } from "./plan-words.ts";
import { statusTable } from "./routing-table.ts";
import { portalLink } from "./site-facts.ts";
import { stepLines } from "./step-lines.ts";
import type { Action, Block, Span, View } from "./view.ts";
import { code, listed, plain, routeWords, strong, utcTime } from "./words.ts";

/** A request that has ended. */
export type Ended = Exclude<ChangeRequest, { state: "pending" | "approved" | "applying" | "verifying" }>;

/** How a request ended, in one or two sentences: on its card, and first in the message to the thread. */
export function outcomeText(request: Ended): readonly Span[] {
  switch (request.state) {
    case "confirmed":
      if (request.extends) return extensionText(request, request.extends);
      return [
        strong("Done. "),
        plain(
          `${approvalWords(request)}, applied, and read back from Azure at ${utcTime(lastReading(request).observedAt)}.`,
        ),
        ...remarks(request.outcomes),
        ...doubts(request),
      ];
    case "rejected":
      return [
        strong("Rejected "),
        plain(`by ${request.by.name}. Nothing was changed.`),
        ...(request.why ? [plain(` Why: ${request.why}`)] : []),
      ];
    case "cancelled":
      return [strong("Cancelled "), plain(`by ${request.by.name}. Nothing was changed.`)];
    case "expired":
      return [
        strong("Expired. "),
        plain(
          request.limit === "decide"
            ? "It was not decided in time. Nothing was changed; ask again if it is still wanted."
            : "It was approved, but could not be applied in time. Nothing was changed; ask again if it is still wanted.",
        ),
      ];
    case "stale":
      return [
        strong("Out of date. "),
        plain(
          `${request.why} Nothing was changed. The approvals were for the plan as it was; ask again to get a new one.`,
        ),
      ];
    case "failed":
      return failureText(request);
    default:
      return request satisfies never;
  }
}

/** The way on from a request that is out of date: a new plan of the same wish, or of the same undo, in a new request. */
export function askAgainActions({
  id,
  wish,
  follows,
  permit,
}: Extract<Ended, { state: "stale" }>): readonly Action[] {
  if (wish !== undefined) {
    return [{ verb: "again", id, title: "Ask again with a new plan", style: "primary" }];
  }
  // The end of a temporary change is looked at anew by itself.
  return follows === undefined || permit?.kind === "revert" ? [] : [undoAction(follows.of)];
}

function extensionText(request: Ended, { of, until }: Extension): readonly Span[] {
  return [
    strong("Done. "),
    plain(`${approvalWords(request)}: ${of} is turned back at ${utcTime(until)}. Nothing was written.`),
  ];
}

/** Why it could be written: who approved it, or what stands for an approval. */
export function approvalWords({ approvals, permit, follows }: ChangeRequest): string {
  switch (permit?.kind) {
    case undefined:
      return `Approved by ${listed(approvals.map(({ person }) => person.name))}`;
    case "break-glass":
      return `Without approval (break glass by ${permit.person.name})`;
    case "revert":
      return `Approved with ${follows?.of ?? "the change"}, whose time is over`;
    case "quick-undo":
      return `Undone at once by ${permit.person.name} (${permit.as}), as the rule allows without another approval`;
    default:
      return permit satisfies never;
  }
}

/** What failed, or else that something was skipped; of several steps, what was done before is said first. */
function failureText(request: Extract<Ended, { state: "failed" }>): readonly Span[] {
  const failed = request.outcomes.find(isFailed);
  const steps = stepsOf(request.plan);
  const doneSteps = request.outcomes.filter(({ kind }) => kind === "confirmed").length;
  const partial =
    steps.length > 1
      ? [strong(`${doneSteps} of ${steps.length} steps done. `), ...remarks(request.outcomes)]
      : [];
  return [...partial, ...(failed ? failedText(failed, { alone: doneSteps === 0 }) : skippedText(request))];
}

function skippedText({ outcomes }: Extract<Ended, { state: "failed" }>): readonly Span[] {
  const whys = new Set(outcomes.flatMap((outcome) => (outcome.kind === "skipped" ? [outcome.why] : [])));
  return [strong("Skipped. "), plain([...whys].join(" "))];
}

/** `alone`: nothing else of the request was done. */
function failedText(outcome: Failed, { alone }: { readonly alone: boolean }): readonly Span[] {
  const azure = plain(` ${outcome.failure.message}`);
  switch (outcome.kind) {
    case "not-applied":
      return [
        strong("Not applied. "),
        plain(alone ? "Nothing was changed." : "This step changed nothing."),
        azure,
      ];
    case "accepted-not-applied":
      return [
        strong("Accepted but not applied. "),
        plain("Azure said yes to the write, and the site still reads as before."),
        azure,
      ];
    case "partly-applied":
      return [
        strong("Partly applied. "),
        plain("Some settings read back as wanted and some do not; see below."),
        azure,
      ];
    case "unknown":
      return [
        strong("Outcome unknown. "),
        plain("The write may or may not have had an effect: check the site before you ask again."),
        azure,
      ];
    default:
      return outcome satisfies never;
  }
}

function remarks(outcomes: readonly Outcome[]): readonly Span[] {
  return outcomes.flatMap((outcome) =>
    outcome.kind === "confirmed" && outcome.remark ? [plain(` ${outcome.remark} `)] : [],
  );
}

/** What was stored and read back, and yet may not be what the traffic does. */
function doubts(request: Extract<Ended, { state: "confirmed" }>): readonly Span[] {
  const found = readBack(request).flatMap((after) => {
    const entry = request.plan.entries.find(({ target }) => targetKey(target) === targetKey(after.target));
    return partsOfFlags(entry?.changes ?? {}).flatMap(({ flag, on }) => {
      const effective = effectiveValue(after, flag);
      const isSure = on ? effective.route === "vnet" : ["public", "by-flag"].includes(effective.route);
      const what = `${flagTitles[flag]} of ${siteLabel(after)}: ${routeWords[effective.route]}`;
      return isSure ? [] : [`${what} (${effective.because})`];
    });
  });
  return found.length === 0 ? [] : [plain(` What the traffic does is not certain. ${found.join("; ")}.`)];
}

/** The message to the thread when a request has ended: with the resulting settings as they were read back, if they were. */
export function outcomeReport(request: Ended): View {
  const words = outcomeText(request);
  const target = sitesWords(request.plan);
  const blocks: Block[] = [
    {
      kind: "paragraph",
      text: [
        code(request.id),
        plain(` · ${requestWords(request)} for `),
        code(target),
        plain(` · asked by ${request.requester.name}`),
      ],
    },
    { kind: "paragraph", text: [...words, ...timeLeft(request)] },
    ...stepLines(request),
    ...resultingSettings(request),
    ...inAzure(request),
  ];
  const ids = supportIds(request);
  if (ids) blocks.push(ids);
  return {
    tone: request.state === "confirmed" ? "good" : request.state === "failed" ? "bad" : "attention",
    title: `${request.id}: ${title(request)}`,
    blocks,
    actions: request.state === "stale" ? askAgainActions(request) : [],
    summary: `${request.id}, ${requestWords(request)} for ${target}: ${words.map(({ text }) => text).join("")}`,
  };
}

/** Of a temporary change, that it is not for good. */
function timeLeft({ state, lastsMs, endedAt }: Ended): readonly Span[] {
  if (state !== "confirmed" || lastsMs === undefined) return [];
  const endsAt = new Date(endedAt.getTime() + lastsMs);
  return [plain(" "), strong("Temporary. "), plain(`To be turned back at ${utcTime(endsAt)}.`)];
}

function title(request: Ended): string {
  if (request.state === "stale") return "out of date";
  if (request.state !== "failed") return request.state;
  if (request.outcomes.some(({ kind }) => kind === "confirmed")) return "partly done";
  const titles = {
    "not-applied": "not applied",
    "accepted-not-applied": "accepted but not applied",
    "partly-applied": "partly applied",
    unknown: "outcome unknown",
  } as const;
  const failed = request.outcomes.find(isFailed);
  return failed ? titles[failed.kind] : "skipped";
}

/** The last reading of each site that was read back, in the order of the plan. */
function resultingSettings(request: Ended): readonly Block[] {
  const readings = readBack(request);
  // The line of each step says what it came to; whole tables of many sites would not fit.
  if (readings.length > fewSites) return [];
  return readings.flatMap((after): Block[] => [
    {
      kind: "paragraph",
      text: [
        plain("Settings of "),
        code(siteLabel(after)),
        plain(`, read back at ${utcTime(after.observedAt)}:`),
        ...portalLink(after),
      ],
    },
    statusTable(after),
  ]);
}

/** What was changed, as Azure calls it, and how to do the same by hand: after a confirmation alone. */
function inAzure(request: Ended): readonly Block[] {
  if (request.state !== "confirmed" || request.extends) return [];
  return [
    ...propertyNames(request.plan),
    { kind: "paragraph", text: "The same by hand:" },
    { kind: "code", text: commandsByHand(request.plan) },
  ];
}

function readBack(request: Ended): readonly SiteObservation[] {
  if (request.state !== "confirmed" && request.state !== "failed") return [];
  const bySite = new Map<number, SiteObservation>();
  for (const [index, { site }] of stepsOf(request.plan).entries()) {
    const outcome = request.outcomes[index];
    if (outcome && "after" in outcome && outcome.after) bySite.set(site, outcome.after);
  }
  return [...bySite.values()];
}

function lastReading({ outcomes }: Extract<Ended, { state: "confirmed" }>): SiteObservation {
  const last = outcomes.at(-1);
  if (!last) throw new Error("nothing is confirmed without a reading");
  return last.after;
}

/** The ids that Microsoft's support asks for, when something failed. */
function supportIds(request: Ended): Block | undefined {
  const failed = request.state === "failed" ? request.outcomes.find(isFailed) : undefined;
  if (!failed) return undefined;
  const { failure } = failed;
  const facts = [
    { label: "Failure", value: [code(failure.code)] },
    ...(failure.missingAction ? [{ label: "Missing permission", value: [code(failure.missingAction)] }] : []),
    ...(failure.requestId ? [{ label: "Azure request id", value: [code(failure.requestId)] }] : []),
    ...(failure.correlationId ? [{ label: "Correlation id", value: [code(failure.correlationId)] }] : []),
  ];
  return { kind: "facts", facts };
}
