import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockFolder } from "../../../src/playground/lock-folder.ts";
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

describe("one playground a folder", () => {
  test("the second one is told where the first is, and touches nothing; afterwards the folder is free", async () => {
    const first = await start();
    await writeFile(join(dataDirectory, "bot", "kept"), "x");
    for (const fresh of [false, true]) {
      await expect(start(fresh)).rejects.toThrow(
        `A playground is already running on ${dataDirectory}: ${first.pageUrl}; give another folder with --data.`,
      );
    }
    expect((await fetch(`${first.pageUrl}/api/bot`)).status).toBe(200);
    await first.close();
    await (await start()).close();
  });

  test("of several that begin at once, one gets the folder", async () => {
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(dataDirectory)));
    const got = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(got).toHaveLength(1);
    for (const one of tries) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(StartRefused);
    await got[0]?.release();
    await (await lockFolder(dataDirectory)).release();
  });
});
