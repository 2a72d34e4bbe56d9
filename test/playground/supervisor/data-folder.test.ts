import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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
  const unusable = [
    ["azure.json", "{"],
    ["azure.json", '{"version":2}'],
    ["chats.json", "not JSON"],
    ["chats.json", '{"version":1,"seq":-1}'],
  ] as const;

  test.each(unusable)(
    "%s holding %s: refused in one sentence that says what helps",
    async (file, content) => {
      await writeFile(join(dataDirectory, file), content);
      const error: unknown = await start().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StartRefused);
      expect(String(error)).toBe(
        `StartRefused: ${join(dataDirectory, file)} cannot be used; start with --fresh to leave it behind.`,
      );
    },
  );

  test("all of them at once: --fresh helps", async () => {
    for (const [file, content] of unusable) await writeFile(join(dataDirectory, file), content);
    await expect(start()).rejects.toBeInstanceOf(StartRefused);
    await (await start(true)).close();
  });

  test("keys, certificates and addresses are made anew, all at once", async () => {
    await mkdir(join(dataDirectory, "azure"), { recursive: true });
    const damaged = {
      "teams.json": "{",
      "policy.yaml": "{",
      "azure/authority.json": "{",
      "azure/ca.pem": "no certificate",
    };
    for (const [file, content] of Object.entries(damaged))
      await writeFile(join(dataDirectory, file), content);
    await (await start()).close();
    for (const [file, content] of Object.entries(damaged)) {
      expect([file, await readFile(join(dataDirectory, file), "utf8")]).not.toEqual([file, content]);
    }
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
