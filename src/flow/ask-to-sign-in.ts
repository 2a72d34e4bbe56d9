import type { Person } from "../domain/actor.ts";
import type { ChangeRequest } from "../domain/change/change-request.ts";
import { type StepUp, signInWithinMs } from "../domain/change/step-up.ts";
import type { Refusal } from "../domain/failure.ts";
import type { FreshSignIn } from "../ports/step-ups.ts";
import type { WaitingSignIn } from "../reply/sign-in-words.ts";
import type { Flow } from "./flow.ts";
import type { Decide } from "./record-decision.ts";

/** An approval that its rule lets count with a fresh sign-in only. */
export type Unsigned = {
  readonly decide: Decide;
  readonly request: ChangeRequest;
  readonly policyVersion: string;
  readonly at: Date;
};

/**
 * Keeps an approval until its person has signed in; it counts for nothing. Whoever approves the same plan again from the same account
 * gets the same link, as long as there is time. A question that was answered with it stays open.
 */
export async function askToSignIn(flow: Flow, unsigned: Unsigned): Promise<StepUp> {
  const { decide, request, policyVersion, at } = unsigned;
  const { person, account, surface } = decide;
  const fingerprint = decide.fingerprint ?? request.plan.fingerprint;
  const known = (await waitingNow(flow, request, at)).find(
    (one) =>
      one.person.id === person.id &&
      one.fingerprint === fingerprint &&
      one.surface === surface &&
      one.account.platform === account.platform,
  );
  const stepUp: StepUp = known ?? {
    id: flow.newId(),
    request: request.id,
    person,
    account,
    surface,
    fingerprint,
    expiresAt: new Date(at.getTime() + signInWithinMs),
  };
  await flow.requests.record({
    events: [
      {
        kind: "sign-in-asked",
        at,
        request: request.id,
        person,
        account,
        surface,
        from: request.state,
        fingerprint,
        policyVersion,
        details: { until: stepUp.expiresAt.toISOString() },
      },
    ],
    owed: known ? [] : await flow.requests.cardsOf(request.id),
    jobs: [],
    ...(known ? {} : { stepUp }),
  });
  return stepUp;
}

/** Those whose approvals of a request wait for a sign-in, for its card; `link` for that person alone. */
export async function signInsOnCard(
  flow: Flow,
  request: ChangeRequest,
  looking: Person | undefined,
): Promise<readonly WaitingSignIn[]> {
  if (request.state !== "pending") return [];
  const counted = new Set(request.approvals.map(({ person }) => person.id));
  const waiting = await waitingNow(flow, request, flow.clock.now());
  const byPerson = new Map(
    waiting.filter(({ person }) => !counted.has(person.id)).map((one) => [one.person.id, one]),
  );
  return [...byPerson.values()].map(({ id, person, expiresAt }) => ({
    name: person.name,
    until: expiresAt,
    ...(flow.signIn && looking?.id === person.id ? { link: flow.signIn.linkTo(id) } : {}),
  }));
}

async function waitingNow(
  { stepUps }: Pick<Flow, "stepUps">,
  { id }: ChangeRequest,
  now: Date,
): Promise<readonly StepUp[]> {
  return (await stepUps.waiting(id)).filter(({ expiresAt }) => expiresAt > now);
}

/** Where nobody can sign in, approvals under such a rule are refused. */
export function noSignIn({ id }: ChangeRequest): Refusal {
  return {
    code: "sign-in-impossible",
    message: `Approvals of ${id} need a fresh sign-in, for which Routebot is not set up (ROUTEBOT_STEPUP_CLIENT_ID), so nothing was approved.`,
  };
}

/** What the person is told at once, with the way to sign in. */
export function signInNotice(signIn: FreshSignIn, { id, request }: StepUp) {
  return { text: `Sign in to approve ${request}`, url: signIn.linkTo(id) };
}
