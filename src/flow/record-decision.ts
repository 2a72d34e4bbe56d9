import type { Account, Person } from "../domain/actor.ts";
import { breakGlass, reviewOf } from "../domain/change/break-glass.ts";
import type { ChangeRequest, RequestId, SignedIn, Surface } from "../domain/change/change-request.ts";
import { type Acting, approve, cancel, reject, withdraw } from "../domain/change/decisions.ts";
import { expire } from "../domain/change/progress.ts";
import type { Review } from "../domain/change/review.ts";
import type { Step } from "../domain/change/step.ts";
import type { StepUp } from "../domain/change/step-up.ts";
import { viewerOf } from "../domain/change/viewer.ts";
import type { Refusal } from "../domain/failure.ts";
import type { Effects, Owed } from "../ports/change-requests.ts";
import type { Inbound, Reply } from "../ports/chat.ts";
import { conversationKey } from "../ports/request-lists.ts";
import { breakGlassNotice } from "../reply/break-glass-views.ts";
import { maxReasonLength } from "../reply/change-request-card.ts";
import { signInText } from "../reply/sign-in-words.ts";
import { askToSignIn, noSignIn, signInNotice } from "./ask-to-sign-in.ts";
import { commitStep } from "./commit-step.ts";
import { drawCard } from "./draw-card.ts";
import type { Flow } from "./flow.ts";
import { askerOf } from "./sight.ts";
import { tellPeople } from "./tell-people.ts";
import { maySeeAll } from "./visible-requests.ts";

/** A decision that somebody made, from whatever surface it came. */
export type Decide = {
  readonly request: RequestId;
  readonly verb: "approve" | "reject" | "cancel" | "withdraw" | "break-glass";
  readonly person: Person;
  readonly account: Account;
  readonly surface: Surface;
  readonly why?: string;
  /** The plan that was shown; absent for a button on the card, which always shows the request's own plan. */
  readonly fingerprint?: string;
  /** Id of the typed message that this answers. */
  readonly answers?: string;
  /** Id of the click on the request's card that this is: the same delivery again decides nothing. */
  readonly click?: string;
  /** Id of the question that was answered with it: taken in the same transaction. */
  readonly takes?: string;
  /** The step-up that this approval waited in, taken in the same transaction, and the sign-in that confirms it. */
  readonly stepUp?: { readonly id: string; readonly signedIn: SignedIn };
};

/** A click on a button that decides. */
export type DecisionClick = Extract<Inbound, { kind: "click" }> & {
  readonly verb: Exclude<Decide["verb"], "break-glass">;
};

export type Decided =
  | { readonly kind: "recorded"; readonly request: ChangeRequest }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly request?: ChangeRequest }
  /** An approval that waits for a fresh sign-in: nothing is decided. */
  | {
      readonly kind: "sign-in";
      readonly request: ChangeRequest;
      readonly until: Date;
      readonly link: { readonly text: string; readonly url: string };
    }
  /** The question that it answers was answered already, or the step-up is over: nothing was done. */
  | { readonly kind: "question-gone" };

/**
 * The one place where decisions are recorded: buttons and text, Teams and Slack. Who may decide is asked now, with the
 * policy now in force. Of two people who decide at the same moment one is first, and the other is told so.
 */
export async function recordDecision(flow: Flow, decide: Decide): Promise<Decided> {
  let request = await flow.requests.get(decide.request);
  const policy = await flow.directory.policy({ fresh: true });
  // A conflict means that somebody else moved the request: look again and judge anew. Each round somebody gets on.
  for (;;) {
    if (!request) return { kind: "refused", refusal: unknownRequest(decide.request) };
    const at = flow.clock.now();
    const overdue = expire(request, at);
    if (overdue) {
      const ended = await commitStep(flow, overdue);
      request = ended.kind === "done" ? ended.request : ended.current;
      continue;
    }
    const { person, account, surface } = decide;
    const [due] =
      decide.verb === "break-glass" ? await flow.reviews.due({ person: person.id, limit: 1 }) : [];
    const signedIn = decide.stepUp && { signedIn: decide.stepUp.signedIn };
    const acting: Acting = { person, account, surface, at, policy, ...signedIn };
    const step = judge(request, { decide, due }, acting);
    if (step.kind === "refused") {
      const isUnsigned = step.refusal.code === "sign-in-needed";
      if (isUnsigned && flow.signIn) {
        const asked = { decide, request, policyVersion: policy.version, at };
        const stepUp: StepUp = await askToSignIn(flow, asked);
        return { kind: "sign-in", request, until: stepUp.expiresAt, link: signInNotice(flow.signIn, stepUp) };
      }
      const refusal = isUnsigned ? noSignIn(request) : step.refusal;
      const recorded = await recordRefusal(flow, {
        decide,
        refusal,
        request,
        policyVersion: policy.version,
        at,
      });
      if (recorded === "done") return { kind: "refused", refusal, request };
      return decide.click === undefined ? { kind: "question-gone" } : { kind: "recorded", request };
    }
    const more = await afterBreakGlass(flow, step.to);
    const result = await commitStep(flow, step, { ...more, ...settledBy(decide) });
    if (result.kind === "done") return { kind: "recorded", request: result.request };
    if (result.current.revision === request.revision && !(await isReviewDue(flow, decide))) {
      // Nobody moved it: what asks for this was dealt with before. A message was handled together with its decision, a click
      // had its effect.
      return decide.takes === undefined && decide.stepUp === undefined
        ? { kind: "recorded", request: result.current }
        : { kind: "question-gone" };
    }
    request = result.current;
  }
}

function settledBy({
  answers,
  click,
  takes,
  stepUp,
}: Decide): Pick<Effects, "answers" | "click" | "takes" | "takesStepUp"> {
  return {
    ...(answers === undefined ? {} : { answers }),
    ...(click === undefined ? {} : { click }),
    ...(takes === undefined ? {} : { takes }),
    ...(stepUp === undefined ? {} : { takesStepUp: stepUp.id }),
  };
}

type Click = Extract<Inbound, { kind: "click" }>;

/** A button on a request's card. */
export async function recordClick(flow: Flow, click: DecisionClick): Promise<Reply> {
  const { verb } = click;
  const id = parseRequestId(click.target);
  if (!id) return { kind: "notice", text: unknownRequest(click.target).message };
  const why = click.input?.trim().slice(0, maxReasonLength);
  // The form asks for it, but a client may send it empty all the same.
  if (verb === "reject" && !why) {
    return { kind: "notice", text: `Say why you reject ${id}; nothing was decided.` };
  }
  const person = await flow.directory.personOf(click.actor);
  const decided = await recordDecision(flow, {
    request: id,
    verb,
    person,
    account: click.actor.account,
    surface: "button",
    click: click.id,
    ...(why ? { why } : {}),
  });
  if (decided.kind === "question-gone") throw new Error("a button on a card answers no question");
  // What was decided stands, whether or not the card can be drawn for this person.
  const policy = await flow.directory.policy().catch(() => undefined);
  const { account } = click.actor;
  const cardOf = (request: ChangeRequest) =>
    drawCard(flow, request, policy && { person, viewer: viewerOf(request, { person, account, policy }) });
  if (decided.kind === "sign-in") {
    const text = signInText(id, decided.until);
    return { kind: "notice", text, link: decided.link, view: await cardOf(decided.request) };
  }
  if (decided.kind === "recorded") return { kind: "card", view: await cardOf(decided.request) };
  if (decided.request && !(await isShownThere(flow, click, decided.request))) {
    return { kind: "notice", text: unknownRequest(id).message };
  }
  const view = decided.request ? await cardOf(decided.request) : undefined;
  // The same person's second click found their first one done: that is no news, the card says it all.
  if (decided.refusal.code === "already-approved-by-you" && view) return { kind: "card", view };
  return { kind: "notice", text: decided.refusal.message, ...(view ? { view } : {}) };
}

/**
 * Whether somebody who may not decide may see the request: where its card is, and to whoever sees its sites. Ids can be guessed,
 * and a client can be made to send any: a refused click must not answer with a card that was never shown there.
 */
export async function isShownThere(
  flow: Flow,
  click: Pick<Click, "actor" | "place">,
  request: ChangeRequest,
): Promise<boolean> {
  const cards = await flow.requests.cardsOf(request.id);
  const clicked = conversationKey(click.place);
  return (
    cards.some(({ place, to }) => to === undefined && conversationKey(place) === clicked) ||
    maySeeAll(await askerOf(flow, click), request)
  );
}

/** `CR-12`, in any case, or nothing. */
export function parseRequestId(text: string): RequestId | undefined {
  const digits = /^CR-([1-9]\d{0,14})$/i.exec(text.trim())?.[1];
  return digits === undefined ? undefined : `CR-${Number(digits)}`;
}

export function unknownRequest(typed: string): Refusal {
  return {
    code: "unknown-request",
    message: `I know no change request ${typed}. Write "pending" to see the open ones.`,
  };
}

/** Those who were skipped are told at once, in the thread and each alone, and somebody has to review it. */
async function afterBreakGlass(flow: Flow, request: ChangeRequest): Promise<After> {
  const { permit, id } = request;
  if (permit?.kind !== "break-glass" || request.state !== "approved") return {};
  const review = reviewOf(request, permit);
  const about = await flow.requests.originOf(id);
  if (!about) return { review };
  const view = breakGlassNotice(request, permit);
  const key = `${id}:break-glass`;
  const alone = await tellPeople(flow, { key, about, persons: permit.skipped, view });
  return { review, owed: [{ kind: "message", key, place: about, view }, ...alone] };
}

type After = { readonly review?: Review; readonly owed?: readonly Owed[] };

/** Whether a break glass was held up by a review that has become due meanwhile: it is judged once more, by that. */
async function isReviewDue(flow: Flow, { verb, person }: Decide): Promise<boolean> {
  return verb === "break-glass" && (await flow.reviews.due({ person: person.id, limit: 1 })).length > 0;
}

type Wanted = { readonly decide: Decide; readonly due: Review | undefined };

function judge(request: ChangeRequest, { decide, due }: Wanted, acting: Acting): Step {
  switch (decide.verb) {
    case "approve":
      return approve(request, acting, decide.fingerprint ?? request.plan.fingerprint);
    case "reject":
      return reject(request, acting, decide.why);
    case "cancel":
      return cancel(request, acting);
    case "withdraw":
      return withdraw(request, acting);
    case "break-glass":
      return breakGlass(request, acting, {
        fingerprint: decide.fingerprint ?? "",
        why: decide.why ?? "",
        due,
      });
    default:
      return decide.verb satisfies never;
  }
}

type Refused = {
  readonly decide: Decide;
  readonly refusal: Refusal;
  readonly request: ChangeRequest;
  readonly policyVersion: string;
  readonly at: Date;
};

async function recordRefusal(flow: Flow, refused: Refused): Promise<"done" | "handled"> {
  const { decide, refusal, request, policyVersion, at } = refused;
  // Somebody else's sign-in says nothing about the person who is waited for.
  const ended = refusal.code === "sign-in-of-another" ? undefined : decide.stepUp;
  return flow.requests.record({
    events: [
      {
        kind: "refused",
        at,
        request: request.id,
        person: decide.person,
        account: decide.account,
        surface: decide.surface,
        from: request.state,
        fingerprint: request.plan.fingerprint,
        policyVersion,
        details: { wanted: decide.verb, code: refusal.code },
      },
    ],
    // The card no longer says that it waits for a sign-in.
    owed: ended ? await flow.requests.cardsOf(request.id) : [],
    jobs: [],
    ...(decide.takes === undefined ? {} : { takes: decide.takes }),
    ...(decide.click === undefined ? {} : { click: decide.click }),
    ...(ended ? { takesStepUp: ended.id } : {}),
  });
}
