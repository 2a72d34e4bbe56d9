import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { completeEnvironment, completePolicy } from "../config/complete-environment.ts";
import { startRoutebot } from "./run-routebot.ts";

const lineSchema = z.looseObject({ level: z.string(), event: z.string(), url: z.string().optional() });

let folder: string;
/** Making a database takes some seconds; whichever test is first does it, for all. */
let dataFolder: string;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "routebot-serve-data-"));
});
afterAll(() => rm(dataFolder, { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-serve-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Teams alone: nothing has to be asked at the start. */
function environment(more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const teamsOnly = Object.entries(completeEnvironment).filter(([name]) => !name.startsWith("SLACK_"));
  return { ...Object.fromEntries(teamsOnly), ROUTEBOT_PORT: "0", ROUTEBOT_DATA_DIR: dataFolder, ...more };
}
const policy = () => writeFile(join(folder, "routebot.yaml"), completePolicy);
const serve = (given = environment()) => startRoutebot(["serve"], { folder, environment: given });

describe("a configuration that is not right", () => {
  test("starts nothing, leaves nothing, tells everything and ends with exit code 1", async () => {
    const { code, stdout, stderr } = await serve(
      environment({ ROUTEBOT_PORT: "web", TEAMS_APP_PASSWORD: "hunter2 hunter2", ROUTEBOT_DATA_DIR: "data" }),
    ).ended;
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("Routebot cannot start: 3 problems in its configuration.");
    expect(stderr).toContain("ROUTEBOT_PORT: is not a port");
    expect(stderr).toContain("TEAMS_APP_PASSWORD: holds white space");
    expect(stderr).toContain("the file: does not exist");
    expect(stderr).not.toContain("hunter2");
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("a right one", () => {
  test("is ready when it says so, logs lines of JSON without secrets, and stops at SIGTERM", async () => {
    await policy();
    const bot = serve();
    const { url } = lineSchema.parse(JSON.parse(await bot.errorLine(/"listening"/)));
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(200);
    await ready.body?.cancel();
    const began = performance.now();
    bot.signal("SIGTERM");
    const { code, stdout, stderr } = await bot.ended;
    expect(code).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(stdout).toBe("");
    const lines = stderr
      .trim()
      .split("\n")
      .map((line) => lineSchema.parse(JSON.parse(line)));
    expect(lines.at(-1)).toMatchObject({ event: "stopped" });
    expect(lines.filter(({ level }) => level === "error")).toEqual([]);
    expect(stderr).not.toContain(completeEnvironment.TEAMS_APP_PASSWORD);
  });

  test("on standby answers health checks, and takes no messages", async () => {
    await policy();
    const bot = serve(environment({ ROUTEBOT_STANDBY: "1" }));
    const { url } = lineSchema.parse(JSON.parse(await bot.errorLine(/"listening"/)));
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: "standby" });
    const message = await fetch(`${url}/api/messages`, { method: "POST", body: "{}" });
    expect(message.status).toBe(404);
    await message.body?.cancel();
    bot.signal("SIGTERM");
    expect((await bot.ended).code).toBe(0);
  });

  test("ends with the process that started it, where that is configured", async () => {
    await policy();
    const bot = serve(environment({ ROUTEBOT_STOP_ON_STDIN_END: "1" }));
    await bot.errorLine(/"listening"/);
    bot.endInput();
    expect(await bot.ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("end of standard input"),
    });
  });

  test("that cannot have its port says so and ends with exit code 1", async () => {
    await policy();
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, stderr } = await serve(environment({ ROUTEBOT_PORT: String(port) })).ended;
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain("start-failed");
    expect(stderr).toContain(String(port));
  });
});
