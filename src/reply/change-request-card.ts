import { type ChangeRequest, type InState, isTerminal } from "../domain/change/change-request.ts";
import { stepsOf } from "../domain/change/plan-steps.ts";
import { currentStep } from "../domain/change/progress.ts";
import type { Viewer } from "../domain/change/viewer.ts";
import { targetLabel } from "../domain/target.ts";
import { outcomeText } from "./outcome-report.ts";
import { planBlocks } from "./plan-preview.ts";
import { changeWords, sitesWords } from "./plan-words.ts";
import type { Action, Block, Tone, View } from "./view.ts";
import { listed, plain, strong, utcTime } from "./words.ts";

/** The longest reason that people may type. */
export const maxReasonLength = 500;

/**
 * The card of a change request, as its state is now: for everybody, or for one `viewer`. `beside` are the other open requests for
 * the same site.
 */
export function changeRequestCard(
  request: ChangeRequest,
  beside: readonly ChangeRequest[] = [],
  viewer?: Viewer,
): View {
  const target = sitesWords(request.plan);
  const { tone, words } = standing(request);
  return {
    tone,
    title: `${request.id}: ${changeWords(request.plan)} for ${target}`,
    blocks: [
      { kind: "paragraph", text: words },
      askedBy(request),
      ...viewerNotes(request, viewer),
      ...besideNotes(beside, request.plan.entries.length > 1),
      ...planBlocks(request.plan),
    ],
    actions: actions(request).filter(({ verb }) => isFor(viewer, verb)),
    summary: `${request.id}: ${changeWords(request.plan)} for ${target}. ${words.map(({ text }) => text).join("")}`,
    ...(viewer === undefined && !isTerminal(request) && { perPerson: request.id }),
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
      return verb !== "approve" || !viewer.hasApproved;
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
  if (request.reason !== undefined) facts.push({ label: "Reason", value: request.reason });
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
  const others = listed(beside.map(({ id, plan }) => `${id} (${changeWords(plan)})`));
  const text = `Also open for ${several ? "these sites" : "this site"}: ${others}. Whichever is applied later has to be asked for again, because its plan is then out of date.`;
  return [{ kind: "notes", notes: [{ level: "warning", text }] }];
}

function standing(request: ChangeRequest): { tone: Tone; words: ReturnType<typeof outcomeText> } {
  switch (request.state) {
    case "pending": {
      const missing = request.terms.quorum - request.approvals.length;
      const not = new Set([request.requester.name, ...request.approvals.map(({ person }) => person.name)]);
      const approvers = request.terms.approvers.filter((name) => !not.has(name));
      return {
        tone: "waiting",
        words: [
          strong("Waiting for approval. "),
          plain(
            `${missing === 1 ? "One approval" : `${missing} approvals`} by ${listed(approvers, "or") || "nobody: the policy names no other approver"}, before ${utcTime(request.decideBy)}.`,
          ),
        ],
      };
    }
    case "approved":
      return {
        tone: "waiting",
        words: [strong("Approved. "), plain("It is about to be applied.")],
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
    cancel,
  ];
}
