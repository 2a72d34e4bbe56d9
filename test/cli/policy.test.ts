import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRoutebot } from "./run-routebot.ts";

const policy = `
people:
  - { id: robin, name: Robin, teams: 7c1d3a52-90f4-4c1b-8a6e-1f0b6c2d4e01, slack: T0CONTOSO/U0ROBIN }
  - { id: ana, name: Ana, teams: 2e9b6f10-4d87-4b3a-9c55-6a7d8e9f0a02, slack: T0CONTOSO/U0ANA }
rules:
  - { name: everything, request: [robin], approve: [ana] }
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-policy-"));
  await writeFile(join(folder, "routebot.yaml"), policy);
  await writeFile(join(folder, "wrong.yaml"), policy.replace("approve: [ana]", "approve: [nobody]"));
});
afterAll(() => rm(folder, { recursive: true }));

const routebot = (...words: readonly string[]) => startRoutebot(words, { folder }).ended;

test("a policy is checked without any configuration, and what is wrong makes it fail", async () => {
  const [good, wrong, missing] = await Promise.all([
    routebot("policy", "check"),
    routebot("policy", "check", "wrong.yaml"),
    routebot("policy", "check", "missing.yaml"),
  ]);
  expect(good).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("valid: 2 people, 0 groups, 1 rules"),
  });
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toContain("rules[0].approve[0]: names nobody, who is not under people");
  expect(missing).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("cannot be read") });
});

test("a change is explained, with the exit code of the answer", async () => {
  const explain = (as: string) =>
    routebot(
      "policy",
      "explain",
      "--as",
      as,
      "--change",
      "route all traffic for app-x",
      "--tag",
      "env=prod",
      "team=a",
    );
  const [robin, ana, dan] = await Promise.all([explain("robin"), explain("ana"), explain("dan")]);
  expect(robin).toMatchObject({ code: 0, stdout: expect.stringContaining("It can be approved by Ana.") });
  expect(ana).toMatchObject({ code: 1, stdout: expect.stringContaining("Ana may not ask for it") });
  expect(dan).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("Nobody under people has the id dan"),
  });
});

test("the schema is JSON on standard output, and nothing else", async () => {
  const { code, stdout, stderr } = await routebot("policy", "schema");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ title: "Routebot policy" });
});
