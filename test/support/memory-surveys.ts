import type { FleetRow } from "../../src/domain/fleet/fleet-row.ts";
import type { Effects } from "../../src/ports/change-requests.ts";
import type { Survey, Surveys } from "../../src/ports/surveys.ts";

type Transactions = {
  run<T>(step: () => T): Promise<T>;
  wasHandled(effects: Effects): boolean;
  carryOut(effects: Effects): void;
};

/** Surveys in memory, over the transactions of the store that they belong to. */
export function createMemorySurveys({ run, wasHandled, carryOut }: Transactions): Surveys {
  const surveys = new Map<string, Survey>();
  const parts = new Map<string, (readonly FleetRow[])[]>();
  return {
    begin: (survey, effects) =>
      run(() => {
        if (wasHandled(effects)) return "handled";
        surveys.set(survey.id, structuredClone(survey));
        parts.set(survey.id, []);
        carryOut(effects);
        return "begun";
      }),
    get: (id) => run(() => surveys.get(id)),
    step: ({ from, to, rows, anew, effects }) =>
      run(() => {
        if (to.revision !== from + 1) throw new Error(`revision ${to.revision} does not follow ${from}`);
        if (surveys.get(to.id)?.revision !== from) return "conflict";
        surveys.set(to.id, structuredClone(to));
        const kept = anew ? [] : (parts.get(to.id) ?? []);
        if (rows !== undefined) kept[to.parts - 1] = structuredClone(rows);
        parts.set(to.id, kept);
        carryOut(effects);
        return "done";
      }),
    async *rows(id) {
      for (const part of parts.get(id) ?? []) yield await run(() => part);
    },
  };
}
