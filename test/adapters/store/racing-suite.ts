import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { InState } from "../../../src/domain/change/change-request.ts";
import type { Flow } from "../../../src/flow/flow.ts";
import { type Decide, type Decided, recordDecision } from "../../../src/flow/record-decision.ts";
import { nothing, pending } from "../../contract/change-requests-samples.ts";
import { racerAccounts as accounts, flowOn, type racerIds } from "./racing-flow.ts";
import { collect, type TestStore } from "./store-for-tests.ts";

type Racer = (typeof racerIds)[number];

/** Who wants what at the same moment; each line is a race on one request. */
const races: readonly (readonly (readonly [Racer, Decide["verb"]])[])[] = [
  [
    ["ana", "approve"],
    ["ben", "approve"],
    ["ana", "approve"],
    ["ben", "reject"],
  ],
  [
    ["ana", "approve"],
    ["ana", "withdraw"],
    ["ben", "approve"],
    ["robin", "cancel"],
  ],
  [
    ["ana", "reject"],
    ["ben", "reject"],
    ["robin", "cancel"],
    ["cleo", "approve"],
  ],
  [
    ["robin", "break-glass"],
    ["ana", "approve"],
    ["ben", "reject"],
    ["robin", "cancel"],
  ],
];
const atOnce = 25;

const recorded = z.looseObject({
  kind: z.string(),
  request: z.string().optional(),
  person: z.looseObject({ id: z.string() }).optional(),
  from: z.string().optional(),
  to: z.string().optional(),
});

/** Races of decisions through the whole flow on the real store; `rounds` is how many requests are raced for, four at each. */
export function testRacing(open: () => Promise<TestStore>, rounds: number): void {
  let store: TestStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  async function opened(round: number): Promise<InState<"pending">> {
    const request = pending(await store.requests.nextNumber(), `racing-${round}`);
    const quorum = 1 + (round % 2);
    const of = { ...request, terms: { ...request.terms, quorum } };
    await store.requests.open({ request: of, check: () => undefined, effects: nothing });
    return of;
  }

  async function race(flow: Flow, round: number) {
    const request = await opened(round);
    const racers = races[Math.floor(round / 2) % races.length] ?? [];
    const results: Decided[] = await Promise.all(
      racers.map(([id, verb]) =>
        recordDecision(flow, {
          request: request.id,
          verb,
          person: { id, name: id },
          account: accounts[id],
          surface: "button",
          why: "Because.",
          fingerprint: request.plan.fingerprint,
        }),
      ),
    );
    return { id: request.id, racers, results };
  }

  test(`of ${rounds * 4} racing decisions, each race has one outcome, and each decision is in the audit`, async () => {
    const flow = flowOn(store, store.log);
    const raced: Awaited<ReturnType<typeof race>>[] = [];
    for (let from = 0; from < rounds; from += atOnce) {
      raced.push(
        ...(await Promise.all(Array.from({ length: atOnce }, (_, index) => race(flow, from + index)))),
      );
    }
    const events = new Map<string, z.infer<typeof recorded>[]>();
    for (const { payload } of await collect(store.audit.recordsAfter(0))) {
      const event = recorded.parse(JSON.parse(payload));
      if (event.request) events.set(event.request, [...(events.get(event.request) ?? []), event]);
    }
    const broken: string[] = [];
    for (const { id, racers, results } of raced) {
      const request = await store.requests.get(id);
      const audited = events.get(id) ?? [];
      const moves = audited.filter(({ to }) => to !== undefined);
      // One after the other, from the opening to how it stands now, and nothing after its end.
      let state = "pending";
      for (const { from, to = "" } of moves) {
        expect(from).toBe(state);
        state = to;
      }
      expect(request?.state).toBe(state);
      expect(request?.revision).toBe(1 + moves.length);
      expect(
        moves.filter(({ from, to }) => from === "pending" && to !== "pending").length,
      ).toBeLessThanOrEqual(1);
      // Whoever was told that it is recorded finds it recorded, whoever was refused finds that.
      expect(moves).toHaveLength(results.filter(({ kind }) => kind === "recorded").length);
      expect(audited).toHaveLength(racers.length);
      for (const [who] of racers) expect(audited.some(({ person }) => person?.id === who)).toBe(true);
      const approvers = request?.approvals.map(({ person }) => person.id) ?? [];
      expect(new Set(approvers).size).toBe(approvers.length);
      if (request?.state === "approved" && !request.permit) {
        expect(approvers).toHaveLength(request.terms.quorum);
      }
      if (request?.permit) broken.push(id);
    }
    // One glass at a time, whatever the races.
    expect(broken.length).toBeLessThanOrEqual(1);
    expect((await store.reviews.due({ limit: 10 })).map(({ request }) => request)).toEqual(broken);
  });
}
