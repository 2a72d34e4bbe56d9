import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { startRoutebot } from "./run-routebot.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-cli-"));
});
afterAll(() => rm(folder, { recursive: true }));

const routebot = (...words: readonly string[]) => startRoutebot(words, { folder }).ended;

describe("the command line", () => {
  test("lists its commands, on standard output when asked for help", async () => {
    const { code, stdout, stderr } = await routebot("--help");
    expect(code).toBe(0);
    expect(stderr).toBe("");
    for (const command of [
      "serve",
      "playground",
      "tour",
      "parse",
      "policy",
      "setup",
      "doctor",
      "audit",
      "migrate",
      "move",
      "park",
    ])
      expect(stdout).toContain(`  ${command} `);
  });

  test("says its version", async () => {
    expect(await routebot("--version")).toMatchObject({ code: 0, stdout: `${packageJson.version}\n` });
  });

  test("says what is wrong with a command that it does not know, and nothing on standard output", async () => {
    const { code, stdout, stderr } = await routebot("prase");
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("unknown command 'prase'");
    expect(stderr).toContain("Did you mean parse?");
  });

  test("without a command shows what there is, and fails", async () => {
    const { code, stderr } = await routebot();
    expect(code).toBe(1);
    expect(stderr).toContain("Usage: routebot");
  });

  test.each([
    "serve",
    "playground",
    "tour",
    "parse",
    "policy",
    "setup",
    "doctor",
    "audit",
    "migrate",
    "move",
    "park",
  ])("%s has help of its own, whichever way it is asked for", async (command) => {
    const [asked, option] = await Promise.all([routebot("help", command), routebot(command, "--help")]);
    expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining(`Usage: routebot ${command}`) });
    expect(option).toEqual(asked);
  });
});
