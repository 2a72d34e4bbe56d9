import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { message, nothing, picked } from "./change-requests-samples.ts";
import type { StoreUnderTest } from "./work-harness.ts";

/** The promises of the port Inbox, checked on one implementation. */
export function testInbox(open: () => Promise<StoreUnderTest>): void {
  describe("inbox", () => {
    let store: StoreUnderTest;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    test("a message is there until it is handled, and known afterwards", async () => {
      expect(await store.inbox.get("m1")).toBeUndefined();
      expect(await store.inbox.receive(message("m1"))).toBe("stored");
      expect(await store.inbox.get("m1")).toEqual(message("m1"));
      await store.requests.record({ ...nothing, answers: "m1" });
      expect(await store.inbox.get("m1")).toBeUndefined();
      expect(await store.inbox.receive(message("m1"))).toBe("seen");
      expect(await store.inbox.get("m1")).toBeUndefined();
    });

    test("of many deliveries of one message at once, one is stored", async () => {
      const results = await Promise.all(Array.from({ length: 20 }, () => store.inbox.receive(message("m2"))));
      expect(results.filter((result) => result === "stored")).toHaveLength(1);
    });

    test("of many messages at once, some of them delivered twice, each is stored once and comes back as it was", async () => {
      const ids = Array.from({ length: 150 }, (_, index) => `many-${index}`);
      const said = (id: string) => ({ ...message(id), text: `${id}: "\u0000", \ud800, 'so' {or} \\ so` });
      const twice = [...ids, ...ids.filter((_, index) => index % 3 === 0)];
      const results = await Promise.all(twice.map((id) => store.inbox.receive(said(id))));
      expect(results.filter((result) => result === "stored")).toHaveLength(ids.length);
      for (const id of ids) expect(await store.inbox.get(id)).toEqual(said(id));
    });

    test("being added to a conversation is a message too", async () => {
      const { actor, place } = message("m3");
      const installed = { kind: "installed", id: "m3", actor, place } as const;
      await store.inbox.receive(installed);
      expect(await store.inbox.get("m3")).toEqual(installed);
    });

    test("so is a choice, which is taken once however often it is made", async () => {
      const first = picked("m4", "app-x");
      const results = await Promise.all([
        store.inbox.receive(first),
        store.inbox.receive(picked("m4", "app-y")),
      ]);
      expect(results.toSorted()).toEqual(["seen", "stored"]);
      const kept = await store.inbox.get("m4");
      expect(kept).toEqual(results[0] === "stored" ? first : picked("m4", "app-y"));
    });
  });
}
