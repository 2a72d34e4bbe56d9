import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DirectoryGroups } from "../../../src/adapters/directory/directory-groups.ts";
import { createFileDirectory, type ParsedPolicy } from "../../../src/adapters/directory/file-directory.ts";
import type { Policy } from "../../../src/domain/change/approval-policy.ts";
import { createMemoryLog, type MemoryLog } from "../../support/memory-log.ts";
import { directoryConformance } from "./directory-conformance.ts";

let folder: string;
let file: string;
let log: MemoryLog;
let now: number;
let parsed: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-directory-"));
  file = join(folder, "policy.json");
  log = createMemoryLog();
  now = Date.parse("2026-03-01T09:00:00Z");
  parsed = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const clock = { now: () => new Date(now), sleep: () => Promise.reject(new Error("nothing here waits")) };

/** Policies of these tests are JSON; `mistake: …` is one that is not valid. */
function parse(text: string): ParsedPolicy {
  parsed++;
  if (text.startsWith("mistake")) return { kind: "invalid", problems: [{ name: "rules", message: text }] };
  return { kind: "policy", policy: JSON.parse(text), warnings: [] };
}
const policy = (version: string, person = "ana"): Policy => ({
  version,
  people: [{ id: person, name: person, accounts: [{ platform: "slack", tenant: "T1", user: "U1" }] }],
  rules: [],
});
const write = (content: Policy | string) =>
  writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
const open = () => createFileDirectory({ file, parse, clock, log });

describe("conformance", () => {
  directoryConformance(async (inForce) => {
    await write(inForce);
    return open();
  });
});

describe("at the start", () => {
  test("a file that is missing or not valid is an error", async () => {
    await expect(open()).rejects.toThrow("ENOENT");
    await write("mistake: no rules");
    await expect(open()).rejects.toThrow("rules: mistake: no rules");
  });
});

describe("while it runs", () => {
  test("an edit is in force after a second at most", async () => {
    await write(policy("1"));
    const directory = await open();
    await write(policy("2", "ben"));
    now += 1_000;
    expect(await directory.policy()).toMatchObject({ version: "2" });
    const actor = { account: { platform: "slack", tenant: "T1", user: "U1" }, displayName: "" } as const;
    expect(await directory.personOf(actor)).toEqual({ id: "ben", name: "ben" });
    expect(log.named("policy-changed")).toMatchObject([{ fields: { version: "2" } }]);
  });

  test("many questions read the file once a second, and parse it only when it changed", async () => {
    await write(policy("1"));
    const directory = await open();
    now += 1_000;
    await Promise.all(Array.from({ length: 100 }, () => directory.policy()));
    expect(parsed).toBe(1);
    await write(policy("2"));
    // Within the second nobody looks.
    expect(await directory.policy()).toMatchObject({ version: "1" });
    now += 1_000;
    const answers = await Promise.all(Array.from({ length: 100 }, () => directory.policy()));
    expect(new Set(answers.map(({ version }) => version))).toEqual(new Set(["2"]));
    expect(parsed).toBe(2);
  });

  test("a clock that is set back does not keep an old policy", async () => {
    await write(policy("1"));
    const directory = await open();
    await write(policy("2"));
    now -= 3_600_000;
    expect(await directory.policy()).toMatchObject({ version: "2" });
  });

  test("an edit that is not valid is refused and told once, and the old policy stays", async () => {
    await write(policy("1"));
    const directory = await open();
    await write("mistake: half written");
    for (let second = 0; second < 3; second++) {
      now += 1_000;
      expect(await directory.policy()).toMatchObject({ version: "1" });
    }
    expect(log.named("policy-edit-refused")).toMatchObject([
      { level: "warn", fields: { problems: ["rules: mistake: half written"], versionInForce: "1" } },
    ]);
    await write(policy("3"));
    now += 1_000;
    expect(await directory.policy()).toMatchObject({ version: "3" });
  });

  test("whoever watches is told of a bad edit, and when the file is good again", async () => {
    await write(policy("1"));
    const told: (readonly string[] | undefined)[] = [];
    const directory = await createFileDirectory({
      file,
      parse,
      clock,
      log,
      onRefused: (problems) => told.push(problems),
    });
    for (const content of ["mistake: one", policy("1"), "mistake: two", policy("2")]) {
      await write(content);
      now += 1_000;
      await directory.policy();
    }
    expect(told).toEqual([["rules: mistake: one"], undefined, ["rules: mistake: two"], undefined]);
  });

  test("the policy holds the members of directories, read anew for decisions", async () => {
    const asked: unknown[] = [];
    const groups: DirectoryGroups = {
      async read(keys, options) {
        asked.push([keys, options]);
        return new Map([["slack:T1/S1", [{ account: { platform: "slack", tenant: "T1", user: "U1" } }]]]);
      },
    };
    const group = { name: "net", members: [], entra: [], slack: ["T1/S1"], slackListedOnly: true };
    const rule = { name: "r", sites: {}, request: ["group:net"], approve: ["group:net"] };
    await write(JSON.stringify({ ...policy("1"), groups: [group], rules: [rule] }));
    const directory = await createFileDirectory({ file, parse, clock, log, groups });
    expect((await directory.policy()).rules[0]?.approve).toEqual(["ana"]);
    await directory.policy({ fresh: true });
    expect(asked).toEqual([
      [["slack:T1/S1"], undefined],
      [["slack:T1/S1"], { fresh: true }],
    ]);
    const alone = await open();
    expect((await alone.policy()).rules[0]).toMatchObject({ approve: [], unreadable: ["net"] });
  });

  test("taking a bad edit back is no change, and making it again is told again", async () => {
    await write(policy("1"));
    const directory = await open();
    for (const content of ["mistake: one", policy("1"), "mistake: one"]) {
      await write(content);
      now += 1_000;
      expect(await directory.policy()).toMatchObject({ version: "1" });
    }
    expect(log.named("policy-edit-refused")).toHaveLength(2);
    expect(log.named("policy-changed")).toHaveLength(0);
  });

  test("without a readable file nothing is allowed, until it is back", async () => {
    await write(policy("1"));
    const directory = await open();
    await rename(file, `${file}.away`);
    const actor = { account: { platform: "slack", tenant: "T1", user: "U1" }, displayName: "" } as const;
    for (let second = 0; second < 2; second++) {
      now += 1_000;
      await expect(directory.policy()).rejects.toThrow("nothing is allowed");
      await expect(directory.personOf(actor)).rejects.toThrow("nothing is allowed");
    }
    expect(log.named("policy-unreadable")).toHaveLength(1);
    await rename(`${file}.away`, file);
    now += 1_000;
    expect(await directory.policy()).toMatchObject({ version: "1" });
    expect(log.named("policy-readable-again")).toHaveLength(1);
  });
});
