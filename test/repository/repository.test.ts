import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { failureCodes, refusalCodes } from "../../src/domain/failure.ts";
import { root } from "./source-files.ts";

const read = (path: string) => readFileSync(join(root, path), "utf8");
const packageJson = z
  .object({
    scripts: z.record(z.string(), z.string()),
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
    optionalDependencies: z.record(z.string(), z.string()),
    license: z.string(),
  })
  .parse(JSON.parse(read("package.json")));

describe("packages", () => {
  test("versions are exact, so that two installations are the same", () => {
    const { dependencies, devDependencies, optionalDependencies } = packageJson;
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  test("the lock file pins content and names no registry: each installs from their own", () => {
    const lock = z
      .object({
        packages: z.record(
          z.string(),
          z.looseObject({ resolved: z.unknown().optional(), integrity: z.string().optional() }),
        ),
      })
      .parse(JSON.parse(read("package-lock.json")));
    const installed = Object.entries(lock.packages).filter(([name]) => name !== "");
    expect(installed.length).toBeGreaterThan(100);
    expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([name]) => name)).toEqual([]);
    expect(installed.filter(([, { integrity }]) => integrity === undefined).map(([name]) => name)).toEqual(
      [],
    );
  });

  test("every script that people run installs what it needs first, and keeps standard output to itself", () => {
    for (const name of ["start", "test", "routebot", "tour", "bench"]) {
      expect(packageJson.scripts).toHaveProperty(name);
      expect(packageJson.scripts[`pre${name}`]).toBe("node scripts/ensure-deps.mjs");
    }
    expect(read("scripts/ensure-deps.mjs")).not.toContain("console.log");
  });
});

describe("tracked files", () => {
  const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter((path) => path !== "");
  // One that was deleted a moment ago is tracked still.
  const texts = tracked.filter(
    (path) => existsSync(join(root, path)) && !/\.(png|ico|woff2?|gz|wasm)$/.test(path),
  );

  /** Lines of tracked files that hold what they must not. */
  function lines(pattern: RegExp, except?: RegExp): readonly string[] {
    return texts.flatMap((path) =>
      read(path)
        .split("\n")
        .flatMap((line, index) =>
          pattern.test(line) && except?.test(line) !== true ? [`${path}:${index + 1} ${line.trim()}`] : [],
        ),
    );
  }

  test("name no package registry", () => {
    expect(lines(/registry\.[n]pmjs|npm\.pkg\.[g]ithub/)).toEqual([]);
  });

  test("name no place of one machine", () => {
    // The instances and slots of every App Service site share their own `home`.
    const pattern =
      /\/[w]ork\/[a-z.]|\/[f]arm\/|\/[t]mp\/[a-z]|\/[h]ome\/(?!routebot\/)[a-z]|\.\.\/[s]hared\b/;
    expect(lines(pattern, /tmpdir|mkdtemp/)).toEqual([]);
  });

  test("hold no unfinished work and no test that is left out", () => {
    const pattern = /\b(T[O]DO|F[I]XME|X[X]X)\b|\b(it|test|describe)\.(s[k]ip|t[o]do|o[n]ly)\b/;
    expect(lines(pattern)).toEqual([]);
  });

  test("are no generated or installed ones", () => {
    expect(tracked.filter((path) => /^(node_modules|dist|coverage|\.routebot)\/|\.log$/.test(path))).toEqual(
      [],
    );
  });
});

describe("documents", () => {
  test("docs/failures.md explains every refusal and failure code, and no other", () => {
    const explained = [...read("docs/failures.md").matchAll(/^### `([a-z-]+)`$/gm)].map(([, code]) => code);
    expect(new Set(explained).size).toBe(explained.length);
    expect([...explained].sort()).toEqual([...refusalCodes, ...failureCodes].sort());
  });

  test("README.md names the two commands, and the licence is the one of package.json", () => {
    const readme = read("README.md");
    expect(readme).toContain("npm start");
    expect(readme).toContain("npm test");
    expect(packageJson.license).toBe("MIT");
    expect(read("LICENSE")).toMatch(/^MIT License\n\nCopyright \(c\) \d{4} Routebot authors\n/);
  });
});
