import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { desiredRouting } from "../../src/domain/routing/desired-routing.ts";
import { effectiveValues } from "../../src/domain/routing/effective-value.ts";
import { type FlagValues, routingFlags } from "../../src/domain/routing/routing-flag.ts";
import type { SiteObservation } from "../../src/domain/routing/site-observation.ts";
import { needsInspection, notesOnSubnet } from "../../src/domain/routing/subnet-notes.ts";
import type { ResolvedTarget } from "../../src/domain/target.ts";
import type { RoutingService } from "../../src/ports/routing-service.ts";
import { checks, preflight } from "./preflight-table.ts";
import type { SiteState } from "./site-state.ts";
import { cells, rowsOfKind, stateOf, truthTable } from "./truth-table.ts";

/** An implementation, and a way to bring one of its sites (`production`, or the slot of it) into a state. */
export type StatesHarness = {
  readonly service: RoutingService;
  readonly production: ResolvedTarget;
  readonly slot: ResolvedTarget;
  arrange(target: ResolvedTarget, state: SiteState): void;
  reset(): void;
  close(): Promise<void>;
};

/** Whether a generation of the API can report a state: the older one has four flags, and reports each of them. */
function isSayable(state: SiteState, generation: SiteObservation["generation"]): boolean {
  if (generation === "modern") return true;
  const { allTraffic, managedIdentityTraffic, ...others } = state.flags ?? {};
  return (
    allTraffic !== true &&
    managedIdentityTraffic === undefined &&
    Object.values(others).every((value) => value !== "unset")
  );
}

/** Every row of the truth table, and every check before a card, as what is read from Azure shows them. */
export function describeSiteStates(
  name: string,
  generation: SiteObservation["generation"],
  open: () => Promise<StatesHarness>,
): void {
  describe(`${name} reads every state of a site`, () => {
    let harness: StatesHarness;
    beforeAll(async () => {
      harness = await open();
    });
    beforeEach(() => harness.reset());
    afterAll(async () => await harness.close());

    async function observe(target: ResolvedTarget): Promise<SiteObservation> {
      const result = await harness.service.observe(target);
      if (result.kind !== "observed") throw new Error(`expected a reading, got ${JSON.stringify(result)}`);
      expect(result.observation.generation).toBe(generation);
      return result.observation;
    }

    async function arranged(state: SiteState, target = harness.production): Promise<SiteObservation> {
      harness.arrange(target, state);
      return observe(target);
    }

    describe("truth table", () => {
      it("is complete and without contradiction: every cell is in one row, every row has a cell", () => {
        const rows = cells().map(({ cell }) =>
          truthTable.filter(({ fits }) => fits(cell)).map(({ row }) => row),
        );
        expect(rows.filter((found) => found.length !== 1)).toEqual([]);
        expect(new Set(rows.flat())).toEqual(new Set(truthTable.map(({ row }) => row)));
        const numbers = [...truthTable, ...rowsOfKind].map(({ row }) => /^\d/.exec(row)?.[0]);
        expect(new Set(numbers)).toEqual(new Set(["1", "2", "3", "4", "5", "6", "7", "8", "9", undefined]));
      });

      it.each(truthTable)("row $row", async ({ fits, route }) => {
        for (const { flag, cell } of cells().filter((one) => fits(one.cell))) {
          const state = stateOf(flag, cell);
          if (!isSayable(state, generation)) continue;
          const site = await arranged(state);
          expect({ flag, cell, route: effectiveValues(site)[flag].route }).toEqual({ flag, cell, route });
        }
      });

      it.each(rowsOfKind)("row $row", async ({ state, routes }) => {
        const { allTraffic: _, ...sayable } = state.flags ?? {};
        const flags = generation === "modern" ? (state.flags ?? {}) : sayable;
        const values = effectiveValues(await arranged({ ...state, flags }));
        for (const flag of routingFlags) {
          if (routes[flag] !== undefined)
            expect({ flag, ...values[flag] }).toMatchObject({ flag, route: routes[flag] });
        }
      });
    });

    describe("checks before a card", () => {
      it("are all there", () => {
        // Slots have a test of their own below: they need two sites.
        const covered = new Set([...preflight.map(({ check }) => check), "Slots"]);
        expect(covered).toEqual(new Set(checks));
        expect(new Set(preflight.map(({ check, name: one }) => `${check} ${one}`)).size).toBe(
          preflight.length,
        );
      });

      it.each(preflight)("$check: $name", async ({ state, set, expected }) => {
        if (generation === "legacy" && set.allTraffic !== undefined) return;
        const site = await arranged(state);
        const found = await weigh(site, set);
        if ("refused" in expected) {
          expect(found).toEqual({ refused: expected.refused, words: expect.stringMatching(expected.words) });
          return;
        }
        expect(found).toEqual({ notes: expect.arrayContaining([...expected.notes]) });
        for (const code of expected.without ?? []) {
          expect(found).not.toEqual({ notes: expect.arrayContaining([code]) });
        }
      });

      it("Slots: each is a resource of its own, with flags and settings of its own", async () => {
        harness.arrange(harness.slot, {
          flags: { applicationTraffic: true },
          settings: { WEBSITE_CONTENTOVERVNET: "1" },
        });
        const [production, slot] = [await arranged({}), await observe(harness.slot)];
        expect(slot).toMatchObject({
          flags: { applicationTraffic: true },
          legacy: { WEBSITE_CONTENTOVERVNET: "on" },
          target: { slot: harness.slot.slot },
        });
        expect(production).toMatchObject({
          flags: { applicationTraffic: false },
          legacy: { WEBSITE_CONTENTOVERVNET: "absent" },
        });
        expect(production.target.slot).toBeUndefined();
      });
    });

    /** As a plan is made: what is wanted of the site as it was read, and of the network around it. */
    async function weigh(site: SiteObservation, set: FlagValues) {
      const desired = desiredRouting(site, set);
      if (desired.kind === "no-op") throw new Error(desired.because);
      if (desired.kind === "refused") {
        return { refused: desired.refusal.code, words: desired.refusal.message };
      }
      const { changes, notes } = desired;
      const around =
        site.integration.kind === "regional" && needsInspection(site, changes)
          ? notesOnSubnet(site, changes, await harness.service.inspectSubnet(site.integration.subnetId))
          : [];
      return { notes: [...around, ...notes].map(({ code }) => code) };
    }
  });
}
