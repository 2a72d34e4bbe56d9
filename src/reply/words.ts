import type { EffectiveRoute } from "../domain/routing/effective-value.ts";
import { type SourceName, sources } from "../domain/routing/sources.ts";
import type { Span, Text } from "./view.ts";

export function plain(text: string): Span {
  return { kind: "plain", text };
}

export function strong(text: string): Span {
  return { kind: "strong", text };
}

export function code(text: string): Span {
  return { kind: "code", text };
}

/** ` (Microsoft Learn: …)`, for those who want to read where something is written. */
export function sourceWords(name: SourceName): string {
  return ` (${sources[name]})`;
}

/** The text of spans without any form: for summaries. */
export function plainText(text: Text): string {
  return typeof text === "string" ? text : text.map((span) => span.text).join("");
}

/** What an effective value is called on cards. */
export const routeWords: Record<EffectiveRoute, string> = {
  vnet: "through the VNet",
  public: "public",
  "likely-vnet": "likely through the VNet",
  "likely-public": "likely public",
  "by-flag": "each by its own flag",
  unknown: "not known",
  "not-integrated": "no effect: not integrated",
  "not-applicable": "does not apply",
};

/** `on`, `off`, or that the service did not say. */
export function onOff(value: boolean | undefined): string {
  return value === undefined ? "not reported" : value ? "on" : "off";
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], joint = "and"): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${joint} ${items.at(-1)}`;
}

/** A time as everybody reads it the same way: `2026-11-22 14:05 UTC`. */
export function utcTime(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A length of time in its largest fitting unit, rounded up: `45 minutes`, `4 hours`. */
export function duration(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  if (minutes < 120) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
