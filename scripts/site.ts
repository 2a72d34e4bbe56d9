/**
 * Builds the documents as a site into the folder that is given, and looks through it: every link and every anchor leads somewhere, and
 * no page loads anything from another host. `node scripts/site.ts FOLDER`
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const [folder = "test/artifacts/site"] = process.argv.slice(2);

// VitePress fails on links to pages that are not there.
execFileSync(process.execPath, [join(root, "node_modules/vitepress/bin/vitepress.js"), "build", "docs"], {
  cwd: root,
  stdio: "pipe",
});
const built = join(root, "docs", ".vitepress", "dist");
const pages = new Map(
  readdirSync(built, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".html"))
    .map((name) => [name, readFileSync(join(built, name), "utf8")] as const),
);
const wrong = [...pages].flatMap(([name, html]) => [...lostLinks(name, html), ...foreignParts(name, html)]);
if (wrong.length > 0) {
  console.error(`The site is not right:\n${wrong.map((line) => `  ${line}`).join("\n")}`);
  process.exit(1);
}
rmSync(folder, { recursive: true, force: true });
cpSync(built, resolve(folder), { recursive: true });
console.error(`${pages.size} pages in ${folder}`);

function lostLinks(name: string, html: string): readonly string[] {
  return [...html.matchAll(/\s(?:href|src)="([^"]+)"/g)].flatMap(([, target = ""]) => {
    if (/^([a-z]+:|data:)/i.test(target)) return [];
    const [path = "", anchor = ""] = target.split("#");
    const file = path === "" ? name : join(path.startsWith("/") ? "." : dirname(name), decodeURI(path));
    const page = file.endsWith("/") || file === "." ? join(file, "index.html") : file;
    if (!existsSync(join(built, page))) return [`${name}: ${target} leads nowhere`];
    const ids = pages.get(page);
    return anchor === "" || ids === undefined || ids.includes(`id="${decodeURIComponent(anchor)}"`)
      ? []
      : [`${name}: ${target} leads to no heading`];
  });
}

/** Scripts, styles, pictures and frames of other hosts. Links that a reader may follow are none. */
function foreignParts(name: string, html: string): readonly string[] {
  const parts = html.matchAll(
    /<(?:script|img|iframe|source|link)\b[^>]*\s(?:src|href)="((?:https?:)?\/\/[^"]+)"/g,
  );
  return [...parts].map(([, address]) => `${name}: loads ${address}`);
}
