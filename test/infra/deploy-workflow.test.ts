import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { root } from "../repository/source-files.ts";

const step = z.object({
  name: z.string().optional(),
  run: z.string().optional(),
  uses: z.string().optional(),
});
const workflow = z
  .object({
    permissions: z.record(z.string(), z.string()),
    concurrency: z.object({ "cancel-in-progress": z.boolean() }),
    jobs: z.record(
      z.string(),
      z.object({
        needs: z.string().optional(),
        environment: z.string().optional(),
        permissions: z.record(z.string(), z.string()).optional(),
        steps: z.array(step),
      }),
    ),
  })
  .parse(parse(readFileSync(`${root}/.github/workflows/deploy.yml`, "utf8")));
const { test: tests, package: made, deploy } = workflow.jobs;

test("what is deployed was tested and packed before, and one deployment waits for the other", () => {
  expect(tests?.steps.map(({ run }) => run)).toContain("npm test");
  expect([made?.needs, deploy?.needs]).toEqual(["test", "package"]);
  expect(workflow.concurrency["cancel-in-progress"]).toBe(false);
});

test("it signs in without a stored secret, and only the job that deploys may ask for a token", () => {
  const text = readFileSync(`${root}/.github/workflows/deploy.yml`, "utf8");
  expect(text).not.toContain("secrets.");
  expect(workflow.permissions).toEqual({ contents: "read" });
  expect(deploy).toMatchObject({ environment: "production", permissions: { "id-token": "write" } });
  expect(made?.permissions).toBeUndefined();
});

test("the package has all that the site runs, and none of what is only for development", () => {
  const commands = made?.steps.map(({ run }) => run ?? "").join("\n");
  expect(commands).toContain("npm ci --omit=dev --omit=optional");
  for (const part of ["package.json", "src", "manifest", "node_modules"]) {
    expect(commands).toMatch(new RegExp(`zip .*\\b${part.replace(".", "\\.")}\\b`));
  }
});

test("policy, deployment, readiness, swap, and back again when production is not ready", () => {
  const commands = (deploy?.steps ?? []).map(({ run }) => run ?? "");
  const at = (pattern: RegExp) => commands.findIndex((command) => pattern.test(command));
  const order = [
    at(/--type static .*routebot\.yaml/),
    at(/--slot staging .*--type zip/),
    at(/--slot staging .*defaultHostName[\s\S]*\/readyz/),
    at(/slot swap/),
    at(/\/readyz[\s\S]*then[\s\S]*slot swap[\s\S]*exit 1/),
  ];
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
});
