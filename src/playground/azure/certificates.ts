import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";

/** What the HTTPS server needs, and the file that clients have to trust. */
export interface ServerCertificate {
  /** PEM to trust: for NODE_EXTRA_CA_CERTS, `curl --cacert`, REQUESTS_CA_BUNDLE. */
  readonly caFile: string;
  readonly certificate: string;
  readonly key: string;
}

const DAY = 24 * 60 * 60 * 1000;
const LIFETIME_DAYS = 365;
/** A kept certificate is made anew when it would end within this time. */
const RENEWAL_DAYS = 14;

/**
 * Gives the TLS certificate for localhost and 127.0.0.1. Files of an earlier run are used again while they are valid,
 * so that clients which trust the file go on working.
 *
 * The certificate is its own authority and may not sign others. `selfsigned` writes no key identifiers, and clients
 * that verify strictly (Python 3.13 and so the Azure CLI) demand them of every certificate that another one signed;
 * and who trusts this file trusts these two addresses only, even if its key gets lost.
 * @param directory an existing, writable directory
 */
export async function obtainCertificate(directory: string): Promise<ServerCertificate> {
  const caFile = join(directory, "ca.pem");
  const keyFile = join(directory, "server-key.pem");
  if (existsSync(caFile) && existsSync(keyFile)) {
    const certificate = readFileSync(caFile, "utf8");
    const key = readFileSync(keyFile, "utf8");
    if (isUsable(certificate, key)) return { caFile, certificate, key };
  }
  const made = await makeCertificate();
  writeFileSync(keyFile, made.private, { mode: 0o600 });
  writeFileSync(caFile, made.cert);
  return { caFile, certificate: made.cert, key: made.private };
}

function isUsable(certificate: string, key: string): boolean {
  try {
    const kept = new X509Certificate(certificate);
    const soon = Date.now() + RENEWAL_DAYS * DAY;
    return kept.checkPrivateKey(createPrivateKey(key)) && kept.validToDate.getTime() > soon;
  } catch {
    return false;
  }
}

function makeCertificate() {
  return generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    // TLS clients compare with the real clock, so the real clock is used here, with room for a clock that is behind.
    notBeforeDate: new Date(Date.now() - DAY),
    notAfterDate: new Date(Date.now() + LIFETIME_DAYS * DAY),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
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
}
