import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Aftercare } from "../../src/domain/change/aftercare.ts";
import { targetKey } from "../../src/domain/target.ts";
import type { Effects } from "../../src/ports/change-requests.ts";
import { approved, cancelled, event, message, nothing, pending, said } from "./change-requests-samples.ts";
import type { StoreUnderTest } from "./work-harness.ts";

const at = new Date("2026-11-22T12:00:00.123Z");

/** What the port ChangeRequests promises about what is still to come of a change, checked on one implementation. */
export function testAftercare(open: () => Promise<StoreUnderTest>): void {
  describe("aftercare", () => {
    let store: StoreUnderTest;
    let names = 0;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    const opened = async (site = `aftercare-${++names}`) => {
      const request = pending(await store.requests.nextNumber(), site);
      await store.requests.open({ request, check: () => undefined, effects: nothing });
      return request;
    };
    const careOf = ({ id, number }: { id: Aftercare["of"]; number: number }, revision = 1): Aftercare => ({
      of: id,
      number,
      revision,
      since: at,
      watch: { state: "worse", until: at, nextAt: at, looks: 3, what: "its state is Stopped" },
      temporary: { state: "reverting", endsAt: at, reminded: true, lookAt: at, by: "CR-99" },
      settling: { state: "looking", until: at, nextAt: at },
    });
    const set = (from: number, to: Aftercare): Effects => ({ ...nothing, aftercare: { from, to } });

    test("comes back as it was stored, and each version replaces the one before it", async () => {
      const request = await opened();
      expect(await store.requests.aftercareOf(request.id)).toBeUndefined();
      expect(await store.requests.record(set(0, careOf(request)))).toBe("done");
      expect(await store.requests.aftercareOf(request.id)).toEqual(careOf(request));
      const over: Aftercare = {
        ...careOf(request, 2),
        watch: { state: "watching", until: at, nextAt: at, looks: 0, suspicion: "it looks so" },
        temporary: { state: "over", endsAt: at, reminded: false, why: "Turned back." },
        settling: { state: "settled", until: at, nextAt: at, what: "It was done." },
      };
      expect(await store.requests.record(set(1, over))).toBe("done");
      expect(await store.requests.aftercareOf(request.id)).toEqual(over);
    });

    test("that has moved on lets nothing of a transaction happen", async () => {
      const request = await opened();
      await store.requests.record(set(0, careOf(request)));
      const late = set(0, careOf(request));
      const key = `${request.id}/late`;
      expect(await store.requests.record({ ...late, owed: [said(key)], events: [event({ id: key })] })).toBe(
        "handled",
      );
      const next = approved(request);
      expect(
        await store.requests.transition({ from: 1, to: next, effects: { ...late, owed: [said(key)] } }),
      ).toMatchObject({ kind: "conflict", current: request });
      const another = pending(await store.requests.nextNumber(), `aftercare-${++names}`);
      const effects = { ...late, owed: [said(key)] };
      expect(await store.requests.open({ request: another, check: () => undefined, effects })).toEqual({
        kind: "handled",
      });
      expect(await store.requests.get(another.id)).toBeUndefined();
      expect(await store.outbox.get(key)).toBeUndefined();
    });

    test("of many that move it at once, one does", async () => {
      const request = await opened();
      await store.requests.record(set(0, careOf(request)));
      const results = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const id = `aftercare-message-${request.id}-${index}`;
          await store.inbox.receive(message(id));
          return store.requests.record({ ...set(1, careOf(request, 2)), answers: id });
        }),
      );
      expect(results.filter((result) => result === "done")).toHaveLength(1);
    });

    test("changes of a site are listed, the newest first, without those that never came to a write", async () => {
      const site = `aftercare-${++names}`;
      const [first, second, third] = [await opened(site), await opened(site), await opened(site)];
      await opened();
      for (const request of [first, second]) {
        const { state: _, ...base } = request;
        await store.requests.transition({
          from: 1,
          to: { ...base, revision: 2, state: "failed", endedAt: at, outcomes: [] },
          effects: nothing,
        });
      }
      await store.requests.transition({ from: 1, to: cancelled(third), effects: nothing });
      const key = targetKey(first.plan.entries[0].target);
      const listed = await store.requests.listApplied({ site: key, limit: 10 });
      expect(listed.map(({ id }) => id)).toEqual([second.id, first.id]);
      expect(await store.requests.listApplied({ site: key, limit: 1 })).toHaveLength(1);
      expect(await store.requests.countApplied(key)).toBe(2);
    });
  });
}
