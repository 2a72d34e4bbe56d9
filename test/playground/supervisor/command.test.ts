import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { expectGone, isAlive } from "../../support/process-life.ts";

/** The command as people type it, in a process of its own. */
let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "routebot-command-"));
});
afterEach(() => rm(data, { recursive: true, force: true }));

function run(...options: string[]) {
  const ports = ["--port", "0", "--bot-port", "0", "--azure-port", "0", "--no-browser"];
  const all = ["test/support/run-playground.ts", "playground", "--data", data, ...ports, ...options];
  const child = spawn(process.execPath, all, { stdio: ["ignore", "pipe", "pipe"] });
  const output = { text: "", errors: "" };
  child.stdout.on("data", (chunk) => {
    output.text += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.errors += chunk;
  });
  return { child, output, ended: once(child, "close").then(([code]) => code) };
}

async function runUntilReady(...options: string[]) {
  const running = run(...options);
  await expect
    .poll(() => running.output.text + running.output.errors, { timeout: 25_000 })
    .toContain("Routebot playground is ready.");
  const [, page = ""] = /^page\s+(http:\S+)$/m.exec(running.output.text) ?? [];
  const state = z.object({ pid: z.int() }).parse(await (await fetch(`${page}/api/bot`)).json());
  return { ...running, page, botPid: state.pid };
}

describe("a playground that runs", () => {
  test("prints where everything is, one address a line, and stops everything on Ctrl-C", async () => {
    const { child, output, ended, botPid } = await runUntilReady("--anonymous-teams");
    const lines = output.text.trimEnd().split("\n");
    expect(lines.at(-1)).toBe("Routebot playground is ready.");
    expect(output.text).toMatch(/^bot\s+http:\/\/127\.0\.0\.1:\d+$/m);
    expect(output.text).toMatch(/^azure\s+https:\/\/localhost:\d+$/m);
    for (const what of ["CA file", "tenant", "client id", "client secret"]) {
      expect(output.text).toMatch(new RegExp(`^\\s+${what}\\s+\\S+$`, "m"));
    }
    expect(output.text).toMatch(
      /^agents \S+=none \S+='\S+\/robin\.yml' npx \S+ -e http:\S+ -c msteams -p 56150 --dt$/m,
    );
    expect(isAlive(botPid)).toBe(true);
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    expect(isAlive(botPid)).toBe(false);
    expect(output.errors).toBe("");
  });

  test("leaves no bot behind when it is killed with -9", async () => {
    const { child, ended, botPid } = await runUntilReady();
    child.kill("SIGKILL");
    await ended;
    await expectGone(botPid);
  });
});

describe("a playground that cannot run says why in one sentence and ends with 1", () => {
  test.each([
    ["a wrong port", ["--port", "70000"], "from 0 to 65535"],
    ["another address", ["--host", "0.0.0.0"], "listens on 127.0.0.1 only, not on 0.0.0.0"],
    ["another address without sign-in", ["--host", "0.0.0.0", "--anonymous-teams"], "could command the bot"],
  ])("%s", async (_, options, sentence) => {
    const { ended, output } = run(...options);
    expect(await ended).toBe(1);
    expect(output.errors.trimEnd().split("\n")).toHaveLength(1);
    expect(output.errors).toContain(sentence);
    expect(output.text).toBe("");
  });

  test("a folder that is a file", async () => {
    const file = join(data, "file");
    await writeFile(file, "");
    const { ended, output } = run("--data", join(file, "data"));
    expect(await ended).toBe(1);
    expect(output.errors.trimEnd()).toBe(
      `The folder ${join(file, "data")} cannot be written (ENOTDIR); give another one with --data.`,
    );
  });

  test("a port that is taken", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const address = holder.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { ended, output } = run("--port", String(port));
    expect(await ended).toBe(1);
    expect(output.errors).toBe(
      `Port ${port}, wanted for the page (--port), is already in use; 0 takes any free one.\n`,
    );
    holder.close();
  });
});
