/**
 * Makes everything that is handed out, into test/artifacts/release, and tries it: the npm package, which is installed in an
 * empty folder and run there; the Teams app of a made-up deployment; the site of the documents; the list of components
 * (CycloneDX).
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import packageJson from "../package.json" with { type: "json" };

const root = fileURLToPath(new URL("../", import.meta.url));
const release = join(root, "test", "artifacts", "release");
const npm = process.env.npm_execpath;

/** Of a deployment that there is not. */
const answers = `
place: host
chats: slack
signIn: other
ROUTEBOT_SUBSCRIPTIONS: 00000000-0000-4000-8000-000000000000
slackConnection: socket
SLACK_BOT_TOKEN: xoxb-0
SLACK_APP_TOKEN: xapp-0
SLACK_TEAM_IDS: T0000000000
people: [{ name: Ana Alvarez, slack: U0000000002 }, { name: Ben Becker, slack: U0000000003 }]
`;

rmSync(release, { recursive: true, force: true });
mkdirSync(release, { recursive: true });

step("package", () => {
  runNpm(["pack", "--silent", "--pack-destination", release], root);
  const folder = mkdtempSync(join(tmpdir(), "routebot-package-"));
  try {
    const [tarball = ""] = readdirSync(release).filter((name) => name.endsWith(".tgz"));
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    runNpm(
      ["install", "--loglevel=error", "--no-audit", "--no-fund", "--omit=optional", join(release, tarball)],
      folder,
    );
    const program = join(folder, "node_modules", ".bin", "routebot");
    const version = run(program, ["--version"], folder).trim();
    if (version !== packageJson.version) throw new Error(`the installed package says that it is ${version}`);
    const parsed = run(program, ["parse", "route all traffic for app-x"], folder);
    if (!parsed.includes('"applicationTraffic": true'))
      throw new Error("the installed package does not understand");
    writeFileSync(join(folder, "answers.yaml"), answers);
    run(program, ["setup", "--answers", "answers.yaml", "--no-check"], folder);
    const checked = run(program, ["policy", "check", "--env", ".env"], folder);
    if (!checked.startsWith("valid: 2 people"))
      throw new Error(`the installed package sets up what is not right: ${checked}`);
    const told = run(program, ["tour"], folder);
    if (!/confirmed/i.test(told))
      throw new Error("the tour of the installed package ends without a confirmation");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

step("Teams app", () => {
  const id = "00000000-0000-4000-8000-000000000000";
  const website = "https://wiki.example.com/routebot";
  const out = join(release, "routebot-teams.zip");
  run(
    process.execPath,
    ["src/main.ts", "manifest", "teams", "--app-id", id, "--website", website, "--out", out],
    root,
  );
});

step("site of the documents", () => {
  run(process.execPath, ["scripts/site.ts", join(release, "site")], root);
});

step("list of components", () => {
  const list = runNpm(["sbom", "--omit", "dev", "--sbom-format", "cyclonedx"], root);
  writeFileSync(join(release, "components.cdx.json"), list);
});

function step(name: string, make: () => void): void {
  const since = performance.now();
  make();
  console.error(`${name}: ${((performance.now() - since) / 1000).toFixed(1)} s`);
}

/** Standard output; what is said on standard error is shown when it fails. */
function run(program: string, words: readonly string[], folder: string): string {
  // The strictness of this folder's .npmrc, which npm hands on, is not that of somebody who installs the package.
  const { npm_config_strict_allow_scripts: _ours, ...env } = process.env;
  return execFileSync(program, words, { cwd: folder, env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}

function runNpm(words: readonly string[], folder: string): string {
  return npm === undefined ? run("npm", words, folder) : run(process.execPath, [npm, ...words], folder);
}
