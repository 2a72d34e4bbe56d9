/**
 * A Chromium for tests and screenshots: CHROME_PATH or, on Linux x64, the one out of @sparticuz/chromium, unpacked once
 * into node_modules/.cache with the libraries and fonts that a bare machine does not have.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";

const require = createRequire(import.meta.url);
const chromiumVersion = "153.0.0";

const instructions =
  "No browser for the tests: run `npm ci` without --omit=dev (@sparticuz/chromium brings one for Linux x64), or install Chromium or Chrome and set CHROME_PATH to its program.";

/** Starts a browser; fails with what to do when none can be had. */
export async function launchBrowser(): Promise<Browser> {
  try {
    return await chromium.launch(launchOptions());
  } catch (error) {
    throw new Error(`${instructions} ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

function launchOptions(): LaunchOptions {
  // Chromium's sandbox does not run as root.
  const rootArgs = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH !== undefined) return { executablePath: CHROME_PATH, args: rootArgs };
  if (process.platform === "linux" && process.arch === "x64") return unpackedChromium();
  const installed = ["/usr/bin/chromium", "/usr/bin/google-chrome", macChrome].find(existsSync);
  if (installed !== undefined) return { executablePath: installed, args: rootArgs };
  throw new Error(`There is none on ${process.platform} ${process.arch}.`);
}

const macChrome = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

function unpackedChromium(): LaunchOptions {
  const cache = resolve("node_modules/.cache");
  const folder = join(cache, `chromium-${chromiumVersion}`);
  if (!existsSync(folder)) unpackInto(cache, folder);
  return {
    executablePath: join(folder, "chromium"),
    // The unpacked program has no set-uid sandbox helper beside it.
    args: ["--no-sandbox"],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, "lib"),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
    },
  };
}

/** Unpacks beside the target and renames, so that a half-unpacked browser is never taken for a whole one. */
function unpackInto(cache: string, folder: string): void {
  const packed = join(dirname(require.resolve("@sparticuz/chromium")), "../bin");
  const read = (name: string) => brotliDecompressSync(readFileSync(join(packed, `${name}.br`)));
  mkdirSync(cache, { recursive: true });
  const staging = mkdtempSync(join(cache, ".tmp-"));
  writeFileSync(join(staging, "chromium"), read("chromium"), { mode: 0o755 });
  for (const archive of ["al2023.tar", "fonts.tar", "swiftshader.tar"]) {
    const { status, stderr } = spawnSync("tar", ["x", "-C", staging], { input: read(archive) });
    if (status !== 0) throw new Error(`Unpacking ${archive} of @sparticuz/chromium failed: ${stderr}`);
  }
  writeFileSync(join(staging, "fonts.conf"), fontsConfiguration(folder));
  try {
    renameSync(staging, folder);
  } catch (error) {
    rmSync(staging, { recursive: true });
    // Another test process was faster.
    if (!existsSync(folder)) throw error;
  }
}

/** Open Sans from the package has no arrows or ticks; DejaVu has. Without any font Chromium ends at once. */
function fontsConfiguration(folder: string): string {
  const dejaVu = dirname(require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"));
  const folders = [join(folder, "fonts"), dejaVu, "/usr/share/fonts"].map((path) => `<dir>${path}</dir>`);
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>${folders.join("")}<cachedir>${join(folder, "font-cache")}</cachedir></fontconfig>
`;
}
