import type { SiteObservation } from "../routing/site-observation.ts";

/** What one request to a site came to: it answered with a status, or it did not answer and why, in a few words. */
export type ProbeResult =
  | { readonly kind: "answered"; readonly status: number }
  | { readonly kind: "failed"; readonly why: string };

/** How a site is, beside its routing: what Azure says of it, and what a probe of it came to. */
export type SiteHealth = {
  /** `Running`, `Stopped` … as Azure reports it. */
  readonly state: string;
  /** `Normal`, `Limited` …, where Azure reports it. */
  readonly availability?: string;
  readonly probe?: { readonly url: string; readonly result: ProbeResult };
};

/** What the reading of a site says of its health. */
export function healthOf({ state, availabilityState }: SiteObservation): SiteHealth {
  return { state, ...(availabilityState === undefined ? {} : { availability: availabilityState }) };
}

/**
 * What is worse now than before, in words that complete "app-x: …"; `undefined` when nothing is. What was not well before is
 * not held against the change, and neither is what could not be seen.
 */
export function worsening(before: SiteHealth, now: SiteHealth): string | undefined {
  const worse = [
    ...(before.state === "Running" && now.state !== "Running"
      ? [`its state was Running and is ${now.state}`]
      : []),
    ...(before.availability === "Normal" && now.availability !== undefined && now.availability !== "Normal"
      ? [`its availability was Normal and is ${now.availability}`]
      : []),
    ...(before.probe && now.probe && isWell(before.probe.result) && !isWell(now.probe.result)
      ? [
          `${withoutQuery(now.probe.url)} ${probeWords(before.probe.result)} before and ${probeWords(now.probe.result)} now`,
        ]
      : []),
  ];
  return worse.length > 0 ? worse.join(", ") : undefined;
}

/** A redirection is an answer: it is not followed. */
function isWell(result: ProbeResult): boolean {
  return result.kind === "answered" && result.status >= 200 && result.status < 400;
}

/** What follows the path may be a key that the policy gives to the bot alone. */
function withoutQuery(url: string): string {
  return url.split("?", 1)[0] ?? url;
}

function probeWords(result: ProbeResult): string {
  return result.kind === "answered" ? `answered ${result.status}` : `did not answer (${result.why})`;
}
