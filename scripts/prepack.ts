/**
 * Makes dist/, which `npm pack` ships: the sources as JavaScript, because Node strips no types under node_modules, and beside
 * them the files that are no TypeScript.
 */
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const compiler = join(
  dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "bin",
  "tsc",
);

rmSync(join(root, "dist"), { recursive: true, force: true });
execFileSync(process.execPath, [compiler, "--project", "tsconfig.package.json"], {
  cwd: root,
  stdio: "inherit",
});
for (const folder of ["src", "manifest"]) {
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith(".ts")) continue;
    const file = join(entry.parentPath, entry.name);
    cpSync(file, join(root, "dist", file.slice(root.length)));
  }
}
