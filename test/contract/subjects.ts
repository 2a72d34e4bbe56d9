import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Subject } from "../../src/ports/subjects.ts";
import type { StoreUnderTest } from "./work-harness.ts";

/** The promises of the port Subjects, checked on one implementation. */
export function testSubjects(open: () => Promise<StoreUnderTest>): void {
  describe("subjects", () => {
    let store: StoreUnderTest;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 12, minute));
    const subject = (message: string, conversation: string, minute: number): Subject => ({
      message,
      conversation,
      at: at(minute),
      command: {
        kind: "change",
        set: { imagePullTraffic: false },
        targets: [{ name: "shop-web", slot: "staging", resourceGroup: "rg", subscription: "s" }],
        via: "property",
        dryRun: false,
        breakGlass: false,
        reason: "typed \u0000 \ud800",
      },
    });

    test("come back newest first, of this conversation alone, and no more than asked for", async () => {
      const said = [subject("s1", "here", 1), subject("s3", "here", 3), subject("s2", "here", 2)];
      for (const one of [...said, subject("s4", "there", 4)]) await store.subjects.remember(one);
      const latest = await store.subjects.recall({ conversation: "here", limit: 10 });
      expect(latest).toEqual([said[1], said[2], said[0]]);
      expect(await store.subjects.recall({ conversation: "here", limit: 1 })).toEqual([said[1]]);
      expect(await store.subjects.recall({ conversation: "nowhere", limit: 10 })).toEqual([]);
    });

    test("of one moment come back with the last one that was kept first", async () => {
      for (const one of [subject("t1", "tied", 1), subject("t2", "tied", 1)])
        await store.subjects.remember(one);
      const latest = await store.subjects.recall({ conversation: "tied", limit: 10 });
      expect(latest.map(({ message }) => message)).toEqual(["t2", "t1"]);
    });

    test("are left out when they are older than asked for", async () => {
      for (const one of [subject("a1", "aged", 1), subject("a2", "aged", 2)])
        await store.subjects.remember(one);
      const latest = await store.subjects.recall({ conversation: "aged", since: at(2), limit: 10 });
      expect(latest.map(({ message }) => message)).toEqual(["a2"]);
    });

    test("are kept once for each message", async () => {
      await store.subjects.remember(subject("o1", "once", 1));
      await store.subjects.remember(subject("o1", "once", 9));
      expect(await store.subjects.recall({ conversation: "once", limit: 10 })).toEqual([
        subject("o1", "once", 1),
      ]);
    });

    test("a status is one, too", async () => {
      const status = {
        ...subject("q1", "asked", 1),
        command: { kind: "status", targets: [{ name: "app-x" }], flags: ["allTraffic"] },
      } satisfies Subject;
      await store.subjects.remember(status);
      expect(await store.subjects.recall({ conversation: "asked", limit: 1 })).toEqual([status]);
    });
  });
}
