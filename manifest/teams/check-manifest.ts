import { createRequire } from "node:module";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import type { SchemaVersion } from "./teams-manifest.ts";

const require = createRequire(import.meta.url);

/** What Microsoft's JSON schema objects to, one sentence each; empty when the manifest is valid. */
export function problemsOfTeamsManifest(manifest: unknown, version: SchemaVersion): readonly string[] {
  const ajv = new Ajv.default({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const valid = ajv.compile(
    require(`@microsoft/app-manifest/build/json-schemas/teams/v${version}/MicrosoftTeams.schema.json`),
  );
  if (valid(manifest)) return [];
  return (valid.errors ?? []).map(
    ({ instancePath, message }) =>
      `${instancePath === "" ? "the manifest" : instancePath} ${message ?? "is not valid"}`,
  );
}
