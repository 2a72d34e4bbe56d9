import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FollowedLog, followLog } from "../../../src/playground/journal/follow-log.ts";

let folder: string;
let path: string;
let lines: string[];
let log: FollowedLog;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-log-"));
  path = join(folder, "bot.log");
  lines = [];
  log = followLog(path, (line) => lines.push(line));
});
afterEach(async () => {
  await log.close();
  await rm(folder, { recursive: true });
});

/** What is read of the file after this was added to it. */
async function added(text: string | Buffer): Promise<readonly string[]> {
  const before = lines.length;
  await appendFile(path, text);
  await log.look();
  return lines.slice(before);
}

test("a line is handed on when it has ended, once, also where the cut is within a character", async () => {
  await log.look();
  expect(await added("one\ntw")).toEqual(["one"]);
  const [first, second] = [Buffer.from("o é").subarray(0, 3), Buffer.from("o é\n").subarray(3)];
  expect(await added(first)).toEqual([]);
  expect(await added(second)).toEqual(["two é"]);
  await log.look();
  expect(lines).toEqual(["one", "two é"]);
});

test("without anybody who asks it looks by itself", async () => {
  await appendFile(path, "by itself\n");
  await expect.poll(() => lines).toEqual(["by itself"]);
});

test("what is there before is read from its beginning, also where it is longer than one reading", async () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
  expect(await added(`${many.join("\n")}\n`)).toEqual(many);
});

test("a file that was cut off begins anew, without what was begun before", async () => {
  await added("one\nbegun");
  await truncate(path, 0);
  await log.look();
  expect(await added("two\n")).toEqual(["two"]);
});

test("of a file that is exchanged nothing is lost and nothing is mixed", async () => {
  await added("one\n");
  await appendFile(path, "last words\nbegun");
  await rename(path, `${path}.1`);
  await writeFile(path, "two\n");
  await log.look();
  expect(lines).toEqual(["one", "last words", "two"]);
});

test("a file that is away for a while is read when it is back, however much it is like the one before", async () => {
  await added("same\n");
  await rm(path);
  await log.look();
  expect(await added("same\n")).toEqual(["same"]);
});

test("an endless line is passed over, and the one after it is read", async () => {
  for (let part = 0; part < 5; part += 1) expect(await added("x".repeat(60_000))).toEqual([]);
  expect(await added("end\nnext\n")).toEqual(["next"]);
  expect(await added(`${"y".repeat(70_000)}\nlast\n`)).toEqual(["last"]);
});

test("the last look is the one at the end", async () => {
  await appendFile(path, "stopped\n");
  await log.close();
  await appendFile(path, "later\n");
  expect(lines).toEqual(["stopped"]);
});
