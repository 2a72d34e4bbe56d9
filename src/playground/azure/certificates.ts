import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";

/** What the HTTPS server needs, and the file that clients have to trust. */
export interface ServerCertificate {
  /** PEM of the certificate authority: for NODE_EXTRA_CA_CERTS, `curl --cacert`, REQUESTS_CA_BUNDLE. */
  readonly caFile: string;
  readonly certificate: string;
  readonly key: string;
}

const DAY = 24 * 60 * 60 * 1000;
const LIFETIME_DAYS = 365;
/** A kept certificate is made anew when it would end within this time. */
const RENEWAL_DAYS = 14;

/**
 * Gives the TLS certificate for localhost and 127.0.0.1, signed by a certificate authority of its own. Files of an
 * earlier run are used again while they are valid, so that clients which trust the CA file go on working.
 * The CA's private key is never stored: nobody can sign anything else with it.
 * @param directory an existing, writable directory
 */
export async function obtainCertificate(directory: string): Promise<ServerCertificate> {
  const caFile = join(directory, "ca.pem");
  const certificateFile = join(directory, "server.pem");
  const keyFile = join(directory, "server-key.pem");
  if ([caFile, certificateFile, keyFile].every((file) => existsSync(file))) {
    const certificate = readFileSync(certificateFile, "utf8");
    const key = readFileSync(keyFile, "utf8");
    if (isUsable(certificate, readFileSync(caFile, "utf8"))) return { caFile, certificate, key };
  }
  const made = await makeCertificates();
  writeFileSync(keyFile, made.key, { mode: 0o600 });
  writeFileSync(certificateFile, made.certificate);
  writeFileSync(caFile, made.ca);
  return { caFile, certificate: made.certificate, key: made.key };
}

function isUsable(certificate: string, ca: string): boolean {
  try {
    const leaf = new X509Certificate(certificate);
    const authority = new X509Certificate(ca);
    const soon = Date.now() + RENEWAL_DAYS * DAY;
    return (
      leaf.verify(authority.publicKey) &&
      leaf.validToDate.getTime() > soon &&
      authority.validToDate.getTime() > soon
    );
  } catch {
    return false;
  }
}

async function makeCertificates() {
  // TLS clients compare with the real clock, so the real clock is used here, with room for a clock that is behind.
  const period = {
    notBeforeDate: new Date(Date.now() - DAY),
    notAfterDate: new Date(Date.now() + LIFETIME_DAYS * DAY),
  };
  const shared = { ...period, keyType: "ec", algorithm: "sha256" } as const;
  const ca = await generate([{ name: "commonName", value: "Routebot playground CA" }], {
    ...shared,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const leaf = await generate([{ name: "commonName", value: "localhost" }], {
    ...shared,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { ca: ca.cert, certificate: leaf.cert, key: leaf.private };
}
