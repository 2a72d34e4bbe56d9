import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { card, nothing, said } from "./change-requests-samples.ts";
import type { StoreUnderTest } from "./work-harness.ts";

/** The promises of the port Outbox, checked on one implementation. */
export function testOutbox(open: () => Promise<StoreUnderTest>): void {
  describe("outbox", () => {
    let store: StoreUnderTest;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    const owe = (...owed: Parameters<typeof store.requests.record>[0]["owed"]) =>
      store.requests.record({ ...nothing, owed });
    const fresh = { trying: false, want: 1, sent: 0, attempts: 0, dead: false };

    test("what is owed is as it was given", async () => {
      await owe(said("plain"), card("CR-1", "card"));
      expect(await store.outbox.get("plain")).toEqual({
        owed: said("plain"),
        since: expect.any(Date),
        ...fresh,
      });
      expect(await store.outbox.get("card")).toEqual({
        owed: card("CR-1", "card"),
        since: expect.any(Date),
        ...fresh,
      });
      expect(await store.outbox.get("nothing")).toBeUndefined();
    });

    test("a card is owed again each time, a message once", async () => {
      await owe(said("once"), card("CR-1", "each"));
      await owe(said("once"), card("CR-1", "each"));
      await owe(card("CR-1", "each"));
      expect(await store.outbox.get("once")).toMatchObject({ want: 1 });
      expect(await store.outbox.get("each")).toMatchObject({ want: 3, sent: 0 });
    });

    test("a post: begun, lost, begun again, sent", async () => {
      await owe(card("CR-1", "post"));
      await store.outbox.trying("post");
      expect(await store.outbox.get("post")).toMatchObject({ trying: true, attempts: 1 });
      await store.outbox.notSent("post");
      expect(await store.outbox.get("post")).toMatchObject({ trying: false, attempts: 0 });
      await store.outbox.trying("post");
      await store.outbox.sent("post", { ref: "123.456", count: 1, from: 0 });
      expect(await store.outbox.get("post")).toMatchObject({ ...fresh, ref: "123.456", sent: 1 });
    });

    test("an update that did not arrive counts as a try", async () => {
      await owe(card("CR-1", "update"));
      await store.outbox.sent("update", { ref: "1", count: 1, from: 0 });
      await store.outbox.notSent("update");
      await store.outbox.notSent("update");
      expect(await store.outbox.get("update")).toMatchObject({ trying: false, attempts: 2 });
    });

    test("a try is known by when it was made, however often more is owed meanwhile", async () => {
      await owe(card("CR-1", "since"));
      await store.outbox.trying("since");
      const tried = await store.outbox.get("since");
      await owe(card("CR-1", "since"));
      expect(await store.outbox.get("since")).toMatchObject({ want: 2, since: tried?.since });
    });

    test("of two who sent a card at once nobody knows which one it shows, so it is owed once more", async () => {
      await owe(card("CR-1", "late"));
      await owe(card("CR-1", "late"));
      const [slow, quick] = [await store.outbox.get("late"), await store.outbox.get("late")];
      await store.outbox.sent("late", { ref: "1", count: 2, from: quick?.sent ?? -1 });
      expect(await store.outbox.get("late")).toMatchObject({ want: 2, sent: 2 });
      await store.outbox.sent("late", { ref: "1", count: 1, from: slow?.sent ?? -1 });
      expect(await store.outbox.get("late")).toMatchObject({ want: 3, sent: 2 });
      await store.outbox.sent("late", { ref: "1", count: 3, from: 2 });
      expect(await store.outbox.get("late")).toMatchObject({ want: 3, sent: 3 });
    });

    test("a message that two have sent is not sent a third time", async () => {
      await owe(said("both"));
      await store.outbox.sent("both", { ref: "1", count: 1, from: 0 });
      await store.outbox.sent("both", { ref: "2", count: 1, from: 0 });
      expect(await store.outbox.get("both")).toMatchObject({ want: 1, sent: 1 });
    });

    test("a dead delivery stays dead and is not owed again", async () => {
      await owe(card("CR-1", "dead"));
      await store.outbox.trying("dead");
      await store.outbox.dead("dead", "the channel was removed");
      await owe(card("CR-1", "dead"));
      expect(await store.outbox.get("dead")).toMatchObject({ dead: true, trying: false, want: 1 });
    });

    test("a delivery that was never owed is a defect", async () => {
      await expect(store.outbox.trying("nothing")).rejects.toThrow(/nothing/);
      await expect(store.outbox.sent("nothing", { ref: "1", count: 1, from: 0 })).rejects.toThrow(/nothing/);
      await expect(store.outbox.notSent("nothing")).rejects.toThrow(/nothing/);
      await expect(store.outbox.dead("nothing", "why")).rejects.toThrow(/nothing/);
    });
  });
}
