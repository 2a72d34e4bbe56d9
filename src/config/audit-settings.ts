import { isAbsolute, join, relative, resolve } from "node:path";
import type { AuditSettings, StoreSettings } from "./config.ts";
import type { Check } from "./environment-check.ts";

const defaultEveryMs = 10 * 60_000;
const defaultEveryRecords = 100;

/** How the audit is signed and anchored; what an operator should know about it is a warning. */
export function auditSettings(
  { values, has, report }: Check,
  store: StoreSettings,
  folder: string,
): { readonly settings: AuditSettings; readonly warnings: readonly string[] } {
  if (has("ROUTEBOT_AUDIT_KEY") && has("ROUTEBOT_AUDIT_KEY_FILE")) {
    report(
      "ROUTEBOT_AUDIT_KEY_FILE",
      "is a second key, besides ROUTEBOT_AUDIT_KEY; keep the one that is meant",
    );
  }
  const key = keyOf();
  const anchorFile =
    values.ROUTEBOT_AUDIT_ANCHOR_FILE === undefined
      ? undefined
      : resolve(folder, values.ROUTEBOT_AUDIT_ANCHOR_FILE);
  if (anchorFile !== undefined && store.kind === "embedded" && isInside(store.directory, anchorFile)) {
    report(
      "ROUTEBOT_AUDIT_ANCHOR_FILE",
      "is inside the data folder, where whoever changes the database can change it too; choose another place",
    );
  }
  if (anchorFile !== undefined && key === "off") {
    report("ROUTEBOT_AUDIT_KEY_FILE", "is missing; without a key nothing can be written to the anchor file");
  }
  return {
    settings: {
      key,
      everyMs: values.ROUTEBOT_AUDIT_ANCHOR_EVERY ?? defaultEveryMs,
      everyRecords: values.ROUTEBOT_AUDIT_ANCHOR_RECORDS ?? defaultEveryRecords,
      ...(anchorFile !== undefined && { anchorFile }),
    },
    warnings: key === "off" ? [unsigned] : [],
  };

  function keyOf(): AuditSettings["key"] {
    const { ROUTEBOT_AUDIT_KEY: base64, ROUTEBOT_AUDIT_KEY_FILE: file } = values;
    if (base64 !== undefined) return { kind: "value", base64 };
    if (file !== undefined) return { kind: "file", path: resolve(folder, file), make: false };
    // Replicas must sign with one key: none of them may make its own.
    return store.kind === "embedded"
      ? { kind: "file", path: join(store.directory, "audit-key.pem"), make: true }
      : "off";
  }
}

const unsigned =
  "The audit is not signed: set ROUTEBOT_AUDIT_KEY or ROUTEBOT_AUDIT_KEY_FILE to the same key on every replica (docs/audit.md).";

function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
}
