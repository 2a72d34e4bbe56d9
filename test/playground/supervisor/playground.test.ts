import { once } from "node:events";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StartRefused, startPlayground } from "../../../src/playground/playground.ts";
import { expectGone, isAlive } from "../../support/process-life.ts";
import { startTinyPlayground, type TinyPlayground, tinyBot } from "../../support/tiny-playground.ts";

const anyPorts = { page: 0, bot: 0, azure: 0 };
const direct = { platform: "teams", conversation: "direct", as: "robin" } as const;

describe("the bot's process", () => {
  let tiny: TinyPlayground;
  beforeAll(async () => {
    tiny = await startTinyPlayground();
  });
  afterAll(() => tiny?.stop());
  const bot = async () => (await tiny.world("robin")).bot;

  test("comes back after kill -9, and the world says so", async () => {
    const before = await bot();
    const { seq } = await tiny.world("robin");
    expect((await tiny.call("POST", "/api/bot/kill")).status).toBe(200);
    const { notes } = await tiny.wait({ as: "robin", kind: "note", after: seq, contains: "is back" });
    expect(notes.at(-1)).toMatchObject({ kind: "bot", level: "info" });
    const after = await bot();
    expect(after).toMatchObject({ state: "ready", restarts: before.restarts + 1 });
    expect(after.pid).not.toBe(before.pid);
    expect(isAlive(before.pid ?? 0)).toBe(false);
  });

  test("comes back after it ended by itself; what is said meanwhile is told as not delivered", async () => {
    const { seq } = await tiny.world("robin");
    const said = await tiny.say({ ...direct, text: "die" });
    expect(said.problem).toContain("did not answer");
    const { notes } = await tiny.wait({ as: "robin", kind: "note", after: seq, contains: "exit code 7" });
    expect(notes[0]?.level).toBe("problem");
    await tiny.wait({ as: "robin", kind: "note", after: seq, contains: "is back" });
    const again = await tiny.say({ ...direct, text: "welcome back" });
    await tiny.wait({ as: "robin", after: again.seq, contains: "welcome back" });
  });

  test("a reset forgets conversations, sites and what the bot kept", async () => {
    await tiny.say({ ...direct, text: "soon forgotten" });
    await tiny.call("PATCH", "/api/azure/sites/app-x", { routing: { allTraffic: true } });
    await writeFile(join(tiny.data, "bot", "kept"), "x");
    expect((await tiny.call("POST", "/api/reset")).status).toBe(200);
    expect((await tiny.world("robin")).messages).toEqual([]);
    const site = await (await tiny.call("GET", "/api/azure/sites/app-x")).json();
    expect(site).toMatchObject({ routing: { allTraffic: false } });
    await expect(readFile(join(tiny.data, "bot", "kept"))).rejects.toThrow("ENOENT");
    expect((await bot()).state).toBe("ready");
  });

  test("gets its production configuration and nothing of ours", async () => {
    const policy = await readFile(join(tiny.data, "policy.yaml"), "utf8");
    expect(policy).toContain("slack: T0CONTOSO/U0ROBIN01");
    expect(policy).toMatch(/approve:\s+- ana\s+- ben/);
  });
});

test("conversations, sites and the address of Teams are kept from run to run, until they are to be forgotten", async () => {
  const data = await mkdtemp(join(tmpdir(), "routebot-kept-"));
  const run = async (fresh: boolean, use: (tiny: TinyPlayground) => Promise<void>) => {
    const tiny = await startTinyPlayground({ dataDirectory: data, fresh });
    try {
      await use(tiny);
    } finally {
      await tiny.playground.close();
    }
    return tiny.playground.teamsServiceUrl;
  };
  const first = await run(false, async (tiny) => {
    await tiny.say({ ...direct, text: "keep me" });
    await tiny.call("PATCH", "/api/azure/sites/app-x", { routing: { allTraffic: true } });
  });
  const second = await run(false, async (tiny) => {
    const { messages } = await tiny.world("robin");
    expect(messages.map(({ plainText }) => plainText)).toEqual(["keep me", "you said: keep me"]);
    const site = await (await tiny.call("GET", "/api/azure/sites/app-x")).json();
    expect(site).toMatchObject({ routing: { allTraffic: true } });
  });
  expect(second).toBe(first);
  await run(true, async (tiny) => expect((await tiny.world("robin")).messages).toEqual([]));
  await rm(data, { recursive: true });
});

describe("a start that cannot be", () => {
  test("is refused with the bot's last words, and leaves nothing running", async () => {
    const data = await mkdtemp(join(tmpdir(), "routebot-broken-"));
    const main = join(data, "broken.mjs");
    await writeFile(main, 'console.error("pid " + process.pid + ": no such policy"); process.exit(1);');
    const starting = startPlayground({ main, dataDirectory: data, ports: anyPorts });
    const error: unknown = await starting.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StartRefused);
    const [, pid] = /pid (\d+): no such policy/.exec(String(error)) ?? [];
    await expectGone(Number(pid));
    await rm(data, { recursive: true });
  });

  test.each([
    ["page", "the page (--port)"],
    ["bot", "the bot (--bot-port)"],
    ["azure", "the local Azure (--azure-port)"],
  ])("because of a taken port for %s", async (which, name) => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const address = holder.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const dataDirectory = await mkdtemp(join(tmpdir(), "routebot-port-"));
    const starting = startPlayground({ main: tinyBot, dataDirectory, ports: { ...anyPorts, [which]: port } });
    await expect(starting).rejects.toThrow(`Port ${port}, wanted for ${name}, is already in use`);
    holder.close();
    await rm(dataDirectory, { recursive: true });
  });

  test("because another playground has the folder, which loses nothing by it, not even with --fresh", async () => {
    const tiny = await startTinyPlayground();
    await tiny.say({ ...direct, text: "still here" });
    const second = startPlayground({
      main: tinyBot,
      dataDirectory: tiny.data,
      fresh: true,
      ports: anyPorts,
    });
    await expect(second).rejects.toThrow(`Another playground is using the folder ${tiny.data}`);
    for (const kept of ["bot", "azure", "policy.yaml"]) await access(join(tiny.data, kept));
    await tiny.stop();
  });

  test("because of a folder that cannot be", async () => {
    const folder = await mkdtemp(join(tmpdir(), "routebot-folder-"));
    await writeFile(join(folder, "file"), "");
    const dataDirectory = join(folder, "file", "data");
    await expect(startPlayground({ main: tinyBot, dataDirectory, ports: anyPorts })).rejects.toThrow(
      `The folder ${dataDirectory} cannot be written (ENOTDIR)`,
    );
    await rm(folder, { recursive: true });
  });
});
