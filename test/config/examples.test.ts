import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { environmentSchema, variables } from "../../src/config/environment.ts";
import { environmentExample } from "../../src/config/environment-example.ts";
import { policyJsonSchema } from "../../src/config/policy-json-schema.ts";
import { readPolicy } from "../../src/config/read-policy.ts";

const file = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

describe(".env.example", () => {
  test("is what the schema says (vitest -u writes it anew)", async () => {
    await expect(environmentExample()).toMatchFileSnapshot("../../.env.example");
  });

  test("sets nothing until somebody takes a line in, and then has all variables, well formed", () => {
    const text = file(".env.example");
    expect(parseEnv(text)).toEqual({});
    const taken = parseEnv(text.replaceAll(/^# ([A-Z_]+=)/gm, "$1"));
    expect(Object.keys(taken).sort()).toEqual(
      variables
        .map(({ name }) => name)
        .filter((name) => name !== "PORT")
        .sort(),
    );
    const given = Object.fromEntries(Object.entries(taken).filter(([, value]) => value !== ""));
    expect(environmentSchema.safeParse(given).error?.issues ?? []).toEqual([]);
  });

  test("holds no secret", () => {
    const taken = parseEnv(file(".env.example").replaceAll(/^# ([A-Z_]+=)/gm, "$1"));
    for (const { name, secret } of variables) {
      if (secret === true) expect(taken[name]).toMatch(/^$|PASSWORD/);
    }
  });
});

test("docs/routebot.schema.json is what the schema says (routebot policy schema writes it anew)", () => {
  expect(JSON.parse(file("docs/routebot.schema.json"))).toEqual(JSON.parse(policyJsonSchema()));
});

test("routebot.example.yaml is a policy without problems and warnings", () => {
  const tenant = "11111111-1111-4111-8111-111111111111";
  const context = { teamsTenant: tenant, teamsTenants: [tenant], slackTeams: ["T0000000000"] };
  expect(readPolicy(file("routebot.example.yaml"), context)).toMatchObject({ kind: "policy", warnings: [] });
});
