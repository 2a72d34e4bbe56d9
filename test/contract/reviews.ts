import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RequestId } from "../../src/domain/change/change-request.ts";
import type { Review } from "../../src/domain/change/review.ts";
import { approved, nothing, pending, said } from "./change-requests-samples.ts";
import type { StoreUnderTest } from "./work-harness.ts";

/** The promises of the port Reviews, checked on one implementation. */
export function testReviews(open: () => Promise<StoreUnderTest>): void {
  describe("reviews", () => {
    let store: StoreUnderTest;
    let names = 0;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    const account = { platform: "teams", tenant: "t", user: "u" } as const;
    const at = new Date("2026-11-22T12:00:00.123Z");
    const person = () => ({ id: `person-${++names}`, name: "Robin" });
    const review = (request: RequestId, by: Review["person"]): Review => ({
      request,
      person: by,
      account,
      why: "typed \u0000",
      at,
    });
    const opened = async () => {
      const request = pending(await store.requests.nextNumber(), `site-of-reviews-${++names}`);
      await store.requests.open({ request, check: () => undefined, effects: nothing });
      return request;
    };
    const brokenBy = async (by: Review["person"]) => {
      const request = await opened();
      const due = review(request.id, by);
      const result = await store.requests.transition({
        from: 1,
        to: approved(request),
        effects: { ...nothing, review: due, owed: [said(`${request.id}/broken`)] },
      });
      return { due, result };
    };

    test("begin with their transition, and are due until they have a finding", async () => {
      const robin = person();
      const { due } = await brokenBy(robin);
      expect(await store.reviews.get(due.request)).toEqual(due);
      expect(await store.reviews.due({ person: robin.id, limit: 5 })).toEqual([due]);
      expect(await store.reviews.due({ limit: 100 })).toContainEqual(due);
      expect(await store.reviews.due({ person: "somebody else", limit: 5 })).toEqual([]);

      const by = { id: "ana", name: "Ana" };
      const found: Review = { ...due, finding: { verdict: "not-justified", by, account, at, note: "Why?" } };
      const results = await Promise.all(
        Array.from({ length: 4 }, (_, index) =>
          store.reviews.complete(found, { ...nothing, owed: [said(`${due.request}/found-${index}`)] }),
        ),
      );
      expect(results.toSorted()).toEqual(["conflict", "conflict", "conflict", "done"]);
      for (const [index, result] of results.entries()) {
        const owed = await store.outbox.get(`${due.request}/found-${index}`);
        expect(owed !== undefined).toBe(result === "done");
      }
      expect(await store.reviews.get(due.request)).toEqual(found);
      expect(await store.reviews.due({ person: robin.id, limit: 5 })).toEqual([]);
    });

    test("of one person one is due at a time: of many transitions at once, one is made", async () => {
      const robin = person();
      const made = await Promise.all(Array.from({ length: 6 }, () => brokenBy(robin)));
      const kinds = made.map(({ result }) => result.kind);
      expect(kinds.toSorted()).toEqual(["conflict", "conflict", "conflict", "conflict", "conflict", "done"]);
      for (const { due, result } of made) {
        const isDone = result.kind === "done";
        expect((await store.requests.get(due.request))?.state).toBe(isDone ? "approved" : "pending");
        expect((await store.outbox.get(`${due.request}/broken`)) !== undefined).toBe(isDone);
        expect((await store.reviews.get(due.request)) !== undefined).toBe(isDone);
      }
      expect((await brokenBy(person())).result.kind).toBe("done");
    });

    test("there is none of a request that was approved", async () => {
      expect(await store.reviews.get((await opened()).id)).toBeUndefined();
    });
  });
}
