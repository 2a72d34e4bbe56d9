import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { obtainCertificate } from "../../../src/playground/azure/certificates.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "certificates-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe("the server's certificate", () => {
  it("is for this machine's loopback names only, and cannot sign others", async () => {
    const { certificate } = await obtainCertificate(directory);
    const read = new X509Certificate(certificate);
    expect(read.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1");
    expect(read.ca).toBe(false);
    expect(read.checkHost("example.org")).toBeUndefined();
    expect(read.verify(read.publicKey)).toBe(true);
  });

  it("is taken up again while it is good", async () => {
    const first = await obtainCertificate(directory);
    expect(await obtainCertificate(directory)).toEqual(first);
    expect(readFileSync(first.caFile, "utf8")).toBe(first.certificate);
  });

  it.each([
    ["the certificate is broken", "ca.pem", "rubbish"],
    ["the key is broken", "server-key.pem", "rubbish"],
  ])("is made anew when %s", async (_what, file, text) => {
    const first = await obtainCertificate(directory);
    writeFileSync(join(directory, file), text);
    const second = await obtainCertificate(directory);
    expect(second.certificate).not.toBe(first.certificate);
    expect(new X509Certificate(second.certificate).ca).toBe(false);
  });

  it("is made anew when the key belongs to another certificate", async () => {
    const first = await obtainCertificate(directory);
    const otherDirectory = await mkdtemp(join(tmpdir(), "certificates-"));
    const other = await obtainCertificate(otherDirectory);
    await rm(otherDirectory, { recursive: true, force: true });
    writeFileSync(join(directory, "server-key.pem"), other.key);
    expect((await obtainCertificate(directory)).certificate).not.toBe(first.certificate);
  });
});
