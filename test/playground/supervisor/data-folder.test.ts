import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StartRefused, startPlayground } from "../../../src/playground/playground.ts";
import { tinyBot } from "../../support/tiny-playground.ts";

let dataDirectory: string;
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "routebot-data-"));
});
afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

const start = (fresh = false) =>
  startPlayground({ main: tinyBot, dataDirectory, fresh, ports: { page: 0, bot: 0, azure: 0 } });

describe("a damaged file in the data folder", () => {
  test.each([
    ["azure.json", "{"],
    ["azure.json", '{"version":2}'],
    ["chats.json", "not JSON"],
    ["chats.json", '{"version":1,"seq":-1}'],
  ])("%s holding %s: one sentence, and --fresh helps", async (file, content) => {
    await writeFile(join(dataDirectory, file), content);
    const error: unknown = await start().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StartRefused);
    expect(String(error)).toBe(
      `StartRefused: ${join(dataDirectory, file)} cannot be used; start with --fresh to leave it behind.`,
    );
    await (await start(true)).close();
  });

  test.each([
    ["teams.json", "{"],
    ["policy.yaml", "{"],
    ["azure/secrets.json", "{"],
    ["azure/ca.pem", "no certificate"],
  ])("%s is made anew", async (file, content) => {
    await mkdir(join(dataDirectory, "azure"), { recursive: true });
    await writeFile(join(dataDirectory, file), content);
    await (await start()).close();
  });

  test.each(["azure.json", "chats.json", "policy.yaml", "teams.json", "bot.log"])(
    "a folder named %s is refused in one sentence",
    async (file) => {
      await mkdir(join(dataDirectory, file));
      const error: unknown = await start().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StartRefused);
      expect(String(error).split("\n")).toHaveLength(1);
      expect(String(error)).toContain(join(dataDirectory, file));
    },
  );
});
