import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAnchorFile } from "../../../src/adapters/anchor/anchor-file.ts";
import { readSealLine } from "../../../src/adapters/anchor/seal-line.ts";
import { sealHead } from "../../../src/domain/audit/seal.ts";
import { newSealingKey } from "../../support/audit-samples.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-anchor-"));
});
afterAll(() => rm(folder, { recursive: true }));

const key = newSealingKey();
const sealOf = (seq: number) => sealHead({ seq, hash: "a".repeat(64) }, key, new Date(seq * 1000));

test("a file is made with its folder, and only ever added to", async () => {
  const path = join(folder, "new", "anchor.jsonl");
  const anchor = createAnchorFile(path);
  expect(await anchor.last()).toBeUndefined();
  await anchor.append(sealOf(1));
  const first = await readFile(path, "utf8");
  await anchor.append(sealOf(2));
  expect((await readFile(path, "utf8")).startsWith(first)).toBe(true);
  expect(await createAnchorFile(path).last()).toEqual(sealOf(2));
});

test("a line that a crash tore apart is passed over, and spoils nothing after it", async () => {
  const path = join(folder, "torn.jsonl");
  const anchor = createAnchorFile(path);
  await anchor.append(sealOf(1));
  await appendFile(path, '{"seal":{"seq":2,"ha');
  expect(await anchor.last()).toEqual(sealOf(1));
  await anchor.append(sealOf(3));
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => readSealLine(line)?.seq)).toEqual([1, undefined, 3]);
});

test("a file that is something else is not written to", async () => {
  const path = join(folder, "notes.txt");
  await writeFile(path, "Things to do\n");
  await expect(createAnchorFile(path).last()).rejects.toThrow("holds no seal");
});
