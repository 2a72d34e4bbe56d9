import type { ChangeRequest } from "../domain/change/change-request.ts";
import { note } from "./answers.ts";
import { approvalWords } from "./outcome-report.ts";
import { requestWords, sitesWords } from "./plan-words.ts";
import type { Text, View } from "./view.ts";
import { code, listed, plain, plainText, strong, utcTime } from "./words.ts";

/** What the audit says of one event; see `PastEvent` of the port. */
type Happened = {
  readonly kind: string;
  readonly at: Date;
  readonly person?: { readonly name: string };
  readonly account?: { readonly platform: "teams" | "slack" };
  readonly surface?: string;
  readonly from?: string;
  readonly to?: string;
  readonly details: Readonly<Record<string, string>>;
};

const longestWhy = 200;
const exportHint = "An operator finds everything with: routebot audit export";

/** Requests in whatever state, newest first. */
export function historyView(
  title: string,
  found: { readonly requests: readonly ChangeRequest[]; readonly more: "none" | "some" | "unknown" },
): View {
  const { requests, more } = found;
  if (requests.length === 0 && more === "none") return note("neutral", `${title}: none that you may see.`);
  const items = requests.map(line);
  const rest =
    more === "none"
      ? []
      : [more === "some" ? `There are older ones. ${exportHint}` : `There may be older ones. ${exportHint}`];
  return {
    tone: "neutral",
    title,
    blocks: [{ kind: "list", items }, ...rest.map((text) => ({ kind: "paragraph", text }) as const)],
    actions: [],
    summary: `${title}: ${items.map(plainText).join("; ")}`,
  };
}

function line(request: ChangeRequest): Text {
  const { plan, requester, approvals, permit } = request;
  const approved = permit
    ? `, ${uncapitalised(approvalWords(request))}`
    : approvals.length === 0
      ? ""
      : `, approved by ${listed(approvals.map(({ person }) => person.name))}`;
  return [
    strong(request.id),
    plain(` ${requestWords(request)} for `),
    code(sitesWords(plan)),
    plain(` · ${ending(request)} · asked by ${requester.name}${approved}`),
  ];
}

function uncapitalised(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}

function ending(request: ChangeRequest): string {
  switch (request.state) {
    case "pending":
    case "approved":
    case "applying":
    case "verifying":
      return `${request.state}, since ${utcTime(request.openedAt)}`;
    case "rejected":
    case "cancelled":
      return `${request.state} by ${request.by.name} ${utcTime(request.endedAt)}`;
    case "stale":
      return `out of date ${utcTime(request.endedAt)}`;
    case "confirmed":
    case "failed":
    case "expired":
      return `${request.state} ${utcTime(request.endedAt)}`;
    default:
      return request satisfies never;
  }
}

/** What happened in one request, oldest first, with the accounts' platforms and how somebody acted. */
export function timelineView(request: ChangeRequest, events: readonly Happened[], earlier: boolean): View {
  const title = `History of ${request.id}`;
  const what = `${requestWords(request)} for ${sitesWords(request.plan)}`;
  const items = events.map((event): Text => [code(secondsOf(event.at)), plain(` ${sentence(event)}`)]);
  return {
    tone: "neutral",
    title,
    blocks: [
      {
        kind: "paragraph",
        text: `${what}. Asked for by ${request.requester.name}; now: ${ending(request)}.`,
      },
      ...(earlier ? [{ kind: "paragraph", text: `The last ${events.length} events:` } as const] : []),
      { kind: "list", items },
    ],
    actions: [],
    summary: `${title}: ${what}. ${items.map(plainText).join("; ")}`,
  };
}

function secondsOf(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function sentence(event: Happened): string {
  return `${whatHappened(event)}${from(event)}`;
}

function from({ account, surface }: Happened): string {
  const platform = account === undefined ? [] : [account.platform === "teams" ? "Teams" : "Slack"];
  const parts = [...platform, ...(surface === undefined ? [] : [surface])];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function whatHappened({ kind, person, to, from: before, details }: Happened): string {
  const who = person?.name ?? "Routebot";
  const why = details.why === undefined ? "" : `: ${details.why.slice(0, longestWhy)}`;
  if (kind === "moved") return `${movedWords({ who, to, before, details })}${why}`;
  switch (kind) {
    case "opened":
      return `${who} asked for it`;
    case "approval":
      return `${who} approved it${details.approvals === undefined ? "" : `, ${details.approvals}`}${details.authTime === undefined ? "" : ", with a fresh sign-in"}`;
    case "withdrawn":
      return `${who} took the approval back, ${details.approvals ?? "none"} left`;
    case "sign-in-asked":
      return `${who} wanted to approve it, which waited for a fresh sign-in`;
    case "break-glass":
      return `${who} broke the glass, to have it written without approval${why}`;
    case "reviewed":
      return `${who} found the break glass ${details.verdict === "justified" ? "justified" : "not justified"}${details.note === undefined ? "" : `: ${details.note.slice(0, longestWhy)}`}`;
    case "refused":
      return `${who} wanted to ${details.wanted ?? "decide on"} it and was refused, ${details.code ?? "for no reason that was kept"}`;
    case "settled":
      return `what was not clear was settled: ${details.what ?? "nothing is known"}`;
    case "parked":
      return `the approvals were taken back${why}`;
    case "taken-over":
      return "another process took the work over";
    case "let-be":
      return details.why?.startsWith("by CR-") === true
        ? `it was turned back ${details.why}`
        : `it is not turned back by itself any more${why}`;
    case "ended-early":
      return `${who} ended it before its time`;
    case "tried-again":
      return "Routebot tried again";
    default:
      return `${who}: ${kind.replaceAll("-", " ")}${why}`;
  }
}

type Moved = {
  readonly who: string;
  readonly to: string | undefined;
  readonly before: string | undefined;
  readonly details: Readonly<Record<string, string>>;
};

function movedWords({ who, to, before, details }: Moved): string {
  const step = details.step === undefined ? "" : `step ${details.step}: `;
  switch (to) {
    case "applying":
      return before === "approved"
        ? "Routebot began to apply it"
        : `${step}${details.outcome ?? "done"}, and on to the next`;
    case "verifying": {
      const id = details.requestId === undefined ? "" : `, request ${details.requestId}`;
      const { status = "" } = details;
      const answered = /^\d+$/.test(status) ? `answered ${status}` : "gave no clear answer";
      return `${step}Azure ${answered} to the write${id}`;
    }
    case "confirmed":
      return `${step}read back and confirmed`;
    case "failed":
      return `${step}failed: ${[details.outcome, details.failure].filter((one) => one !== undefined).join(", ")}`;
    case "expired":
      return `the time to ${details.limit === "apply" ? "apply" : "decide on"} it was over`;
    case "stale":
      return "it went out of date";
    default:
      return `${who} ${to ?? "changed"} it`;
  }
}
