import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StepUp } from "../../src/domain/change/step-up.ts";
import { approved, nothing, pending, said } from "./change-requests-samples.ts";
import type { StoreUnderTest } from "./work-harness.ts";

/** The promises of the port StepUps, checked on one implementation. */
export function testStepUps(open: () => Promise<StoreUnderTest>): void {
  describe("step-ups", () => {
    let store: StoreUnderTest;
    let names = 0;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    const waiting = async () => {
      const request = pending(await store.requests.nextNumber(), `site-of-step-ups-${++names}`);
      await store.requests.open({ request, check: () => undefined, effects: nothing });
      const stepUp: StepUp = {
        id: `step-up-${names}`,
        request: request.id,
        person: { id: "ana", name: "Ana \u0000" },
        account: { platform: "slack", tenant: "T1", user: "U1" },
        surface: "button",
        fingerprint: "f",
        expiresAt: new Date("2026-11-22T12:00:00.123Z"),
      };
      expect(await store.requests.record({ ...nothing, stepUp })).toBe("done");
      return { request, stepUp };
    };
    const secrets = (state: string) => ({ state, nonce: `${state}-nonce`, verifier: `${state}-verifier` });

    test("come back as they were stored, with their request", async () => {
      const { request, stepUp } = await waiting();
      const second = { ...stepUp, id: `${stepUp.id}-b` };
      await store.requests.record({ ...nothing, stepUp: second });
      expect(await store.stepUps.get(stepUp.id)).toEqual(stepUp);
      expect(await store.stepUps.waiting(request.id)).toEqual([stepUp, second]);
      expect(await store.stepUps.get("unknown")).toBeUndefined();
    });

    test("have one sign-in, the last that was begun, which is taken once", async () => {
      const { stepUp } = await waiting();
      const [first, last] = [`${stepUp.id}-first`, `${stepUp.id}-last`];
      expect(await store.stepUps.beginSignIn(stepUp.id, secrets(first))).toBe(true);
      expect(await store.stepUps.beginSignIn(stepUp.id, secrets(last))).toBe(true);
      expect(await store.stepUps.beginSignIn("unknown", secrets("x"))).toBe(false);
      expect(await store.stepUps.takeSignIn(first)).toBeUndefined();
      const taken = await Promise.all(Array.from({ length: 4 }, () => store.stepUps.takeSignIn(last)));
      expect(taken.filter((one) => one !== undefined)).toEqual([{ stepUp, secrets: secrets(last) }]);
      expect(await store.stepUps.get(stepUp.id)).toEqual(stepUp);
    });

    test("end with the transition that takes them, which happens once", async () => {
      const { request, stepUp } = await waiting();
      await store.stepUps.beginSignIn(stepUp.id, secrets(stepUp.id));
      const effects = { ...nothing, takesStepUp: stepUp.id, owed: [said(`${stepUp.id}/taken`)] };
      const move = () => store.requests.transition({ from: 1, to: approved(request), effects });
      const kinds = (await Promise.all([move(), move(), move()])).map(({ kind }) => kind);
      expect(kinds.toSorted()).toEqual(["conflict", "conflict", "done"]);
      expect(await store.stepUps.get(stepUp.id)).toBeUndefined();
      expect(await store.stepUps.takeSignIn(stepUp.id)).toBeUndefined();
      expect(await store.requests.record({ ...nothing, takesStepUp: stepUp.id })).toBe("handled");
    });

    test("stay when what would take them does not happen", async () => {
      const { request, stepUp } = await waiting();
      const effects = { ...nothing, takesStepUp: "unknown" };
      expect(await store.requests.transition({ from: 1, to: approved(request), effects })).toMatchObject({
        kind: "conflict",
        current: { state: "pending" },
      });
      const late = { ...approved(request), revision: 8 };
      const taking = { ...nothing, takesStepUp: stepUp.id };
      expect((await store.requests.transition({ from: 7, to: late, effects: taking })).kind).toBe("conflict");
      expect(await store.stepUps.get(stepUp.id)).toEqual(stepUp);
    });
  });
}
