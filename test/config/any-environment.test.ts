import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Environment, environmentSchema, variables } from "../../src/config/environment.ts";
import { describeProblems } from "../../src/config/problem.ts";
import { readEnvironment } from "../../src/config/read-environment.ts";
import { completeEnvironment } from "./complete-environment.ts";

const read = (environment: Environment) => readEnvironment(environment, "/srv/routebot");

describe("whatever stands in the environment", () => {
  // Long and odd enough that no sentence of ours holds it by accident.
  const oddValue = fc.string({ minLength: 4, maxLength: 30, unit: "grapheme" }).map((text) => `q${text}q7Zx`);
  const name = fc.constantFrom(...variables.map((variable) => variable.name));

  test("no value is ever repeated in a message", () => {
    fc.assert(
      fc.property(fc.dictionary(name, oddValue), fc.boolean(), (odd, onTop) => {
        const { problems, warnings } = read(onTop ? { ...completeEnvironment, ...odd } : odd);
        const said = [describeProblems(problems), ...warnings].join("\n");
        for (const value of Object.values(odd)) expect(said).not.toContain(value);
      }),
    );
  });

  test("it never throws, and either gives settings or says why not", () => {
    fc.assert(
      fc.property(fc.dictionary(name, fc.string()), (environment) => {
        const { settings, problems } = read({ ...completeEnvironment, ...environment });
        expect(settings === undefined).toBe(problems.length > 0);
        for (const { message } of problems) expect(message).toMatch(/^[a-z].*[;,(].+/);
      }),
    );
  });

  test("every variable is described for the operator, and secrets are marked", () => {
    expect(variables.map((variable) => variable.name)).toEqual(Object.keys(environmentSchema.shape));
    const marked = variables.filter((variable) => variable.secret === true).map((variable) => variable.name);
    const telling = Object.keys(environmentSchema.shape).filter((n) =>
      /SECRET$|PASSWORD$|TOKEN$|_KEY$|_HEADERS$|_CONNECTION_STRING$|^DATABASE_URL$/.test(n),
    );
    expect(marked).toEqual(telling);
  });
});
