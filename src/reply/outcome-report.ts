import type { ChangeRequest } from "../domain/change/change-request.ts";
import type { SiteObservation } from "../domain/routing/site-observation.ts";
import { targetLabel } from "../domain/target.ts";
import { changeWords, statusTable } from "./routing-table.ts";
import type { Block, Span, View } from "./view.ts";
import { code, listed, plain, strong, utcTime } from "./words.ts";

/** A request that has ended. */
type Ended = Exclude<ChangeRequest, { state: "pending" | "approved" | "applying" | "verifying" }>;

/** How a request ended, in one or two sentences: on its card, and first in the message to the thread. */
export function outcomeText(request: Ended): readonly Span[] {
  switch (request.state) {
    case "confirmed":
      return [
        strong("Done. "),
        plain(
          `Approved by ${listed(request.approvals.map(({ person }) => person.name))}, applied, and read back from Azure at ${utcTime(request.outcome.after.observedAt)}.`,
        ),
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
        plain(`${request.why} Nothing was changed; ask again to get a new plan.`),
      ];
    case "failed":
      return failureText(request);
    default:
      return request satisfies never;
  }
}

function failureText({ outcome }: Extract<Ended, { state: "failed" }>): readonly Span[] {
  const azure = plain(` ${outcome.failure.message}`);
  switch (outcome.kind) {
    case "not-applied":
      return [strong("Not applied. "), plain("Nothing was changed."), azure];
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

/** The message to the thread when a request has ended: with the resulting settings as they were read back, if they were. */
export function outcomeReport(request: Ended): View {
  const words = outcomeText(request);
  const target = targetLabel(request.plan.entries[0].target);
  const after = readBack(request);
  const blocks: Block[] = [
    {
      kind: "paragraph",
      text: [
        code(request.id),
        plain(` · ${changeWords(request.plan)} for `),
        code(target),
        plain(` · asked by ${request.requester.name}`),
      ],
    },
    { kind: "paragraph", text: words },
  ];
  if (after) {
    blocks.push(
      {
        kind: "paragraph",
        text: [plain("Settings of "), code(target), plain(`, read back at ${utcTime(after.observedAt)}:`)],
      },
      statusTable(after),
    );
  }
  const ids = supportIds(request);
  if (ids) blocks.push(ids);
  return {
    tone: request.state === "confirmed" ? "good" : request.state === "failed" ? "bad" : "attention",
    title: `${request.id}: ${title(request)}`,
    blocks,
    actions: [],
    summary: `${request.id}, ${changeWords(request.plan)} for ${target}: ${words.map(({ text }) => text).join("")}`,
  };
}

function title(request: Ended): string {
  if (request.state !== "failed")
    return request.state === "confirmed"
      ? "confirmed"
      : request.state === "stale"
        ? "out of date"
        : request.state;
  const titles = {
    "not-applied": "not applied",
    "accepted-not-applied": "accepted but not applied",
    "partly-applied": "partly applied",
    unknown: "outcome unknown",
  } as const;
  return titles[request.outcome.kind];
}

function readBack(request: Ended): SiteObservation | undefined {
  if (request.state !== "confirmed" && request.state !== "failed") return undefined;
  return "after" in request.outcome ? request.outcome.after : undefined;
}

/** The ids that Microsoft's support asks for, when something failed. */
function supportIds(request: Ended): Block | undefined {
  if (request.state !== "failed") return undefined;
  const { failure } = request.outcome;
  const facts = [
    { label: "Failure", value: [code(failure.code)] },
    ...(failure.missingAction ? [{ label: "Missing permission", value: [code(failure.missingAction)] }] : []),
    ...(failure.requestId ? [{ label: "Azure request id", value: [code(failure.requestId)] }] : []),
    ...(failure.correlationId ? [{ label: "Correlation id", value: [code(failure.correlationId)] }] : []),
  ];
  return { kind: "facts", facts };
}
