import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { beginApplying } from "../../src/domain/change/progress.ts";
import type { Stop } from "../../src/domain/change/stop.ts";
import { approved, event, message, nothing, pending, said } from "./change-requests-samples.ts";
import type { StoreUnderTest } from "./work-harness.ts";

/** The promises of the port Stops, checked on one implementation. */
export function testStops(open: () => Promise<StoreUnderTest>): void {
  describe("stops", () => {
    let store: StoreUnderTest;
    let names = 0;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    const stop = (): Stop => ({
      id: `stop-${++names}`,
      scope: { site: "shop-web", slot: "staging", resourceGroup: "rg", subscription: "s" },
      by: { id: "ana", name: "Ana" },
      account: { platform: "slack", tenant: "T1", user: "U2" },
      at: new Date("2026-11-22T12:00:00.123Z"),
      reason: "typed \u0000 \ud800",
    });
    const ids = async () => (await store.stops.active()).map(({ id }) => id);
    const isOwed = async (key: string) => (await store.outbox.get(key)) !== undefined;

    test("come back as they were stored, oldest first, until they are ended", async () => {
      const [first, second] = [stop(), stop()];
      const everything: Stop = {
        id: second.id,
        scope: {},
        by: second.by,
        account: second.account,
        at: second.at,
      };
      expect(await store.stops.begin(first, nothing)).toBe("begun");
      expect(await store.stops.begin(everything, nothing)).toBe("begun");
      expect(await store.stops.active()).toEqual([first, everything]);
      expect(await store.stops.end([first.id], nothing)).toBe("done");
      expect(await store.stops.active()).toEqual([everything]);
      await store.stops.end([second.id], nothing);
      expect(await store.stops.active()).toEqual([]);
    });

    test("begin once and end once, with their effects or not at all", async () => {
      const one = stop();
      const owed = (key: string) => ({ ...nothing, events: [event()], owed: [said(key)] });
      expect(await store.stops.begin(one, owed(`${one.id}/begun`))).toBe("begun");
      expect(await store.stops.begin(one, owed(`${one.id}/again`))).toBe("known");
      expect([await isOwed(`${one.id}/begun`), await isOwed(`${one.id}/again`)]).toEqual([true, false]);

      const results = await Promise.all(
        Array.from({ length: 5 }, (_, index) => store.stops.end([one.id], owed(`${one.id}/end-${index}`))),
      );
      expect(results.toSorted()).toEqual(["done", "handled", "handled", "handled", "handled"]);
      const told = await Promise.all(results.map((_, index) => isOwed(`${one.id}/end-${index}`)));
      expect(told).toEqual(results.map((result) => result === "done"));
      expect(await store.stops.begin(one, nothing)).toBe("known");
      expect(await ids()).not.toContain(one.id);
    });

    test("end with the message that asks for it, or not at all when it was handled", async () => {
      const one = stop();
      await store.stops.begin(one, nothing);
      await store.inbox.receive(message(`${one.id}/message`));
      const effects = { ...nothing, answers: `${one.id}/message` };
      await store.requests.record(effects);
      expect(await store.stops.end([one.id], effects)).toBe("handled");
      expect(await ids()).toContain(one.id);
      expect(await store.stops.end([one.id, "stop-nowhere"], nothing)).toBe("handled");
      expect(await store.stops.end([one.id], nothing)).toBe("done");
    });

    test("are seen by every start: once one has begun, none that looks for it is made", async () => {
      const requests = await Promise.all(
        Array.from({ length: 12 }, async (_, index) => {
          const request = pending(await store.requests.nextNumber(), `site-of-stops-${index}`);
          await store.requests.open({ request, check: () => undefined, effects: nothing });
          const next = approved(request);
          await store.requests.transition({ from: 1, to: next, effects: nothing });
          return next;
        }),
      );
      const one = stop();
      let begun = false;
      const starts = requests.map(async (request) => {
        const { to } = beginApplying(request, { holder: "worker", at: request.approvedAt });
        const asked = begun;
        const result = await store.requests.startInTurn({
          from: request.revision,
          to,
          effects: nothing,
          mayStart: (_, stops) => !stops.some(({ id }) => id === one.id),
        });
        return { asked, kind: result.kind };
      });
      await store.stops.begin(one, nothing);
      begun = true;
      const late = await Promise.all(
        requests.map((request) =>
          store.requests.startInTurn({
            from: request.revision,
            to: beginApplying(request, { holder: "late", at: request.approvedAt }).to,
            effects: nothing,
            mayStart: (_, stops) => !stops.some(({ id }) => id === one.id),
          }),
        ),
      );
      expect(late.map(({ kind }) => kind)).toEqual(requests.map(() => "not-its-turn"));
      for (const { asked, kind } of await Promise.all(starts)) if (asked) expect(kind).toBe("not-its-turn");
      await store.stops.end([one.id], nothing);
    });
  });
}
