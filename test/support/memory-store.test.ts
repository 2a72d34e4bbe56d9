import { testAftercare } from "../contract/aftercare.ts";
import { testChangeRequests } from "../contract/change-requests.ts";
import { testInbox } from "../contract/inbox.ts";
import { testOutbox } from "../contract/outbox.ts";
import { testRequestLists } from "../contract/request-lists.ts";
import { testReviews } from "../contract/reviews.ts";
import { testStepUps } from "../contract/step-ups.ts";
import { testStops } from "../contract/stops.ts";
import { testSubjects } from "../contract/subjects.ts";
import { testSurveys } from "../contract/surveys.ts";
import { testWork } from "../contract/work.ts";
import type { StoreUnderTest } from "../contract/work-harness.ts";
import { MemoryStore } from "./memory-store.ts";

/** The store in memory, with a clock that jumps to the next job that is due. */
async function open(): Promise<StoreUnderTest> {
  let now = Date.UTC(2026, 10, 22);
  const clock = { now: () => new Date(now) };
  const store = new MemoryStore({ clock });
  return {
    requests: store.requests,
    inbox: store.inbox,
    outbox: store.outbox,
    subjects: store.subjects,
    lists: store.lists,
    surveys: store.surveys,
    stops: store.stops,
    reviews: store.reviews,
    stepUps: store.stepUps,
    work: store.work,
    clock,
    until: async (condition) => {
      for (let jobs = 0; !(await condition()); jobs++) {
        if (jobs > 1000) throw new Error(`not after ${jobs} jobs: ${condition}`);
        now = Math.max(now, store.work.nextDue?.getTime() ?? now);
        await store.work.runNext();
      }
    },
    close: async () => {},
  };
}

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
