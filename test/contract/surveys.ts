import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fleetRow, noCounts } from "../../src/domain/fleet/fleet-row.ts";
import type { Survey } from "../../src/ports/surveys.ts";
import { sampleSite } from "../support/observations.ts";
import { place, said } from "./change-requests-samples.ts";
import { done, type StoreUnderTest, TestHandlers } from "./work-harness.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const nothing = { events: [], owed: [], jobs: [] };

export function sampleSurvey(id: string): Survey {
  return {
    id,
    revision: 1,
    state: "running",
    actor: { account: { platform: "slack", tenant: "T", user: "U" }, displayName: "Robin \u0000 \ud800" },
    place,
    scopes: [{ resourceGroup: "rg-shop" }, { subscription: "Production" }],
    question: { where: "not-routed", flags: ["imagePullTraffic"] },
    startedAt: at,
    readAt: at,
    toldAt: at,
    position: { cursor: "c", after: "/a" },
    counts: noCounts,
    first: [row("shop-web")],
    parts: 0,
    unreadGroups: 1,
    restarts: 2,
    settingsGivenUp: true,
    failure: { code: "azure-denied", message: "No." },
  };
}

function row(label: string) {
  return fleetRow(sampleSite(label), { withSettings: true });
}

/** The promises of the port Surveys, checked on one implementation. */
export function testSurveys(open: () => Promise<StoreUnderTest>): void {
  describe("surveys", () => {
    let store: StoreUnderTest;
    const handlers = new TestHandlers();
    beforeAll(async () => {
      store = await open();
      await store.work.start(handlers.handlers);
    });
    afterAll(() => store.close());

    const rowsOf = async (id: string) => {
      const labels: string[][] = [];
      for await (const rows of store.surveys.rows(id)) labels.push(rows.map(({ label }) => label));
      return labels;
    };

    test("a survey is as it was stored; one that is not there is not", async () => {
      expect(await store.surveys.begin(sampleSurvey("kept"), nothing)).toBe("begun");
      expect(await store.surveys.get("kept")).toEqual(sampleSurvey("kept"));
      expect(await store.surveys.get("never")).toBeUndefined();
    });

    test("it begins together with its job and what is owed, and once for a message", async () => {
      const ran: string[] = [];
      handlers.onSurvey("begun", async ({ survey }) => {
        ran.push(survey);
        return done;
      });
      const id = "asked";
      await store.inbox.receive({
        kind: "message",
        id,
        actor: sampleSurvey("x").actor,
        place,
        text: "list all apps",
      });
      const effects = {
        ...nothing,
        owed: [said("begun:said")],
        jobs: [{ kind: "survey", survey: "begun", person: "robin" } as const],
        answers: id,
      };
      expect(await store.surveys.begin(sampleSurvey("begun"), effects)).toBe("begun");
      expect(await store.surveys.begin(sampleSurvey("again"), effects)).toBe("handled");
      expect(await store.surveys.get("again")).toBeUndefined();
      expect(await store.outbox.get("begun:said")).toBeDefined();
      await store.until(() => ran.length === 1);
    });

    test("a step keeps rows; whoever comes second does nothing", async () => {
      const survey = sampleSurvey("steps");
      await store.surveys.begin(survey, nothing);
      const to = { ...survey, revision: 2, parts: 1 };
      const step = { from: 1, to, rows: [row("a"), row("b")], effects: nothing };
      expect(await store.surveys.step(step)).toBe("done");
      const late = { ...step, rows: [row("late")], effects: { ...nothing, owed: [said("late:said")] } };
      expect(await store.surveys.step(late)).toBe("conflict");
      expect(await store.outbox.get("late:said")).toBeUndefined();
      const next = { from: 2, to: { ...to, revision: 3, parts: 2 }, rows: [row("c")], effects: nothing };
      expect(await store.surveys.step(next)).toBe("done");
      expect(await rowsOf("steps")).toEqual([["a", "b"], ["c"]]);
      expect((await store.surveys.get("steps"))?.revision).toBe(3);
    });

    test("what begins anew has none of its rows", async () => {
      const survey = sampleSurvey("anew");
      await store.surveys.begin(survey, nothing);
      const to = { ...survey, revision: 2, parts: 1 };
      await store.surveys.step({ from: 1, to, rows: [row("old")], effects: nothing });
      const fresh = { ...to, revision: 3, parts: 0 };
      await store.surveys.step({ from: 2, to: fresh, anew: true, effects: nothing });
      expect(await rowsOf("anew")).toEqual([]);
      const after = { ...fresh, revision: 4, parts: 1 };
      await store.surveys.step({ from: 3, to: after, rows: [row("new")], effects: nothing });
      expect(await rowsOf("anew")).toEqual([["new"]]);
    });

    test("a live message is owed again with what it shall show now; a file once", async () => {
      const view = (summary: string) => ({ ...said("x").view, summary });
      const owe = (...owed: Parameters<typeof store.requests.record>[0]["owed"]) =>
        store.requests.record({ ...nothing, owed });
      const file = { kind: "file", key: "the:file", place, survey: "kept" } as const;
      await owe({ kind: "live", key: "live", place, view: view("first") }, file);
      await owe({ kind: "live", key: "live", place, view: view("second") }, file);
      expect(await store.outbox.get("live")).toMatchObject({
        want: 2,
        owed: { view: { summary: "second" } },
      });
      expect(await store.outbox.get("the:file")).toMatchObject({ want: 1, owed: file });
    });
  });
}
