import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { removeOld } from "../../../src/adapters/store/upkeep.ts";
import {
  cancelled,
  card,
  event,
  message,
  nothing,
  pending,
  prompt,
  said,
} from "../../contract/change-requests-samples.ts";
import type { TestStore } from "./store-for-tests.ts";

const day = 24 * 3600_000;

/** What is not needed any more is removed when its time is over; requests and the audit never are. */
export function testUpkeep(open: () => Promise<TestStore>): void {
  describe("upkeep", () => {
    let store: TestStore;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    /** Removes as if it were so many days later. */
    const removeAfter = (days: number) => {
      const clock = { ...store.clock, now: () => new Date(Date.now() + days * day), sleep: async () => {} };
      const { database, queues } = store;
      return removeOld({ database, queues, clock, keepMessagesMs: 10 * day });
    };

    test("messages that were sent, or never will be, go after that time; cards go when their request has ended", async () => {
      const request = pending(await store.requests.nextNumber());
      const owed = [said("sent"), said("dead"), said("not sent yet"), card(request.id, "card")];
      const effects = { ...nothing, owed, events: [event()] };
      await store.requests.open({ request, check: () => undefined, effects });
      await store.outbox.sent("sent", { ref: "1", count: 1, from: 0 });
      await store.outbox.dead("dead", "gone");
      await store.outbox.sent("card", { ref: "2", count: 1, from: 0 });
      await store.inbox.receive(message("handled"));
      await store.requests.record({ ...nothing, answers: "handled" });
      await store.inbox.receive(message("not handled yet"));

      expect(await removeAfter(9)).toBe(0);
      expect(await removeAfter(11)).toBe(3);
      expect(await store.outbox.get("sent")).toBeUndefined();
      expect(await store.outbox.get("dead")).toBeUndefined();
      expect(await store.outbox.get("not sent yet")).toBeDefined();
      expect(await store.requests.cardsOf(request.id)).toHaveLength(1);
      expect(await store.inbox.get("not handled yet")).toBeDefined();

      await store.requests.transition({ from: 1, to: cancelled(request), effects: nothing });
      const at = new Date();
      const care = { of: request.id, number: request.number, since: at } as const;
      const temporary = { state: "running", endsAt: at, reminded: true, lookAt: at } as const;
      const running = { ...care, revision: 1, temporary };
      await store.requests.record({ ...nothing, aftercare: { from: 0, to: running } });
      expect(await removeAfter(11)).toBe(0);
      const over = { state: "over", endsAt: at, reminded: true, why: "Turned back." } as const;
      const ended = { ...care, revision: 2, temporary: over };
      await store.requests.record({ ...nothing, aftercare: { from: 1, to: ended } });
      expect(await removeAfter(11)).toBe(1);
      expect(await store.requests.cardsOf(request.id)).toEqual([]);
      expect((await store.requests.get(request.id))?.state).toBe("cancelled");
      expect((await store.audit.head()).seq).toBe(1);
      expect(await removeAfter(10_000)).toBe(0);
    });

    test("a card that has to be drawn anew stays until it is, however old it is", async () => {
      const request = pending(await store.requests.nextNumber());
      const owed = [card(request.id, "old")];
      await store.requests.open({ request, check: () => undefined, effects: { ...nothing, owed } });
      await store.outbox.sent("old", { ref: "1", count: 1, from: 0 });
      await store.requests.transition({ from: 1, to: cancelled(request), effects: { ...nothing, owed } });
      expect(await removeAfter(11)).toBe(0);
      await store.outbox.sent("old", { ref: "1", count: 2, from: 1 });
      expect(await removeAfter(11)).toBe(1);
    });

    test("questions go a day after their time, whatever is kept else", async () => {
      const asked = { ...prompt("asked"), expiresAt: new Date() };
      await store.requests.record({ ...nothing, prompts: [asked] });
      expect(await removeAfter(0.9)).toBe(0);
      expect(await removeAfter(1.1)).toBe(1);
      const { rows } = await sql`SELECT id FROM routebot.prompt`.execute(store.database.sql);
      expect(rows).toEqual([]);
    });
  });
}
