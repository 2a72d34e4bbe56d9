import type { ProbeResult } from "../domain/change/site-health.ts";

/**
 * Asks a site once, by GET, and tells what it answered. The address is one of the site's own (see domain/probe-url.ts);
 * redirections are not followed, and the answer's body is not kept. Never throws for what the network does, only for an
 * aborted signal.
 */
export type Probe = (url: string, signal: AbortSignal) => Promise<ProbeResult>;
