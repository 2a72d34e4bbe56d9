import type { StepUp } from "../../src/domain/change/step-up.ts";
import type { Effects } from "../../src/ports/change-requests.ts";
import type { SignInSecrets, StepUps } from "../../src/ports/step-ups.ts";

/** The part of the memory store that keeps approvals waiting for a sign-in. `run` makes one transaction. */
export function createMemoryStepUps(run: <T>(step: () => T) => Promise<T>) {
  const kept = new Map<string, { readonly stepUp: StepUp; secrets?: SignInSecrets | undefined }>();
  const port: StepUps = {
    get: (id) => run(() => kept.get(id)?.stepUp),
    waiting: (request) =>
      run(() => [...kept.values()].map(({ stepUp }) => stepUp).filter((one) => one.request === request)),
    beginSignIn: (id, secrets) =>
      run(() => {
        const entry = kept.get(id);
        if (entry) entry.secrets = secrets;
        return entry !== undefined;
      }),
    takeSignIn: (state) =>
      run(() => {
        const entry = [...kept.values()].find(({ secrets }) => secrets?.state === state);
        if (!entry?.secrets) return undefined;
        const { stepUp, secrets } = entry;
        entry.secrets = undefined;
        return { stepUp, secrets };
      }),
  };
  return {
    port,
    wasTaken: ({ takesStepUp }: Effects) => takesStepUp !== undefined && !kept.has(takesStepUp),
    carryOut({ stepUp, takesStepUp }: Effects): void {
      if (takesStepUp !== undefined) kept.delete(takesStepUp);
      if (stepUp !== undefined) kept.set(stepUp.id, { stepUp: structuredClone(stepUp) });
    },
  };
}
