import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChangeRequest } from "../../src/domain/change/change-request.ts";
import { beginApplying } from "../../src/domain/change/progress.ts";
import { targetKey } from "../../src/domain/target.ts";
import type { Effects } from "../../src/ports/change-requests.ts";
import {
  ana,
  approved,
  cancelled,
  card,
  event,
  message,
  nothing,
  pending,
  place,
  prompt,
  robin,
  said,
} from "./change-requests-samples.ts";
import type { StoreUnderTest } from "./work-harness.ts";

const accept = () => undefined;
const refusal = { code: "opposite-request-open", message: "No." } as const;

/** The promises of the port ChangeRequests, checked on one implementation. */
export function testChangeRequests(open: () => Promise<StoreUnderTest>): void {
  describe("change requests", () => {
    let store: StoreUnderTest;
    let names = 0;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    const unique = (name: string) => `${name}-${++names}`;
    const isNotDelivered = async (key: string) => expect(await store.outbox.get(key)).toBeUndefined();
    const received = async () => {
      const id = unique("message");
      await store.inbox.receive(message(id));
      return id;
    };
    /** A request on a site of its own, stored. */
    const opened = async (site = unique("site"), effects: Effects = nothing) => {
      const request = pending(await store.requests.nextNumber(), site);
      expect(await store.requests.open({ request, check: accept, effects })).toEqual({ kind: "opened" });
      return request;
    };

    test("numbers are handed out once", async () => {
      const numbers = await Promise.all(Array.from({ length: 20 }, () => store.requests.nextNumber()));
      expect(new Set(numbers).size).toBe(20);
    });

    test("a request comes back as it was stored, in every state", async () => {
      const request = await opened();
      expect(await store.requests.get(request.id)).toEqual(request);
      const next = approved(request);
      await store.requests.transition({ from: 1, to: next, effects: nothing });
      expect(await store.requests.get(request.id)).toEqual(next);
      const last = cancelled(next);
      await store.requests.transition({ from: 2, to: last, effects: nothing });
      expect(await store.requests.get(request.id)).toEqual(last);
    });

    test("there is no request that was never opened", async () => {
      expect(await store.requests.get("CR-999999")).toBeUndefined();
      expect(await store.requests.originOf("CR-999999")).toBeUndefined();
      expect(await store.requests.cardsOf("CR-999999")).toEqual([]);
    });

    test("the check sees the open requests of that site, oldest first, and no others", async () => {
      const site = unique("site");
      const [first, second] = [await opened(site), await opened(site)];
      const ended = await opened(site);
      await store.requests.transition({ from: 1, to: cancelled(ended), effects: nothing });
      await opened();
      let seen: readonly ChangeRequest[] = [];
      await store.requests.open({
        request: pending(await store.requests.nextNumber(), site.toUpperCase()),
        check: (openForSite) => {
          seen = openForSite;
          return undefined;
        },
        effects: nothing,
      });
      expect(seen).toEqual([first, second]);
    });

    test("a refused opening stores nothing", async () => {
      const request = pending(await store.requests.nextNumber(), unique("site"));
      const effects = {
        ...nothing,
        owed: [card(request.id)],
        prompts: [prompt(unique("prompt"))],
        answers: await received(),
      };
      const result = await store.requests.open({ request, check: () => refusal, effects });
      expect(result).toEqual({ kind: "refused", refusal });
      expect(await store.requests.get(request.id)).toBeUndefined();
      expect(await store.requests.getPrompt(effects.prompts[0]?.id ?? "")).toBeUndefined();
      expect(await store.inbox.get(effects.answers)).toBeDefined();
      await isNotDelivered(`${request.id}/card`);
    });

    test("of many openings for one site at once, one passes a check that allows one", async () => {
      const site = unique("site");
      const results = await Promise.all(
        Array.from({ length: 20 }, async () =>
          store.requests.open({
            request: pending(await store.requests.nextNumber(), site),
            check: (openForSite) => (openForSite.length > 0 ? refusal : undefined),
            effects: nothing,
          }),
        ),
      );
      expect(results.filter((result) => result.kind === "opened")).toHaveLength(1);
      const key = targetKey(pending(0, site).plan.entries[0].target);
      expect(await store.requests.listOpen({ site: key, limit: 100 })).toHaveLength(1);
    });

    test("of many that start on one site at once, one finds that it may", async () => {
      const site = unique("site");
      const requests = await Promise.all(
        Array.from({ length: 10 }, async () => {
          const request = pending(await store.requests.nextNumber(), site);
          await store.requests.open({ request, check: () => undefined, effects: nothing });
          const next = approved(request);
          await store.requests.transition({ from: 1, to: next, effects: nothing });
          return next;
        }),
      );
      const results = await Promise.all(
        requests.map((request) => {
          const { to } = beginApplying(request, { holder: "worker", at: request.approvedAt });
          const mayStart = (others: readonly ChangeRequest[]) => {
            expect(others).toHaveLength(9);
            expect(others.some(({ id }) => id === request.id)).toBe(false);
            return others.every(({ state }) => state !== "applying");
          };
          const effects = { ...nothing, owed: [said(`${request.id}/started`)] };
          return store.requests.startInTurn({ from: request.revision, to, effects, mayStart });
        }),
      );
      expect(results.map(({ kind }) => kind).toSorted()).toEqual([
        "done",
        ...Array.from({ length: 9 }, () => "not-its-turn"),
      ]);
      for (const [index, { id }] of requests.entries()) {
        const started = results[index]?.kind === "done";
        expect((await store.requests.get(id))?.state).toBe(started ? "applying" : "approved");
        expect((await store.outbox.get(`${id}/started`)) !== undefined).toBe(started);
      }
    });

    test("of many transitions at once, each request takes one, with its effects", async () => {
      const requests = await Promise.all(Array.from({ length: 20 }, () => opened()));
      const people = Array.from({ length: 10 }, (_, number) => ({ id: `p${number}`, name: `P${number}` }));
      const attempts = requests.flatMap((request) => people.map((person) => ({ request, person })));
      const results = await Promise.all(
        attempts.map(async ({ request, person }) => {
          const effects = { ...nothing, owed: [card(request.id), said(`${request.id}/${person.id}`)] };
          return await store.requests.transition({ from: 1, to: cancelled(request, person), effects });
        }),
      );
      for (const request of requests) {
        const winners = attempts.filter(
          (attempt, index) => attempt.request === request && results[index]?.kind === "done",
        );
        expect(winners).toHaveLength(1);
        expect(await store.requests.get(request.id)).toMatchObject({ revision: 2, by: winners[0]?.person });
        expect(await store.outbox.get(`${request.id}/card`)).toMatchObject({ want: 1 });
        const told = await Promise.all(
          people.map((person) => store.outbox.get(`${request.id}/${person.id}`)),
        );
        expect(told.map((delivery) => delivery !== undefined)).toEqual(
          people.map((person) => person === winners[0]?.person),
        );
      }
    });

    test("a transition that comes too late is told what is there, and does nothing", async () => {
      const request = await opened();
      const effects = {
        ...nothing,
        owed: [said(unique("said"))],
        prompts: [prompt(unique("prompt"))],
        answers: await received(),
      };
      await store.requests.transition({ from: 1, to: approved(request), effects: nothing });
      const result = await store.requests.transition({ from: 1, to: cancelled(request), effects });
      expect(result).toEqual({ kind: "conflict", current: approved(request) });
      await isNotDelivered(effects.owed[0]?.key ?? "");
      expect(await store.requests.getPrompt(effects.prompts[0]?.id ?? "")).toBeUndefined();
      expect(await store.inbox.get(effects.answers)).toBeDefined();
    });

    test("a request that has ended never changes", async () => {
      const request = await opened();
      const ended = cancelled(request);
      await store.requests.transition({ from: 1, to: ended, effects: nothing });
      const result = await store.requests.transition({
        from: 2,
        to: approved({ ...request, revision: 2 }),
        effects: nothing,
      });
      expect(result).toEqual({ kind: "conflict", current: ended });
    });

    test("a transition that skips a revision, or is of no request, is a defect", async () => {
      const request = await opened();
      const to = approved({ ...request, revision: 2 });
      await expect(store.requests.transition({ from: 1, to, effects: nothing })).rejects.toThrow(/revision/);
      const unknown = approved(pending(999_998));
      await expect(store.requests.transition({ from: 1, to: unknown, effects: nothing })).rejects.toThrow(
        /CR-999998/,
      );
    });

    test("a message is answered once, whatever the answer is", async () => {
      const answers = await received();
      const request = await opened();
      expect(await store.requests.record({ ...nothing, answers, owed: [said(unique("said"))] })).toBe("done");
      expect(await store.inbox.get(answers)).toBeUndefined();

      const effects = { ...nothing, answers, owed: [said(unique("said"))] };
      expect(await store.requests.record(effects)).toBe("handled");
      const another = pending(await store.requests.nextNumber(), unique("site"));
      expect(await store.requests.open({ request: another, check: accept, effects })).toEqual({
        kind: "handled",
      });
      expect(await store.requests.transition({ from: 1, to: cancelled(request), effects })).toEqual({
        kind: "conflict",
        current: request,
      });
      await isNotDelivered(effects.owed[0]?.key ?? "");
      expect(await store.requests.get(another.id)).toBeUndefined();
    });

    test("of many answers to one message at once, one is given", async () => {
      const answers = await received();
      const keys = Array.from({ length: 10 }, () => unique("said"));
      const results = await Promise.all(
        keys.map((key) =>
          store.requests.record({ ...nothing, answers, owed: [said(key)], events: [event()] }),
        ),
      );
      expect(results.filter((result) => result === "done")).toHaveLength(1);
      const deliveries = await Promise.all(keys.map((key) => store.outbox.get(key)));
      expect(deliveries.map((delivery) => delivery !== undefined)).toEqual(
        results.map((result) => result === "done"),
      );
    });

    test("an answer to a message that never came is a defect, and nothing of it happens", async () => {
      const key = unique("said");
      const effects = { ...nothing, owed: [said(key)], answers: "never came" };
      await expect(store.requests.record(effects)).rejects.toThrow(/never came/);
      await isNotDelivered(key);
    });

    test("open requests are listed oldest first, by site, by person and up to a limit", async () => {
      const [site, other] = [unique("site"), unique("site")];
      const requests = [await opened(site), await opened(other), await opened(site), await opened(site)];
      const ended = requests[2];
      if (ended !== undefined)
        await store.requests.transition({ from: 1, to: cancelled(ended), effects: nothing });
      const key = targetKey(pending(0, site).plan.entries[0].target);
      expect(await store.requests.listOpen({ site: key, limit: 10 })).toEqual([requests[0], requests[3]]);
      expect(await store.requests.listOpen({ site: key, limit: 1 })).toEqual([requests[0]]);
      expect(await store.requests.listOpen({ site: key, requester: robin, limit: 10 })).toHaveLength(2);
      expect(await store.requests.listOpen({ requester: ana, limit: 10 })).toEqual([]);
      const all = await store.requests.listOpen({ limit: 10_000 });
      expect(all.map((request) => request.number)).toEqual(
        all.map((request) => request.number).toSorted((a, b) => a - b),
      );
    });

    test("a prompt is taken once", async () => {
      const asked = prompt(unique("prompt"));
      await store.requests.record({ ...nothing, prompts: [asked] });
      expect(await store.requests.getPrompt(asked.id)).toEqual(asked);
      const taken = await Promise.all(Array.from({ length: 10 }, () => store.requests.takePrompt(asked.id)));
      expect(taken.filter((one) => one !== undefined)).toEqual([asked]);
      expect(await store.requests.getPrompt(asked.id)).toBeUndefined();
    });

    test("a question is taken together with what answers it, or not at all", async () => {
      const request = await opened();
      const [asked, other] = [prompt(unique("prompt")), prompt(unique("prompt"))];
      await store.requests.record({ ...nothing, prompts: [asked, other] });
      const late = { ...nothing, takes: asked.id };
      await store.requests.transition({ from: 1, to: approved(request), effects: nothing });
      expect(
        await store.requests.transition({ from: 1, to: cancelled(request), effects: late }),
      ).toMatchObject({ kind: "conflict" });
      expect(await store.requests.getPrompt(asked.id)).toEqual(asked);

      const next = cancelled(approved(request));
      const attempts = await Promise.all(
        Array.from({ length: 5 }, () => store.requests.transition({ from: 2, to: next, effects: late })),
      );
      expect(attempts.filter(({ kind }) => kind === "done")).toHaveLength(1);
      expect(await store.requests.getPrompt(asked.id)).toBeUndefined();

      const key = unique("said");
      const refusing = { ...nothing, takes: other.id, owed: [said(key)] };
      expect(await store.requests.record({ ...refusing, takes: asked.id })).toBe("handled");
      await isNotDelivered(key);
      const records = await Promise.all(Array.from({ length: 5 }, () => store.requests.record(refusing)));
      expect(records.filter((one) => one === "done")).toHaveLength(1);
      expect(await store.requests.getPrompt(other.id)).toBeUndefined();
    });

    test("a question that is gone lets nothing happen, whoever else moved the request", async () => {
      const request = await opened();
      const effects = { ...nothing, takes: unique("never asked") };
      expect(await store.requests.transition({ from: 1, to: cancelled(request), effects })).toEqual({
        kind: "conflict",
        current: request,
      });
      const another = pending(await store.requests.nextNumber(), unique("site"));
      expect(await store.requests.open({ request: another, check: accept, effects })).toEqual({
        kind: "handled",
      });
    });

    test("a click has one effect, also when somebody else moved the request in between", async () => {
      const request = await opened();
      const click = unique("click");
      const first = { ...nothing, click };
      expect(
        await store.requests.transition({ from: 1, to: approved(request), effects: first }),
      ).toMatchObject({ kind: "done" });
      const [key, to] = [unique("said"), cancelled(approved(request))];
      const again = { ...first, owed: [said(key)] };
      expect(await store.requests.transition({ from: 2, to, effects: again })).toEqual({
        kind: "conflict",
        current: approved(request),
      });
      expect(await store.requests.record(again)).toBe("handled");
      await isNotDelivered(key);
      expect(await store.inbox.get(click)).toBeUndefined();
    });

    test("a click whose transition came too late was not done, and may be", async () => {
      const request = await opened();
      const effects = { ...nothing, click: unique("click") };
      await store.requests.transition({ from: 1, to: approved(request), effects: nothing });
      const late = await store.requests.transition({ from: 1, to: cancelled(request), effects });
      expect(late).toMatchObject({ kind: "conflict" });
      const next = cancelled(approved(request));
      expect(await store.requests.transition({ from: 2, to: next, effects })).toMatchObject({ kind: "done" });
    });

    test("of many copies of one click at once, one is done", async () => {
      const request = await opened();
      const effects = { ...nothing, click: unique("click") };
      const to = approved(request);
      const results = await Promise.all(
        Array.from({ length: 10 }, () => store.requests.transition({ from: 1, to, effects })),
      );
      expect(results.filter(({ kind }) => kind === "done")).toHaveLength(1);
      await Promise.all(
        Array.from({ length: 10 }, () => store.requests.record({ ...nothing, click: unique("click") })),
      );
    });

    test("cards are known by their request, the first one is where it came from", async () => {
      const request = pending(await store.requests.nextNumber(), unique("site"));
      const first = card(request.id, unique("z-card"));
      const second = { ...card(request.id, unique("a-card")), place: { ...place, conversation: "C2" } };
      await store.requests.open({ request, check: accept, effects: { ...nothing, owed: [first] } });
      await store.requests.record({ ...nothing, owed: [second, first] });
      expect(await store.requests.cardsOf(request.id)).toEqual([first, second]);
      expect(await store.requests.originOf(request.id)).toEqual(place);
    });

    test("it answers when asked whether it is there", async () => {
      await expect(store.requests.ping()).resolves.toBeUndefined();
    });
  });
}
