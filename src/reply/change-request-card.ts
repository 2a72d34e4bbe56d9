import type { Aftercare } from "../domain/change/aftercare.ts";
import { type ChangeRequest, type InState, isTerminal } from "../domain/change/change-request.ts";
import type { Hold } from "../domain/change/hold.ts";
import { stepsOf } from "../domain/change/plan-steps.ts";
import { currentStep } from "../domain/change/progress.ts";
import type { Viewer } from "../domain/change/viewer.ts";
import { targetLabel } from "../domain/target.ts";
import { aftercareActions, aftercareBlocks, temporaryNotes } from "./aftercare-views.ts";
import { holdWords, sentence } from "./hold-words.ts";
import { askAgainActions, outcomeText } from "./outcome-report.ts";
import { requestBlocks } from "./plan-preview.ts";
import { requestWords, sitesWords } from "./plan-words.ts";
import { signInNotes, type WaitingSignIn } from "./sign-in-words.ts";
import type { Action, Block, Tone, View } from "./view.ts";
import { duration, listed, plain, strong, utcTime } from "./words.ts";

/** The longest reason that people may type. */
export const maxReasonLength = 500;

/** What else a card tells: the other open requests for the same site, and what is still to come of a change that was written. */
export type Around = {
  readonly beside?: readonly ChangeRequest[];
  readonly aftercare?: Aftercare | undefined;
  /** What keeps it from being written now. */
  readonly hold?: Hold | undefined;
  readonly viewer?: Viewer | undefined;
  /** Approvals that wait for a sign-in. */
  readonly signIns?: readonly WaitingSignIn[];
};

/**
 * The card of a change request, as its state is now: for everybody, or for one `viewer`.
 */
export function changeRequestCard(
  request: ChangeRequest,
  { beside = [], aftercare, hold, viewer, signIns = [] }: Around = {},
): View {
  const target = sitesWords(request.plan);
  const { tone, words } = standing(request, hold);
  return {
    tone,
    title: `${request.id}: ${requestWords(request)} for ${target}`,
    blocks: [
      { kind: "paragraph", text: words },
      ...aftercareBlocks(aftercare),
      askedBy(request),
      ...viewerNotes(request, viewer),
      ...signInNotes(signIns),
      ...holdNotes(request, hold),
      ...temporaryNotes(request),
      ...besideNotes(beside, request.plan.entries.length > 1),
      ...requestBlocks(request),
    ],
    actions: [...actions(request), ...aftercareActions(request, aftercare)].filter(({ verb }) =>
      isFor(viewer, verb),
    ),
    summary: `${request.id}: ${requestWords(request)} for ${target}. ${words.map(({ text }) => text).join("")}`,
    ...(!isTerminal(request) && { perPerson: request.id }),
  };
}

/** Why somebody does not see the buttons that others have. */
function viewerNotes({ state }: ChangeRequest, viewer: Viewer | undefined): readonly Block[] {
  if (state !== "pending" || !viewer) return [];
  const text = viewer.kind === "approver" ? "You have approved it; others still have to." : viewer.why;
  return viewer.kind === "approver" && !viewer.hasApproved
    ? []
    : [{ kind: "notes", notes: [{ level: "info", text }] }];
}

function isFor(viewer: Viewer | undefined, verb: Action["verb"]): boolean {
  if (!viewer) return true;
  switch (viewer.kind) {
    case "approver":
      return verb === "approve" ? !viewer.hasApproved : verb === "withdraw" ? viewer.hasApproved : true;
    case "requester":
      return verb === "cancel";
    case "other":
      return false;
    default:
      return viewer satisfies never;
  }
}

function askedBy(request: ChangeRequest): Block {
  const facts = [{ label: "Asked by", value: request.requester.name }];
  if (request.follows?.kind === "again")
    facts.push({ label: "Asked again after", value: request.follows.of });
  if (request.reason !== undefined) facts.push({ label: "Reason", value: request.reason });
  if (request.permit?.kind === "break-glass") {
    const { person, at, why } = request.permit;
    facts.push({ label: "Break glass", value: `${person.name} (${utcTime(at)}): ${why}` });
  }
  if (request.approvals.length > 0) {
    facts.push({
      label: "Approved by",
      value: listed(request.approvals.map(({ person, at }) => `${person.name} (${utcTime(at)})`)),
    });
  }
  return { kind: "facts", facts };
}

/** Two requests for one site: said on both cards, since applying one makes the other out of date. */
function besideNotes(beside: readonly ChangeRequest[], several: boolean): readonly Block[] {
  if (beside.length === 0) return [];
  const others = listed(beside.map((other) => `${other.id} (${requestWords(other)})`));
  const text = `Also open for ${several ? "these sites" : "this site"}: ${others}. Whichever is applied later has to be asked for again, because its plan is then out of date.`;
  return [{ kind: "notes", notes: [{ level: "warning", text }] }];
}

/** How a request stands, in one or two sentences, with what keeps it from being written now. */
export function standingWords(request: ChangeRequest, hold: Hold | undefined): string {
  return standing(request, hold)
    .words.map(({ text }) => text)
    .join("");
}

function standing(
  request: ChangeRequest,
  hold: Hold | undefined,
): { tone: Tone; words: ReturnType<typeof outcomeText> } {
  switch (request.state) {
    case "pending":
      return {
        tone: "waiting",
        words: [strong("Waiting for approval. "), plain(sentence(waitingWords(request)))],
      };
    case "approved":
      return {
        tone: "waiting",
        words: [
          strong(request.permit?.kind === "break-glass" ? "Without approval. " : "Approved. "),
          plain(
            `${permitWords(request)}${
              hold
                ? `It waits: ${holdWords(hold)} When that ends it is applied, if that is before ${utcTime(request.applyBy)}.`
                : "It is about to be applied."
            }`,
          ),
        ],
      };
    case "applying":
      return {
        tone: "waiting",
        words: [strong("Applying. "), plain(`The change is being sent to Azure.${progress(request)}`)],
      };
    case "verifying":
      return {
        tone: "waiting",
        words: [
          strong("Verifying. "),
          plain(`Azure has the change; it is being read back.${progress(request)}`),
        ],
      };
    default:
      return { tone: request.state === "confirmed" ? "good" : "bad", words: outcomeText(request) };
  }
}

/** What is missing until it is approved, by whom and until when: `one approval by Ana or Ben, before 2026-11-22 18:00 UTC.` */
export function waitingWords({ terms, approvals, requester, decideBy }: InState<"pending">): string {
  const missing = terms.quorum - approvals.length;
  const not = new Set([requester.name, ...approvals.map(({ person }) => person.name)]);
  const approvers = terms.approvers.filter((name) => !not.has(name));
  const by = listed(approvers, "or") || "nobody: the policy names no other approver";
  return `${missing === 1 ? "one approval" : `${missing} approvals`} by ${by}, before ${utcTime(decideBy)}.`;
}

/** While it waits for decisions, or in the middle of its steps, people should know that it will not be written at once. */
function holdNotes(request: ChangeRequest, hold: Hold | undefined): readonly Block[] {
  if (!hold || request.state === "approved") return [];
  const then =
    request.state === "pending"
      ? ` Once approved, the change waits for the end of that, ${duration(request.terms.applyWithinMs)} at most.`
      : " No further step is begun until that ends.";
  return [{ kind: "notes", notes: [{ level: "warning", text: `${sentence(holdWords(hold))}${then}` }] }];
}

/** What stands for an approval, where it needs none of its own; nothing is undone yet. */
function permitWords({ permit, follows }: ChangeRequest): string {
  switch (permit?.kind) {
    case "revert":
      return `With ${follows?.of ?? "the change"}, whose time is over. `;
    case "quick-undo":
      return `By ${permit.person.name} (${permit.as}), since the rule allows to undo at once without another approval. `;
    default:
      return "";
  }
}

/** How far the work has come, where there is more than one step. */
function progress(request: InState<"applying"> | InState<"verifying">): string {
  const steps = stepsOf(request.plan);
  if (steps.length === 1) return "";
  const { entry } = currentStep(request);
  return ` Step ${request.outcomes.length + 1} of ${steps.length}, ${targetLabel(entry.target)}.`;
}

function actions(request: ChangeRequest): readonly Action[] {
  const cancel: Action = { verb: "cancel", id: request.id, title: "Cancel request" };
  if (request.state === "approved") return [cancel];
  if (request.state === "stale") return askAgainActions(request);
  if (request.state !== "pending") return [];
  return [
    { verb: "approve", id: request.id, title: "Approve", style: "primary" },
    {
      verb: "reject",
      id: request.id,
      title: "Reject",
      style: "danger",
      form: {
        title: `Reject ${request.id}`,
        label: "Why?",
        submit: "Reject",
        required: true,
        maxLength: maxReasonLength,
      },
    },
    ...(request.approvals.length > 0
      ? [{ verb: "withdraw", id: request.id, title: "Withdraw my approval" } as const]
      : []),
    cancel,
  ];
}
