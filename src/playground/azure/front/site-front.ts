import type { Answer, Exchange } from "../http/exchange.ts";
import type { Store } from "../world/store.ts";

/**
 * What a site itself answers, as far as a probe of it cares: a request whose Host header is one of a site's host names. 200
 * while it runs, 403 while it is stopped, as App Service's front end says it, and whatever status its property `frontStatus`
 * orders. Null when the request is for no site.
 */
export function siteFrontAnswer(exchange: Exchange, store: Store): Answer | null {
  const host = exchange.headers.host?.toLowerCase().split(":")[0];
  if (host === undefined) return null;
  const site = store.world.sites.find(({ properties: { hostNames } }) =>
    Array.isArray(hostNames) ? hostNames.includes(host) : false,
  );
  if (site === undefined) return null;
  const { state, frontStatus } = site.properties;
  const running = typeof frontStatus === "number" ? frontStatus : 200;
  return { status: state === "Running" ? running : 403, raw: { contentType: "text/plain", text: site.name } };
}
