import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAnchorFile } from "../../src/adapters/anchor/anchor-file.ts";
import { loadSealingKey } from "../../src/adapters/anchor/sealing-key-file.ts";
import { systemClock } from "../../src/adapters/clock/system-clock.ts";
import { openStoreParts } from "../../src/adapters/store/open-store.ts";
import { sealHead } from "../../src/domain/audit/seal.ts";
import type { AuditEvent } from "../../src/domain/change/audit-event.ts";
import { completeEnvironment, completePolicy } from "../config/complete-environment.ts";
import { event } from "../contract/change-requests-samples.ts";
import { createMemoryLog } from "../support/memory-log.ts";
import { startRoutebot } from "./run-routebot.ts";

let folder: string;
let key: string;
const environment = { ...completeEnvironment, ROUTEBOT_DATA_DIR: "data" };
const site = "/subscriptions/s/resourcegroups/rg-shop/providers/microsoft.web/sites/app-x";
const formula = '=HYPERLINK("https://evil.example","click")';
const records = 40;

/** A store with 40 records: CR-1 is about app-x, CR-2 about its slot, the others are about app-y. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-audit-"));
  await writeFile(join(folder, "routebot.yaml"), completePolicy);
  const directory = join(folder, "data");
  const store = await openStoreParts(
    { kind: "embedded", directory },
    { clock: systemClock, log: createMemoryLog() },
  );
  try {
    const events = Array.from({ length: records }, (_, index): AuditEvent => {
      const number = Math.floor(index / 10) + 1;
      const place =
        number === 1 ? site : number === 2 ? `${site}/slots/staging` : site.replace("app-x", "app-y");
      const opened = index % 10 === 0;
      return {
        ...event(opened ? { site: place, reason: formula } : { index: `${index}` }),
        kind: opened ? "opened" : "moved",
        at: new Date(Date.UTC(2026, 10, 1, index)),
        request: `CR-${number}`,
        person: { id: "eve", name: index === 3 ? "@SUM(1+1)*cmd|' /C calc'!A0" : "\t=1+1" },
      };
    });
    await store.requests.record({ events, owed: [], jobs: [] });
    const sealing = loadSealingKey({ kind: "file", path: join(directory, "audit-key.pem"), make: true });
    const anchor = createAnchorFile(join(folder, "anchor.jsonl"));
    for await (const record of store.audit.recordsAfter(0)) {
      if (record.seq === 10 || record.seq === 30) await anchor.append(sealHead(record, sealing, new Date()));
    }
  } finally {
    await store.close();
  }
  const printed = await audit("key");
  expect(printed.code).toBe(0);
  key = printed.stdout;
  await writeFile(join(folder, "public.pem"), key);
  await writeFile(join(folder, "export.jsonl"), (await audit("export")).stdout);
});
afterAll(() => rm(folder, { recursive: true }));

const audit = (...words: readonly string[]) =>
  startRoutebot(["audit", ...words], { folder, environment }).ended;
/** Verifies as an auditor does: with three files and nothing else, no configuration and no store. */
const verify = (file: string, ...more: readonly string[]) =>
  startRoutebot(["audit", "verify", file, "--anchor", "anchor.jsonl", "--key", "public.pem", ...more], {
    folder,
  }).ended;
const exported = async () => (await readFile(join(folder, "export.jsonl"), "utf8")).trimEnd().split("\n");
const saved = async (name: string, lines: readonly string[]) => {
  await writeFile(join(folder, name), `${lines.join("\n")}\n`);
  return name;
};

describe("routebot audit", () => {
  test("prints the public key, and nothing of the private one", async () => {
    expect(key).toMatch(/^-----BEGIN PUBLIC KEY-----\n[\w+/=]+\n-----END PUBLIC KEY-----\n$/);
    expect((await stat(join(folder, "data", "audit-key.pem"))).mode & 0o777).toBe(0o600);
  });

  test("exports every record and a seal, and verifies that offline", async () => {
    const lines = await exported();
    expect(lines).toHaveLength(records + 1);
    const { code, stdout } = await verify("export.jsonl");
    expect(stdout).toMatch(
      /^whole: 40 records, .* 2 anchors agree, the last one with record 30\. The 10 after it /,
    );
    expect(code).toBe(0);
  });

  test("names the record that was harmed, and fails", async () => {
    const lines = await exported();
    const edited = lines.with(16, lines[16]?.replace("eve", "ana") ?? "");
    expect(await verify(await saved("edited.jsonl", edited))).toMatchObject({
      code: 1,
      stdout: "broken at record 17: the record is not what was written.\n",
    });
    expect(await verify(await saved("deleted.jsonl", lines.toSpliced(20, 1)))).toMatchObject({
      code: 1,
      stdout: "broken at record 21: the record is missing.\n",
    });
    expect((await verify(await saved("cut.jsonl", lines.slice(0, 25)))).stdout).toMatch(
      /^broken at record 26: the record is missing, with all up to 30/,
    );
    expect((await verify(await saved("unsealed.jsonl", lines.slice(0, 35)))).stdout).toMatch(
      /^broken at record 36: the file ends here without a seal/,
    );
  });

  test("an anchor with a seal that is not genuine is named by file and line; a torn line is said", async () => {
    const [first = "", second = ""] = (await readFile(join(folder, "anchor.jsonl"), "utf8")).split("\n");
    const forged = second.replace('"seq":30', '"seq":29');
    await writeFile(join(folder, "forged.jsonl"), `${first}\n${forged}\n`);
    const words = ["audit", "verify", "export.jsonl", "--anchor", "forged.jsonl", "--key", "public.pem"];
    expect(await startRoutebot(words, { folder }).ended).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("broken anchor: forged.jsonl line 2 (record 29)"),
    });
    await writeFile(join(folder, "torn.jsonl"), first.slice(0, 30));
    await appendFile(join(folder, "torn.jsonl"), `\n${first}\n`);
    const torn = await startRoutebot(words.with(4, "torn.jsonl"), { folder }).ended;
    expect(torn).toMatchObject({ code: 0, stderr: expect.stringContaining("no seal in line 1") });
  });

  test("a part of the audit begins with how it was chosen, and is not taken for all of it", async () => {
    const words = ["--request", "cr-3", "--from", "2026-11-01T22:00:00Z", "--to", "2026-11-02"];
    const { code, stdout } = await audit("export", ...words);
    expect(code).toBe(0);
    const [first = "", ...rest] = stdout.trimEnd().split("\n");
    expect(JSON.parse(first)).toEqual({
      extract: { request: "cr-3", from: "2026-11-01T22:00:00Z", to: "2026-11-02" },
    });
    expect(rest.map((line) => JSON.parse(line).seq)).toEqual([23, 24]);
    expect(await verify(await saved("part.jsonl", [first, ...rest]))).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("not checked: this is a part"),
    });
  });

  test("CSV has a row for each record that was chosen", async () => {
    const { code, stdout } = await audit("export", "--format", "csv", "--site", "APP-X/staging");
    expect(code).toBe(0);
    const rows = stdout.trimEnd().split("\r\n");
    expect(rows).toHaveLength(11);
    expect(rows[0]).toMatch(/^seq,at,kind,request,person,name,account,/);
    expect(rows[1]).toMatch(/^"11","2026-11-01T10:00:00.000Z","opened","CR-2","eve"/);
  });

  test.each([
    [["export", "--format", "xml"], "--format is neither jsonl nor csv"],
    [["export", "--from", "yesterday"], "--from is no time"],
    [["export", "--request", "7"], "--request is no change request"],
    [["verify", "none.jsonl", "--anchor", "anchor.jsonl", "--key", "public.pem"], "none.jsonl"],
    [["verify", "export.jsonl", "--anchor", "routebot.yaml", "--key", "public.pem"], "holds no seal"],
    [["verify", "export.jsonl", "--anchor", "anchor.jsonl", "--key", "routebot.yaml"], "cannot be used"],
  ])("%j cannot be done, and says why", async (words, why) => {
    const { code, stdout, stderr } = await audit(...words);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(why);
  });

  test("a store that is not there is not made, and one in use is left alone", async () => {
    const missing = { ...environment, ROUTEBOT_DATA_DIR: "nowhere" };
    const { code, stderr } = await startRoutebot(["audit", "export"], { folder, environment: missing }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain("There is no store in");
    await expect(stat(join(folder, "nowhere"))).rejects.toThrow();
    const directory = join(folder, "data");
    const store = await openStoreParts(
      { kind: "embedded", directory },
      { clock: systemClock, log: createMemoryLog() },
    );
    try {
      expect(await audit("export")).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringContaining(directory),
      });
    } finally {
      await store.close();
    }
  });
});
