import { isIP } from "node:net";

/**
 * Whether our token may be sent to this address: its host (and port, unless it is the scheme's own) is on the list, and it is
 * https. Plain http is taken only on this machine.
 */
export function isAllowedServiceUrl(serviceUrl: string, serviceHosts: readonly string[]): boolean {
  const url = URL.parse(serviceUrl);
  if (url === null || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    return false;
  const secure = url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname));
  return secure && serviceHosts.includes(url.host);
}

/** Whether a URL's host is always this machine. */
export function isLoopbackUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && isLoopbackHost(url.hostname);
}

function isLoopbackHost(hostname: string): boolean {
  if (hostname === "localhost" || hostname === "[::1]") return true;
  return isIP(hostname) === 4 && hostname.startsWith("127.");
}

/** Whether a socket's other end is on this machine, as Node names it (IPv4 also in its IPv6 form). */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
  return plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
}
