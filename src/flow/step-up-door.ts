import type { SignedIn } from "../domain/change/change-request.ts";
import { type StepUp, signInMaxAgeMs } from "../domain/change/step-up.ts";
import type { Refusal } from "../domain/failure.ts";
import type { FreshSignIn, SignInResult, StepUpDoor, StepUpPage } from "../ports/step-ups.ts";
import { changeWords, sitesWords } from "../reply/plan-words.ts";
import type { Flow } from "./flow.ts";
import { recordDecision } from "./record-decision.ts";

/** Clocks of two machines may differ that much. */
const clockSkewMs = 60_000;

const unknown = refusedPage(
  "There is no approval that waits for this sign-in: it was used already, or its time ran out. Approve again on the card.",
);
const otherBrowser = refusedPage(
  "This sign-in was not begun in this browser, or another one was begun after it, so nothing was approved. Open the link from your card again.",
);

/**
 * The two requests of a browser that signs somebody in for an approval. Nothing that they bring is believed: who signed in is proven
 * by the directory, what is approved is what was kept, and whether it may be is asked again as at a click.
 */
export function stepUpDoor(flow: Flow, signIn: FreshSignIn): StepUpDoor {
  return {
    async start(id) {
      const stepUp = await flow.stepUps.get(id);
      if (!stepUp || stepUp.expiresAt <= flow.clock.now()) return { kind: "page", page: unknown };
      const begun = await signIn.begin().catch((error: unknown) => {
        flow.log.error("sign-in-not-begun", error);
        return undefined;
      });
      if (!begun) {
        return {
          kind: "page",
          page: refusedPage("Entra ID could not be reached. Nothing was approved; try again in a minute."),
        };
      }
      const kept = await flow.stepUps.beginSignIn(id, begun.secrets);
      return kept
        ? { kind: "sign-in", url: begun.url, state: begun.secrets.state }
        : { kind: "page", page: unknown };
    },

    async finish({ query, browser }) {
      const state = new URLSearchParams(query).get("state");
      if (!state || state !== browser) return otherBrowser;
      const taken = await flow.stepUps.takeSignIn(state);
      if (!taken) return unknown;
      const { stepUp, secrets } = taken;
      if (isOver(flow, stepUp)) return refuse(flow, stepUp, tooLate(stepUp));
      const result = judged(await signIn.finish(query, secrets), flow.clock.now());
      if (result.kind !== "signed-in") return refuse(flow, stepUp, notProven(flow, stepUp, result));
      // Signing in has taken its time.
      if (isOver(flow, stepUp)) return refuse(flow, stepUp, tooLate(stepUp));
      return approve(flow, stepUp, { account: result.account, at: result.at });
    },
  };
}

async function approve(flow: Flow, stepUp: StepUp, signedIn: SignedIn): Promise<StepUpPage> {
  const { id, request, person, account, surface, fingerprint } = stepUp;
  const decided = await recordDecision(flow, {
    request,
    verb: "approve",
    person,
    account,
    surface,
    fingerprint,
    stepUp: { id, signedIn },
  });
  switch (decided.kind) {
    case "recorded": {
      const { plan } = decided.request;
      const text = `${person.name} approved ${request} (${changeWords(plan)} for ${sitesWords(plan)}). You can close this page.`;
      return { approved: true, text };
    }
    case "refused":
      return refusedPage(decided.refusal.message);
    case "question-gone":
      return unknown;
    case "sign-in":
      throw new Error("an approval with a sign-in asked for another one");
    default:
      return decided satisfies never;
  }
}

function isOver({ clock }: Flow, { expiresAt }: StepUp): boolean {
  return expiresAt <= clock.now();
}

/** The directory has checked the age by its own clock; ours counts as well. */
function judged(result: SignInResult, now: Date): SignInResult {
  if (result.kind !== "signed-in") return result;
  const age = now.getTime() - result.at.getTime();
  if (age > signInMaxAgeMs) return { kind: "stale" };
  return age < -clockSkewMs ? { kind: "failed", why: "the sign-in is in the future" } : result;
}

function tooLate({ request }: StepUp): Refusal {
  const message = `The time to sign in for ${request} is over, so nothing was approved. Approve it again on the card.`;
  return { code: "prompt-expired", message };
}

function notProven(
  flow: Flow,
  { request }: StepUp,
  result: Exclude<SignInResult, { kind: "signed-in" }>,
): Refusal {
  const nothing = `so nothing was approved for ${request}. Open the link from your card again.`;
  if (result.kind === "stale") {
    const message = `That sign-in was more than ${signInMaxAgeMs / 60_000} minutes old, ${nothing}`;
    return { code: "sign-in-failed", message };
  }
  flow.log.warn("sign-in-failed", { request, why: result.why });
  return { code: "sign-in-failed", message: `Entra ID did not confirm the sign-in, ${nothing}` };
}

/** In the audit, as a refused click is. The approval goes on waiting, for another sign-in. */
async function refuse(flow: Flow, stepUp: StepUp, refusal: Refusal): Promise<StepUpPage> {
  const { request, person, account, surface, fingerprint } = stepUp;
  const details = { wanted: "approve", code: refusal.code };
  await flow.requests.record({
    events: [
      { kind: "refused", at: flow.clock.now(), request, person, account, surface, fingerprint, details },
    ],
    owed: [],
    jobs: [],
  });
  return refusedPage(refusal.message);
}

function refusedPage(text: string): StepUpPage {
  return { approved: false, text };
}
