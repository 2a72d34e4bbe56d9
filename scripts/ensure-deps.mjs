// Makes sure that node_modules is exactly what package-lock.json says, before any other script runs.
// Plain JavaScript on purpose: it is the only file that the host's own Node (18 or later) has to run.
// Everything it prints goes to standard error: standard output belongs to the script that follows.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const stampFile = "node_modules/.deps-stamp";
const wanted = createHash("sha256")
  .update(readFileSync("package-lock.json"))
  .update(readFileSync("package.json"))
  .update(`${process.platform}-${process.arch}`)
  .digest("hex");
const installed = existsSync(stampFile) ? readFileSync(stampFile, "utf8") : "";

if (installed !== wanted) {
  console.error("Installing dependencies (npm ci); this takes about half a minute, once …");
  const arguments_ = ["ci", "--loglevel=error", "--no-audit", "--no-fund"];
  const npm = process.env.npm_execpath;
  const result = npm
    ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [npm, ...arguments_], {
        stdio: ["ignore", 2, 2],
      })
    : spawnSync("npm", arguments_, {
        stdio: ["ignore", 2, 2],
        shell: process.platform === "win32",
      });
  if (result.status !== 0) process.exit(result.status ?? 1);
  writeFileSync(stampFile, wanted);
}
