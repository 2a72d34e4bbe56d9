import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import type { StoreSettings } from "../../../src/adapters/store/open-store.ts";
import { HomeWatch } from "../../../src/adapters/store/watch-home.ts";
import {
  approved,
  card,
  event,
  message,
  nothing,
  pending,
  prompt,
  said,
} from "../../contract/change-requests-samples.ts";
import { collect, openTestStore, type TestStore } from "./store-for-tests.ts";

/** Whether the records are the ones that were always there; `elsewhere` makes a copy of a closed store, as a restore does. */
export function testContinuity(
  settings: () => Promise<StoreSettings>,
  elsewhere: (settings: StoreSettings) => Promise<StoreSettings>,
): void {
  describe("continuity", () => {
    let store: TestStore;
    beforeAll(async () => {
      store = await openTestStore(await settings());
    });
    afterAll(() => store.close());

    test("a new store, and one that is opened again where it was, are what they were", async () => {
      const place = await settings();
      for (let opened = 0; opened < 3; opened++) {
        const again = await openTestStore(place);
        expect(await again.continuity.interruption()).toBeUndefined();
        expect((await again.audit.head()).seq).toBe(0);
        await again.close();
      }
    });

    test("a store that is found elsewhere is a restored one, once", async () => {
      const place = await settings();
      const before = await openTestStore(place);
      await before.requests.record({ ...nothing, events: [event()] });
      await before.close();
      const copy = await elsewhere(place);
      const restored = await openTestStore(copy);
      const interruption = await restored.continuity.interruption();
      expect(interruption).toMatchObject({
        kind: "restored",
        evidence: expect.stringContaining("was left at"),
      });
      const records = await collect(restored.audit.recordsAfter(1));
      expect(records.map(({ payload }) => JSON.parse(payload))).toMatchObject([
        { kind: "interrupted", details: { why: "restored", evidence: interruption?.evidence } },
      ]);
      await restored.close();

      // Not dealt with: it is still there at the next start. Dealt with: it is not.
      const second = await openTestStore(copy);
      expect(await second.continuity.interruption()).toEqual(interruption);
      if (interruption) await second.continuity.settle(interruption);
      await second.close();
      const third = await openTestStore(copy);
      expect(await third.continuity.interruption()).toBeUndefined();
      await third.close();
      const original = await openTestStore(place);
      expect(await original.continuity.interruption()).toBeUndefined();
      await original.close();
    });

    test("what a backup still had to do is dropped, and its numbers are not given again", async () => {
      const request = pending(await store.requests.nextNumber(), "site-of-continuity");
      await store.requests.open({
        request,
        check: () => undefined,
        effects: { ...nothing, owed: [card(request.id), said("told/late")] },
      });
      await store.inbox.receive(message("message/late"));
      await store.requests.record({ ...nothing, prompts: [prompt("prompt/late")] });
      await store.continuity.foundRestored("the tests");
      expect(await store.inbox.get("message/late")).toBeUndefined();
      expect(await store.requests.getPrompt("prompt/late")).toBeUndefined();
      expect(await store.outbox.get("told/late")).toMatchObject({ dead: true });
      expect(await store.outbox.get(`${request.id}/card`)).toMatchObject({ dead: false });
      expect(await store.requests.nextNumber()).toBeGreaterThanOrEqual(request.number + 1000);
      expect(await store.requests.get(request.id)).toEqual(request);
    });

    test("the same evidence is no news, neither before it was dealt with nor after", async () => {
      const first = await store.continuity.interruption();
      await store.continuity.foundRestored("the tests");
      expect(await store.continuity.interruption()).toEqual(first);
      if (first) await store.continuity.settle(first);
      const head = await store.audit.head();
      await store.continuity.foundRestored("the tests");
      expect(await store.continuity.interruption()).toBeUndefined();
      expect(await store.audit.head()).toEqual(head);
      await store.continuity.foundRestored("other evidence");
      const second = await store.continuity.interruption();
      expect(second?.evidence).toBe("other evidence");
      // Whoever dealt with the first one has not dealt with the second one.
      if (first) await store.continuity.settle(first);
      expect(await store.continuity.interruption()).toEqual(second);
      if (second) await store.continuity.settle(second);
    });

    test("requests that something follows are known, in their order", async () => {
      const follows = async (dueAt: Date) => {
        const request = pending(await store.requests.nextNumber(), "site-with-aftercare");
        await store.requests.open({ request, check: () => undefined, effects: nothing });
        await store.requests.transition({ from: 1, to: approved(request), effects: nothing });
        const temporary = { state: "running", endsAt: dueAt, reminded: true, lookAt: dueAt } as const;
        const to = { of: request.id, number: request.number, revision: 1, since: dueAt, temporary };
        await store.requests.record({ ...nothing, aftercare: { from: 0, to } });
        return { request, to };
      };
      const at = new Date("2999-01-01T00:00:00.000Z");
      const [first, second] = [await follows(at), await follows(at)];
      expect(await store.continuity.caredFor()).toEqual([first.request.id, second.request.id]);
      const over = { state: "over", endsAt: at, reminded: true, why: "Turned back." } as const;
      const to = { ...first.to, revision: 2, temporary: over };
      await store.requests.record({ ...nothing, aftercare: { from: 1, to } });
      expect(await store.continuity.caredFor()).toEqual([second.request.id]);
    });

    test("a server that is replaced with all that was seen is the same one, and without it a restored one", async () => {
      const other = await openTestStore(await settings());
      await store.requests.record({ ...nothing, events: [event()] });
      let home = "here";
      let database = store.database;
      await database.sql.updateTable("continuity").set({ home }).execute();
      const watch = new HomeWatch({
        get database() {
          return database;
        },
        driver: { home: async () => home },
        clock: systemClock,
        log: store.log,
      });
      const homeOf = async () =>
        (await database.sql.selectFrom("continuity").select("home").executeTakeFirstOrThrow()).home;
      expect(await watch.look()).toBe("same");
      home = "at the standby";
      expect([await watch.look(), await homeOf()]).toEqual(["same", "at the standby"]);
      expect(await store.continuity.interruption()).toBeUndefined();

      database = other.database;
      home = "restored";
      expect(await watch.look()).toBe("lost");
      expect(await other.continuity.interruption()).toMatchObject({ kind: "restored" });
      await other.close();
    });
  });
}
