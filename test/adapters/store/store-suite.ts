import type { StoreSettings } from "../../../src/adapters/store/open-store.ts";
import { testAftercare } from "../../contract/aftercare.ts";
import { testChangeRequests } from "../../contract/change-requests.ts";
import { testInbox } from "../../contract/inbox.ts";
import { testOutbox } from "../../contract/outbox.ts";
import { testRequestLists } from "../../contract/request-lists.ts";
import { testReviews } from "../../contract/reviews.ts";
import { testStepUps } from "../../contract/step-ups.ts";
import { testStops } from "../../contract/stops.ts";
import { testSubjects } from "../../contract/subjects.ts";
import { testSurveys } from "../../contract/surveys.ts";
import { testWork } from "../../contract/work.ts";
import { testAudit } from "./audit-suite.ts";
import { testContinuity } from "./continuity-suite.ts";
import { testRacing } from "./racing-suite.ts";
import { openTestStore } from "./store-for-tests.ts";
import { testTransactions } from "./transaction-suite.ts";
import { testUpkeep } from "./upkeep-suite.ts";
import { testWorker } from "./worker-suite.ts";

/**
 * Everything that holds for the store, on whichever database; `settings` gives a new, empty one at each call. `races` is how
 * many requests are raced for: the embedded database does one thing at a time, and needs fewer to show that order does not matter.
 */
export function testStore(
  settings: () => Promise<StoreSettings>,
  {
    races,
    elsewhere,
  }: {
    readonly races: number;
    /** A copy of a store that is closed. */
    readonly elsewhere: (settings: StoreSettings) => Promise<StoreSettings>;
  },
): void {
  const open = async () => openTestStore(await settings());
  testChangeRequests(open);
  testAftercare(open);
  testInbox(open);
  testOutbox(open);
  testSubjects(open);
  testRequestLists(open);
  testSurveys(open);
  testStops(open);
  testReviews(open);
  testStepUps(open);
  testWork(open);
  testAudit(open);
  testRacing(open, races);
  testTransactions(open);
  testWorker(open);
  testUpkeep(open);
  testContinuity(settings, elsewhere);
}
