import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { environmentSchema, variables } from "../../src/config/environment.ts";
import { environmentExample } from "../../src/config/environment-example.ts";
import { environmentPage } from "../../src/config/environment-page.ts";
import { policyExample } from "../../src/config/policy-example.ts";
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

test("docs/configuration.md is what the schema says (vitest -u writes it anew)", async () => {
  const text = environmentPage();
  await expect(text).toMatchFileSnapshot("../../docs/configuration.md");
  for (const { name } of variables) expect(text).toContain(`| \`${name}\` |`);
});

test("docs/routebot.schema.json is what the schema says (routebot policy schema writes it anew)", () => {
  expect(JSON.parse(file("docs/routebot.schema.json"))).toEqual(JSON.parse(policyJsonSchema()));
});

test("routebot.example.yaml is what the schema says, with every key of it (vitest -u writes it anew)", async () => {
  const text = policyExample();
  await expect(text).toMatchFileSnapshot("../../routebot.example.yaml");
  expect(text).not.toMatch(/undefined/);
  const keys = [
    ...policyJsonSchema().matchAll(/"([A-Za-z]+)": \{\n\s+"(?:description|anyOf|type|default|enum)/g),
  ];
  const missing = keys.map(([, key]) => key).filter((key) => key && !new RegExp(`\\b${key}:`).test(text));
  expect(
    missing.filter((key) => !["items", "additionalProperties", "propertyNames"].includes(key ?? "")),
  ).toEqual([]);
});

test("routebot.example.yaml is a policy that stays one when every remark of a key is taken in", () => {
  const tenant = "11111111-1111-4111-8111-111111111111";
  const context = { stepUp: true, teamsTenant: tenant, teamsTenants: [tenant], slackTeams: ["T0000000000"] };
  const taken = file("routebot.example.yaml")
    .replaceAll(/^( +)# ([A-Za-z]+: \S)/gm, "$1$2")
    // Those two say what `from` and `to` mean, which are weekly in the example.
    .replaceAll(/^ +days: .*\n/gm, "");
  const result = readPolicy(taken, context);
  expect(result.kind === "invalid" ? result.problems : []).toEqual([]);
});

test("routebot.example.yaml is a policy without problems and warnings", () => {
  const tenant = "11111111-1111-4111-8111-111111111111";
  const context = { teamsTenant: tenant, teamsTenants: [tenant], slackTeams: ["T0000000000"] };
  expect(readPolicy(file("routebot.example.yaml"), context)).toMatchObject({ kind: "policy", warnings: [] });
});
