import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "routebot-parse-"));
afterAll(() => rmSync(folder, { recursive: true }));

const parse = (words: readonly string[], input = "") =>
  spawnSync(process.execPath, [main, "parse", ...words], { input, encoding: "utf8" });

describe("routebot parse", () => {
  test("shows a person the command and the words that decided it", () => {
    const { stdout, status } = parse(["turn off image pull for app-x"]);
    expect(stdout).toContain('"imagePullTraffic": false');
    expect(stdout).toContain("image pull: imagePullTraffic");
    expect(status).toBe(0);
  });

  test("--jsonl answers line by line, in order", () => {
    const texts = ["approve CR-3", "route all traffic for app-x", ""];
    const input = texts.map((text) => `${JSON.stringify({ text })}\n`).join("");
    const { stdout, status } = parse(["--jsonl"], input);
    const kinds = stdout
      .trim()
      .split("\n")
      .map((line): string => JSON.parse(line).kind);
    expect(kinds).toEqual(["decision", "change", "unknown"]);
    expect(status).toBe(0);
  });

  test("--jsonl names a line that is no JSON, answers the others, and exits with 1", () => {
    const { stdout, stderr, status } = parse(
      ["--jsonl"],
      '{"text":"help"}\nnonsense\n{"txt":1}\n{"text":"pending"}\n',
    );
    const kinds = stdout
      .trim()
      .split("\n")
      .map((line): string => JSON.parse(line).kind);
    expect(kinds).toEqual(["help", "unknown", "unknown", "pending"]);
    expect(stderr).toContain("Line 2");
    expect(stderr).toContain("Line 3");
    expect(status).toBe(1);
  });

  test("--corpus prints accuracy by category, what was wrong and what was missed", () => {
    const file = join(folder, "corpus.jsonl");
    const lines = [
      {
        text: "route all traffic for app-x",
        category: "good",
        expect: { kind: "change", set: { applicationTraffic: true }, targets: [{ name: "app-x" }] },
      },
      { text: "route all traffic for app-y", category: "bad", expect: { notChange: true } },
      { text: "glorp", category: "bad", expect: { kind: "help" } },
    ];
    writeFileSync(file, lines.map((line) => JSON.stringify(line)).join("\n"));
    const { stdout, status } = parse(["--corpus", file]);
    expect(stdout).toMatch(/^good +1 +1 +0 +0 +100\.0 %$/m);
    expect(stdout).toMatch(/^bad +2 +0 +1 +1 +0\.0 %$/m);
    expect(stdout).toMatch(/^wrong 1 /m);
    expect(stdout).toMatch(/^missed 1 /m);
    expect(status).toBe(1);
  });

  test("a change with a field that was not expected is wrong", () => {
    const file = join(folder, "fields.jsonl");
    const expected = { kind: "change", set: { applicationTraffic: true }, targets: [{ name: "app-x" }] };
    writeFileSync(file, JSON.stringify({ text: "dry run: route all traffic for app-x", expect: expected }));
    expect(parse(["--corpus", file]).stdout).toMatch(/^wrong 1 /m);
  });

  test("a corpus that cannot be read is told in one sentence", () => {
    const { stderr, status } = parse(["--corpus", join(folder, "missing.jsonl")]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(status).toBe(1);
  });
});
