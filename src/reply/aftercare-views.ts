import type { Aftercare } from "../domain/change/aftercare.ts";
import type { ChangeRequest, RequestId } from "../domain/change/change-request.ts";
import { mayBeUndoneAtOnce } from "../domain/change/permit.ts";
import { changeWords, sitesWords } from "./plan-words.ts";
import type { Action, Block, View } from "./view.ts";
import { duration, listed, plain, strong, utcTime } from "./words.ts";

/** What is said of a change after it was written: its watch, its end in time, its undo. */

export function undoAction(id: RequestId): Action {
  return { verb: "undo", id, title: `Undo ${id}`, style: "danger" };
}

export function endAction(id: RequestId): Action {
  return { verb: "end", id, title: "End now" };
}

/** The change in one phrase: `CR-12 (Application traffic (Route All) on for app-x)`. */
function spokenOf({ id, plan }: ChangeRequest): string {
  return `${id} (${changeWords(plan)} for ${sitesWords(plan)})`;
}

/** Something got worse: told at once to requester and approvers, with the way back. */
export function gotWorse(request: ChangeRequest, what: string): View {
  const { requester, approvals, permit } = request;
  const skipped = permit?.kind === "break-glass" ? permit.skipped : [];
  const told = [
    ...new Set([requester, ...approvals.map(({ person }) => person), ...skipped].map(({ name }) => name)),
  ];
  const text = `${listed(told)}: since ${spokenOf(request)} something is worse. ${what}.`;
  const hint = "Whether the change is the cause, I cannot tell. An undo brings back what it changed.";
  return {
    tone: "bad",
    title: `Worse since ${request.id}`,
    blocks: [
      { kind: "paragraph", text },
      { kind: "paragraph", text: hint },
    ],
    actions: [undoAction(request.id)],
    summary: text,
  };
}

/** What became of a change whose outcome was not clear. */
export function settledLater(
  request: ChangeRequest,
  { what, wasMade }: { readonly what: string; readonly wasMade: boolean },
): View {
  const text = `What became of ${spokenOf(request)}: ${what}`;
  return {
    tone: "attention",
    title: `${request.id}: settled later`,
    blocks: [{ kind: "paragraph", text }],
    actions: wasMade ? [undoAction(request.id)] : [],
    summary: text,
  };
}

/** The answer to a typed undo of somebody who may undo at once: a click does it. */
export function quickUndoOffer(id: RequestId): View {
  const text = `The rule lets you undo ${id} at once, without another approval, while it is watched. Press the button if you mean it.`;
  return {
    tone: "attention",
    blocks: [{ kind: "paragraph", text }],
    actions: [undoAction(id)],
    summary: text,
  };
}

/** A temporary change ends soon. */
export function reminder(request: ChangeRequest, endsAt: Date): View {
  const text = `${spokenOf(request)} is turned back at ${utcTime(endsAt)}. Write "extend ${request.id} by 1h" to ask for more time.`;
  return {
    tone: "attention",
    blocks: [{ kind: "paragraph", text }],
    actions: [endAction(request.id)],
    summary: text,
  };
}

/** Its time is over, and somebody has changed a site since: people decide. */
export function askedInstead({
  temporary,
  asked,
  differences,
}: {
  readonly temporary: ChangeRequest;
  readonly asked: RequestId;
  readonly differences: readonly string[];
}): View {
  const text = `The time of ${spokenOf(temporary)} is over, and somebody changed a site meanwhile, so I do not turn it back by myself. ${differences.join(" ")} ${asked} asks whether to.`;
  return { tone: "attention", blocks: [{ kind: "paragraph", text }], actions: [], summary: text };
}

/** Its time is over, and there is nothing to turn back, or no way. */
export function letBe(request: ChangeRequest, why: string): View {
  const text = `The time of ${spokenOf(request)} is over. Not turned back: ${why}`;
  return { tone: "attention", blocks: [{ kind: "paragraph", text }], actions: [], summary: text };
}

/** Its time is over, and it cannot be turned back yet. */
export function notTurnedBackYet(request: ChangeRequest, why: string): View {
  const text = `The time of ${spokenOf(request)} is over, and it could not be turned back yet: ${why} I go on trying.`;
  return { tone: "bad", blocks: [{ kind: "paragraph", text }], actions: [], summary: text };
}

/** The request that was to turn it back did not: people have to see to it. */
export function notTurnedBack(request: ChangeRequest, by: RequestId): View {
  const text = `${spokenOf(request)} was not turned back: ${by} did not succeed, and I do not try again by myself. Look at the outcome of ${by}; an undo asks for approval and tries anew.`;
  return {
    tone: "bad",
    blocks: [{ kind: "paragraph", text }],
    actions: [undoAction(request.id)],
    summary: text,
  };
}

/** It was to be turned back by itself, and will not be, for a reason that has nothing to do with it. */
export function notTurnedBackAfter(request: ChangeRequest, why: string): View {
  const text = `${spokenOf(request)} was to be turned back in time, and I do not do that any more. ${why} An undo asks for approval and turns it back.`;
  return {
    tone: "attention",
    blocks: [{ kind: "paragraph", text }],
    actions: [undoAction(request.id)],
    summary: text,
  };
}

/** On the card of a request for a temporary change: what the approval covers. */
export function temporaryNotes({ lastsMs, state }: ChangeRequest): readonly Block[] {
  if (lastsMs === undefined || (state !== "pending" && state !== "approved")) return [];
  const text = `Temporary: ${duration(lastsMs)} from its confirmation on. Then it is turned back without another approval, as far as the site still is as this change left it; otherwise I ask.`;
  return [{ kind: "notes", notes: [{ level: "info", text }] }];
}

/** On the card of a change that was written: how it stands with its end and its watch. */
export function aftercareBlocks(aftercare: Aftercare | undefined): readonly Block[] {
  const end = endWords(aftercare);
  const watch = watchWords(aftercare);
  return [
    ...(end ? [{ kind: "paragraph", text: [strong("Temporary. "), plain(end)] } as const] : []),
    ...(watch ? [{ kind: "paragraph", text: watch } as const] : []),
    ...settlingBlocks(aftercare),
  ];
}

function settlingBlocks({ settling }: Pick<Aftercare, "settling"> = {}): readonly Block[] {
  switch (settling?.state) {
    case undefined:
      return [];
    case "looking":
      return [
        {
          kind: "paragraph",
          text: `I look at it again until ${utcTime(settling.until)}, and tell what became of it.`,
        },
      ];
    case "settled":
      return [{ kind: "paragraph", text: [strong("Settled later. "), plain(settling.what)] }];
    default:
      return settling satisfies never;
  }
}

function endWords(aftercare: Aftercare | undefined): string | undefined {
  const temporary = aftercare?.temporary;
  switch (temporary?.state) {
    case undefined:
      return undefined;
    case "running":
      return temporary.lookAt > temporary.endsAt
        ? `Was to be turned back at ${utcTime(temporary.endsAt)}; I try again at ${utcTime(temporary.lookAt)}.`
        : `To be turned back at ${utcTime(temporary.endsAt)}.`;
    case "reverting":
      return `Being turned back by ${temporary.by}.`;
    case "over":
      return temporary.why;
    default:
      return temporary satisfies never;
  }
}

function watchWords(aftercare: Aftercare | undefined): string | undefined {
  if (!aftercare?.watch) return undefined;
  const { watch, since } = aftercare;
  const time = duration(watch.until.getTime() - since.getTime());
  switch (watch.state) {
    case "watching":
    case "stopped":
      return undefined;
    case "well":
      return `Watched ${time}: no change for the worse.`;
    case "unseen":
      return `To be watched ${time}, but it could not be read well enough to say how it fared.`;
    case "worse":
      return `Worse since: ${watch.what}.`;
    default:
      return watch satisfies never;
  }
}

/** The buttons of a change that was written: to end it before its time, and to undo it at once where the rule has that. */
export function aftercareActions(
  request: ChangeRequest,
  aftercare: Aftercare | undefined,
): readonly Action[] {
  const { watch, temporary } = aftercare ?? {};
  const quick = request.terms.quickUndo !== undefined && mayBeUndoneAtOnce(request);
  return [
    ...(temporary?.state === "running" ? [endAction(request.id)] : []),
    ...(quick && (watch?.state === "watching" || watch?.state === "worse") ? [undoAction(request.id)] : []),
  ];
}
