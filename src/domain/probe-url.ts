import type { SiteObservation } from "./routing/site-observation.ts";

/**
 * The address that a probe of this site asks: a path on its default host name, or the full https address that the policy
 * gives. `undefined` when the host is not one of the site's own, as Azure reports them: nothing else is ever asked.
 */
export function probeUrl(probe: string, site: SiteObservation): string | undefined {
  const { defaultHostName } = site.target;
  const own = [defaultHostName, ...(site.hostNames ?? [])].flatMap((host) => host?.toLowerCase() ?? []);
  const url = URL.parse(probe, defaultHostName === undefined ? undefined : `https://${defaultHostName}`);
  const fits =
    url !== null &&
    url.protocol === "https:" &&
    url.port === "" &&
    url.username === "" &&
    url.password === "" &&
    own.includes(url.hostname);
  return fits ? url.href : undefined;
}
