import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { parseCommand } from "../../src/command/parse.ts";
import { variableNames } from "../../src/config/environment.ts";
import { readEnvironment } from "../../src/config/read-environment.ts";
import { readPolicy } from "../../src/config/read-policy.ts";
import { completeEnvironment, completePolicy, ids } from "../config/complete-environment.ts";
import { asJson, bytesLike, mutated, runs, timeLimitMs } from "./mutations.ts";

const context = { teamsTenant: ids.tenant, teamsTenants: [ids.tenant], slackTeams: ["T0CONTOSO"] };
const example = readFileSync(new URL("../../routebot.example.yaml", import.meta.url), "utf8");
const policies = [completePolicy, example];

function readInTime(text: string): void {
  const began = performance.now();
  const result = readPolicy(text, context);
  expect(performance.now() - began).toBeLessThan(5_000);
  if (result.kind === "invalid") {
    expect(result.problems.length).toBeGreaterThan(0);
    for (const { message } of result.problems) expect(message).not.toMatch(/node_modules|TypeError/);
  } else {
    // Whatever was made of it: nobody approves who is not named.
    for (const { approve } of result.policy.rules) expect(approve).not.toContain("*");
  }
}

test(
  "whatever a policy file is made of, it is read or refused, in bounded time",
  () => {
    const trees = policies.map((text): unknown => parse(text));
    fc.assert(
      fc.property(mutated(trees), (tree) => readInTime(asJson(tree))),
      runs(300),
    );
  },
  timeLimitMs,
);

test(
  "whatever bytes are in it",
  () => {
    fc.assert(
      fc.property(bytesLike(policies), (bytes) => readInTime(bytes.toString())),
      runs(300),
    );
  },
  timeLimitMs,
);

test("aliases that would grow without end are refused", () => {
  const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
  for (const [index, name] of [..."bcdefghij"].entries()) {
    const before = "abcdefghij"[index];
    bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`);
  }
  expect(readPolicy(bomb.join("\n"), context).kind).toBe("invalid");
});

test(
  "whatever stands in the environment, it is settings or problems, and no value of it is repeated",
  () => {
    const names = fc.constantFrom(...variableNames);
    const values = mutated(Object.values(completeEnvironment)).map((value) =>
      typeof value === "string" ? value : asJson(value),
    );
    fc.assert(
      fc.property(fc.dictionary(names, values, { maxKeys: 6 }), (changes) => {
        const { settings, problems } = readEnvironment({ ...completeEnvironment, ...changes }, "/srv");
        expect(settings === undefined).toBe(problems.length > 0);
      }),
      runs(300),
    );
  },
  timeLimitMs,
);

test(
  "whatever a message says, it is parsed in bounded time",
  () => {
    const said = [
      "route all traffic for app-x in rg-shop for 2 hours because checkout is down",
      "approve CR-12",
      "undo CR-3",
      "freeze rg-shop",
      "status of app-x/staging and app-y",
    ];
    fc.assert(
      fc.property(bytesLike(said), (bytes) => {
        const began = performance.now();
        parseCommand(bytes.toString());
        expect(performance.now() - began).toBeLessThan(2_000);
      }),
      runs(300),
    );
  },
  timeLimitMs,
);
