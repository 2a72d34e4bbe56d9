import { z } from "zod";

/**
 * The kinds of values that environment variables hold. Messages never repeat the value: somebody may have put a secret
 * into the wrong variable.
 */

/** A UUID as Azure writes ids, turned to lower case. */
export const guid = z
  .string()
  .regex(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
    "is not a GUID; give an id of the form 00000000-0000-0000-0000-000000000000",
  )
  .toLowerCase();

/** Several values, separated by commas, in the order given and each one once. */
export function listOf<T extends z.ZodType<string, string>>(item: T) {
  return z
    .string()
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    )
    .pipe(z.array(item).nonempty("holds no value; give at least one, separated by commas"))
    .transform((values) => [...new Set(values)]);
}

/** A secret: taken as it is, so that a copied line break is noticed here and not as a failed sign-in later. */
export const secret = z
  .string()
  .regex(/^\S+$/, "holds white space; copy the secret again, without spaces or line breaks");

export function secretStarting(start: string, what: string) {
  return secret.startsWith(start, `is not ${what}; it has to start with ${start}`);
}

/** `1` or `true` and `0` or `false`, whatever the case. */
export const flag = z
  .string()
  .toLowerCase()
  .pipe(z.enum(["1", "true", "0", "false"], "is neither true nor false; give 1 or 0"))
  .transform((text) => text === "1" || text === "true");

/** Where something is in the file system. */
export const path = z
  .string()
  .regex(/^\P{Cc}+$/u, "holds a line break or another sign that no path has; write the path again");

/** How many; at least one. */
export const count = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, "is not a whole number from 1 to 9999; give such a number")
  .transform(Number);

export const port = z
  .string()
  .regex(/^\d{1,5}$/, "is not a port; give a whole number from 0 to 65535 (0 takes any free one)")
  .transform(Number)
  .refine(
    (number) => number <= 65_535,
    "is not a port; give a whole number from 0 to 65535 (0 takes any free one)",
  );

/** A web address without credentials, query or fragment: https, or http on this machine. */
const webAddress = anyWebAddress().superRefine((text, context) => {
  const address = URL.parse(text);
  if (address?.protocol === "http:" && !isLoopback(address.hostname)) {
    context.addIssue({
      code: "custom",
      message: "is not encrypted; use https:// (http:// is taken only for addresses of this machine)",
    });
  }
});

/** The same, and http to anywhere: what is sent there is no secret. Without a slash at its end. */
export const collector = anyWebAddress().transform((text) => text.replace(/\/+$/, ""));

/** `NAME=VALUE`, separated by commas; values are percent-encoded. Source: opentelemetry.io, "OTEL_EXPORTER_OTLP_HEADERS". */
export const headerList = z.string().transform((text, context) => {
  const headers: Record<string, string> = {};
  for (const part of text.split(",")) {
    const [, name, value] = /^\s*([A-Za-z0-9-]+)\s*=\s*([\x21-\x7e]+)\s*$/.exec(part) ?? [];
    const decoded = value === undefined ? undefined : decodedHeader(value);
    if (name === undefined || decoded === undefined) {
      context.addIssue({
        code: "custom",
        message: "is no list of headers; give NAME=VALUE, separated by commas",
      });
      return z.NEVER;
    }
    headers[name] = decoded;
  }
  return headers;
});

function decodedHeader(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function anyWebAddress() {
  return z.string().superRefine((text, context) => {
    const address = URL.canParse(text) ? new URL(text) : undefined;
    if (address === undefined || !["http:", "https:"].includes(address.protocol)) {
      context.addIssue({
        code: "custom",
        message: "is not a web address; give one that starts with https://",
      });
      return;
    }
    if (address.username !== "" || address.password !== "") {
      context.addIssue({
        code: "custom",
        message: "holds a user name or password; leave them out of the address",
      });
    }
    if (address.search !== "" || address.hash !== "") {
      context.addIssue({
        code: "custom",
        message: "holds a query or fragment; leave out everything from ? or # on",
      });
    }
  });
}

/** A web address with a path. */
export const url = webAddress.transform((text) => new URL(text).href);

/** A web address without a path, and without a slash at its end. */
export const origin = webAddress
  .refine(
    (text) => !URL.canParse(text) || new URL(text).pathname === "/",
    "holds a path; give only the scheme, the host and, where needed, the port",
  )
  .transform((text) => new URL(text).origin);

/** An origin that browsers reach over https, whatever the host. */
export const httpsOrigin = origin.refine(
  (text) => text.startsWith("https://"),
  "is not https; browsers keep the sign-in's cookie for https alone",
);

/** A host with or without a port, or the address that it is part of; becomes `host` or `host:port`. */
export const serviceHost = z
  .string()
  .transform((text) => (text.includes("://") ? text : `https://${text}`))
  .pipe(origin)
  .transform((text) => new URL(text).host);

/** An address to listen on: an IP address or a host name. */
export const listenHost = z
  .string()
  .regex(
    /^[A-Za-z0-9.:_-]+$/,
    "is not an address to listen on; give an IP address, such as 127.0.0.1 or 0.0.0.0",
  );

/** Whether a host name or IP address is always this machine's own. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}
