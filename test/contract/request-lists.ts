import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChangeRequest, InState } from "../../src/domain/change/change-request.ts";
import type { Effects } from "../../src/ports/change-requests.ts";
import { ana, cancelled, card, event, nothing, pending, place } from "./change-requests-samples.ts";
import type { StoreUnderTest } from "./work-harness.ts";

/** The promises of the port RequestLists, checked on one implementation. */
export function testRequestLists(open: () => Promise<StoreUnderTest>): void {
  describe("lists of change requests", () => {
    let store: StoreUnderTest;
    const requests: Record<string, ChangeRequest> = {};
    const elsewhere = { ...place, conversation: "C2" };
    const odd = { id: 'o"dd\\ \u0000 ü', name: "Odd" };

    const add = async (name: string, request: InState<"pending">, effects: Partial<Effects> = {}) => {
      requests[name] = request;
      const owed = [card(request.id)];
      await store.requests.open({
        request,
        check: () => undefined,
        effects: { ...nothing, owed, ...effects },
      });
      return request;
    };
    const of = (request: ChangeRequest, kind: "opened" | "approval" | "refused", person = ana) =>
      ({ ...event(), kind, person, request: request.id }) as const;

    beforeAll(async () => {
      store = await open();
      const next = async (site: string) => pending(await store.requests.nextNumber(), site);
      const x = await next("app_x");
      await add("x", x, { events: [of(x, "opened")] });
      const slot = await next("app_x/staging");
      await add("slot", slot, { events: [of(slot, "opened", odd)] });
      const similar = await next("appsx");
      await add(
        "similar",
        { ...similar, requester: ana },
        {
          events: [of(similar, "opened", { id: "robin", name: "Robin" })],
          owed: [{ ...card(similar.id), place: elsewhere }],
        },
      );
      const other = await next("other-app_x");
      await add("other", other, { events: [of(other, "refused")] });
      const ended = await next("app_x");
      await add("ended", ended, { events: [of(ended, "approval")] });
      await store.requests.transition({ from: 1, to: cancelled(ended), effects: nothing });
    });
    afterAll(() => store.close());

    const names = (found: readonly ChangeRequest[]) =>
      found.map(({ id }) => Object.keys(requests).find((name) => requests[name]?.id === id));

    test("open ones come oldest first, page by page, as they are", async () => {
      const first = await store.lists.open({ limit: 3 });
      expect(names(first)).toEqual(["x", "slot", "similar"]);
      expect(first[0]).toEqual(requests.x);
      expect(names(await store.lists.open({ limit: 3, after: first[2]?.number ?? 0 }))).toEqual(["other"]);
    });

    test("open ones of a person, and of a conversation or of all others", async () => {
      expect(names(await store.lists.open({ requester: ana, limit: 9 }))).toEqual(["similar"]);
      const here = { of: elsewhere, kind: "here" } as const;
      expect(names(await store.lists.open({ origin: here, limit: 9 }))).toEqual(["similar"]);
      const others = { of: elsewhere, kind: "elsewhere" } as const;
      expect(names(await store.lists.open({ origin: others, limit: 9 }))).toEqual(["x", "slot", "other"]);
    });

    test("a site is named exactly: its slots with it, or one slot, in whatever case", async () => {
      const named = async (...references: NonNullable<Parameters<typeof store.lists.open>[0]["named"]>) =>
        names(await store.lists.latest({ named: references, limit: 9 }));
      expect(await named({ name: "APP_X" })).toEqual(["ended", "slot", "x"]);
      expect(await named({ name: "app_x", slot: "Staging" })).toEqual(["slot"]);
      expect(await named({ name: "app_x", resourceGroup: "RG-Shop" })).toEqual(["ended", "slot", "x"]);
      expect(await named({ name: "app_x", resourceGroup: "rg%" })).toEqual([]);
      expect(await named({ all: true, resourceGroup: "rg-shop" })).toHaveLength(5);
      expect(await named({ name: "appsx" }, { name: "other-app_x" })).toEqual(["other", "similar"]);
      expect(await named({ name: "%" })).toEqual([]);
      expect(names(await store.lists.open({ named: [{ name: "app_x" }], limit: 9 }))).toEqual(["x", "slot"]);
    });

    test("the latest come newest first, in every state, page by page", async () => {
      const first = await store.lists.latest({ limit: 2 });
      expect(names(first)).toEqual(["ended", "other"]);
      expect(first[0]?.state).toBe("cancelled");
      const before = first[1]?.number ?? 0;
      expect(names(await store.lists.latest({ limit: 2, before }))).toEqual(["similar", "slot"]);
    });

    test("those of a person are the ones in which they did something: a refused attempt is nothing", async () => {
      expect(names(await store.lists.latest({ person: ana, limit: 9 }))).toEqual(["ended", "x"]);
      expect(names(await store.lists.latest({ person: odd, limit: 9 }))).toEqual(["slot"]);
      expect(await store.lists.latest({ person: { id: "nobody", name: "" }, limit: 9 })).toEqual([]);
    });

    test("the events of a request are told in their order, the last ones of many", async () => {
      const id = requests.x?.id ?? "CR-0";
      const more = ["1", "2", "3"].map((number) => ({ ...event({ number, odd: "\u0000 ü" }), request: id }));
      await store.requests.record({ ...nothing, events: more });
      const all = await store.lists.eventsOf(id, 10);
      expect(all.map(({ kind }) => kind)).toEqual(["opened", "moved", "moved", "moved"]);
      expect(all[1]).toMatchObject({
        at: event().at,
        person: ana,
        surface: "button",
        from: "pending",
        to: "approved",
        details: { number: "1", odd: "\u0000 ü" },
      });
      expect((await store.lists.eventsOf(id, 2)).map(({ details }) => details.number)).toEqual(["2", "3"]);
      expect(await store.lists.eventsOf("CR-999999", 2)).toEqual([]);
    });
  });
}
