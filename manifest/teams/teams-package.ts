import { readFileSync } from "node:fs";
import { strToU8, zipSync } from "fflate";

/** A fixed time for what is in the zip: the same manifest gives the same bytes. The format begins in 1980. */
const packedAt = new Date(1980, 0, 1, 12);

/** The package that Teams takes: the manifest and its two icons, in one zip without folders. */
export function teamsPackage(manifest: unknown): Uint8Array {
  const icon = (name: string) => readFileSync(new URL(`icons/${name}`, import.meta.url));
  return zipSync(
    {
      "manifest.json": strToU8(`${JSON.stringify(manifest, null, 2)}\n`),
      "color.png": icon("color.png"),
      "outline.png": icon("outline.png"),
    },
    { mtime: packedAt },
  );
}
