import type { ArmAnswer, ArmRequest, ResourceManager } from "../../../src/adapters/azure/resource-manager.ts";

/** An answer of the resource manager. */
export function armAnswer(
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): ArmAnswer {
  return { status, body, header: (name) => headers[name.toLowerCase()] };
}

export type ScriptedManager = ResourceManager & { readonly requests: readonly ArmRequest[] };

/** A resource manager that gives prepared answers, the last one again and again, and keeps what it was asked. */
export function scriptedManager(...answers: readonly (ArmAnswer | Error)[]): ScriptedManager {
  const requests: ArmRequest[] = [];
  return {
    origin: "https://arm.test",
    requests,
    async send(request) {
      const answer = answers[Math.min(requests.length, answers.length - 1)];
      requests.push(request);
      if (answer === undefined) throw new Error("no answer was prepared");
      if (answer instanceof Error) throw answer;
      return answer;
    },
    sitesOf: () => Promise.reject(new Error("the typed client was not expected here")),
    signIn: async () => {},
  };
}
