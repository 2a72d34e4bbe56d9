import { type RequestOptions, request } from "node:https";
import type { ProbeResult } from "../../domain/change/site-health.ts";
import type { Probe } from "../../ports/probe.ts";

/** The answer's head has to be there within that time. */
const timeoutMs = 10_000;
const maxHeaderBytes = 16 * 1024;

export type ProbeSettings = {
  /** Ask this host and port in place of the site's own, as `curl --connect-to` does; for the local Azure. */
  readonly connectTo?: URL | undefined;
};

/**
 * Probes over HTTPS. The caller has made sure that the address is one of the site's own; here nothing leads away from it: no
 * redirection is followed, no proxy and no credentials are used, and the body is not read.
 */
export function createProbe({ connectTo }: ProbeSettings = {}): Probe {
  return async (address, signal) => {
    signal.throwIfAborted();
    const url = new URL(address);
    const to = connectTo ?? url;
    const options: RequestOptions = {
      method: "GET",
      protocol: "https:",
      hostname: to.hostname,
      port: to.port === "" ? 443 : Number(to.port),
      path: `${url.pathname}${url.search}`,
      headers: { host: url.hostname, "user-agent": "routebot-probe", accept: "*/*" },
      servername: to.hostname,
      agent: false,
      maxHeaderSize: maxHeaderBytes,
    };
    const result = await ask(options, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    signal.throwIfAborted();
    return result;
  };
}

function ask(options: RequestOptions, signal: AbortSignal): Promise<ProbeResult> {
  const { promise, resolve } = Promise.withResolvers<ProbeResult>();
  const asked = request({ ...options, signal }, (response) => {
    resolve({ kind: "answered", status: response.statusCode ?? 0 });
    asked.destroy();
  });
  asked.on("error", (error) => resolve({ kind: "failed", why: reasonOf(error) }));
  asked.end();
  return promise;
}

/** A few words for people; a network's own words may name addresses inside it. */
function reasonOf(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ABORT_ERR" || code === "ETIMEDOUT") return "no answer in 10 seconds";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name is not known here";
  if (code === "ECONNREFUSED" || code === "ECONNRESET") return "the connection was refused or closed";
  if (/CERT|TLS|SSL/.test(code)) return "its certificate is not trusted here";
  return "the request failed";
}
