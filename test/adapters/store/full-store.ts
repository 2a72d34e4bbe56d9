import { sealHead } from "../../../src/domain/audit/seal.ts";
import type { Aftercare } from "../../../src/domain/change/aftercare.ts";
import { beginApplying } from "../../../src/domain/change/progress.ts";
import {
  approved,
  cancelled,
  card,
  event,
  message,
  nothing,
  pending,
  prompt,
  said,
} from "../../contract/change-requests-samples.ts";
import { sampleSurvey } from "../../contract/surveys.ts";
import { newSealingKey } from "../../support/audit-samples.ts";
import type { TestStore } from "./store-for-tests.ts";

const at = new Date("2026-11-22T12:00:00.123Z");
const later = new Date("2999-01-01T00:00:00.000Z");
const account = { platform: "slack", tenant: "T1", user: "U1" } as const;
const ana = { id: "ana", name: "Ana \u0000" };

/**
 * Something of everything that a store can hold: CR-1 pending, CR-2 approved, CR-3 being applied, CR-4 ended with a temporary
 * change, CR-5 written without approval and not reviewed yet; a stop, messages to be answered and owed ones, and `events` of the
 * audit besides.
 */
export async function fillStore(store: TestStore, events = 20): Promise<void> {
  const { requests } = store;
  const open = async (site: string) => {
    const request = pending(await requests.nextNumber(), site);
    const effects = {
      ...nothing,
      owed: [card(request.id)],
      events: [event({ id: request.id })],
      jobs: [{ kind: "remind", request: request.id, at: later } as const],
    };
    await requests.open({ request, check: () => undefined, effects });
    return request;
  };
  const move = async (from: number, to: Parameters<typeof requests.transition>[0]["to"], effects = nothing) =>
    await requests.transition({ from, to, effects });

  await open("site-1");
  const second = approved(await open("site-2"));
  await move(1, second, { ...nothing, jobs: [{ kind: "apply", request: second.id, site: "site-2" }] });
  const third = approved(await open("site-3"));
  await move(1, third);
  await move(2, beginApplying(third, { holder: "h", at }).to);
  const fourth = await open("site-4");
  await move(1, cancelled(fourth));
  const temporary = { state: "running", endsAt: later, reminded: false, lookAt: later } as const;
  const to: Aftercare = { of: fourth.id, number: fourth.number, revision: 1, since: at, temporary };
  await requests.record({
    ...nothing,
    aftercare: { from: 0, to },
    jobs: [{ kind: "aftercare", request: fourth.id, at: later }],
  });
  const fifth = await open("site-5");
  const review = { request: fifth.id, person: ana, account, why: "x", at };
  await move(1, approved(fifth), { ...nothing, review });

  await store.stops.begin({ id: "stop-1", scope: {}, by: ana, account, at, reason: "typed \ud800" }, nothing);
  for (const id of ["message-1", "message-2", "message-3"]) await store.inbox.receive(message(id));
  await requests.record({ ...nothing, answers: "message-3", owed: [said("told-1"), said("told-2")] });
  await store.outbox.sent("told-2", { ref: "ref-2", count: 1, from: 0 });
  await requests.record({ ...nothing, prompts: [prompt("prompt-1")] });
  const stepUp = {
    ...{ id: "step-up-1", request: second.id, person: ana, account },
    ...({ surface: "button", fingerprint: "f", expiresAt: later } as const),
  };
  await requests.record({ ...nothing, stepUp });
  await store.subjects.remember({
    ...{ message: "s1", conversation: "here", at },
    command: { kind: "status", targets: [{ name: "shop-web" }] },
  });
  await store.surveys.begin(sampleSurvey("survey-1"), nothing);
  const next = { ...sampleSurvey("survey-1"), revision: 2, parts: 1 };
  await store.surveys.step({ from: 1, to: next, rows: next.first, effects: nothing });
  for (let written = 0; written < events; written += 50) {
    const some = Array.from({ length: Math.min(50, events - written) }, (_, index) =>
      event({ number: `${written + index}`, odd: "\u0000 ü" }),
    );
    await requests.record({ ...nothing, events: some });
  }
  await store.audit.keep(sealHead(await store.audit.head(), newSealingKey(), at));
}
