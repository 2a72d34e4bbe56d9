import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { keyIdOf, type SealingKey, sealingKey } from "../../domain/audit/seal.ts";

/** Where the key comes from that signs the head of the audit. */
export type KeySettings =
  /** A PEM file (PKCS #8). `make`: one that is not there yet is made, readable for this user only. */
  | { readonly kind: "file"; readonly path: string; readonly make: boolean }
  /** PKCS #8, DER, in base64. */
  | { readonly kind: "value"; readonly base64: string };

/** @throws one sentence for the operator when there is no such key; nothing of the key is in it. */
export function loadSealingKey(settings: KeySettings): SealingKey {
  switch (settings.kind) {
    case "value":
      return parsed(
        () => createPrivateKey({ key: Buffer.from(settings.base64, "base64"), format: "der", type: "pkcs8" }),
        "ROUTEBOT_AUDIT_KEY",
      );
    case "file": {
      const pem = readKeyFile(settings.path) ?? (settings.make ? makeKeyFile(settings.path) : undefined);
      if (pem === undefined) {
        throw new Error(
          `The audit key ${settings.path} is not there; make one (docs/audit.md), or leave out ROUTEBOT_AUDIT_KEY_FILE.`,
        );
      }
      refuseOpenFile(settings.path);
      return parsed(() => createPrivateKey(pem), settings.path);
    }
    default:
      return settings satisfies never;
  }
}

/** The public half, as PEM (SPKI): what a verifier needs. */
export function publicPem({ privateKey }: SealingKey): string {
  return createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
}

const pemBlock = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/** The public keys in a text of PEM blocks, by id. @throws when there is none, or one of another kind. */
export function readPublicKeys(text: string): ReadonlyMap<string, KeyObject> {
  const keys = (text.match(pemBlock) ?? []).map((pem) => createPublicKey(pem));
  if (keys.length === 0) throw new Error("it holds no public key (PEM)");
  if (keys.some((key) => key.asymmetricKeyType !== "ed25519"))
    throw new Error("it holds a key that is not Ed25519");
  return new Map(keys.map((key) => [keyIdOf(key), key]));
}

function readKeyFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Two processes that make it at once: one does, the other one reads what is there. */
function makeKeyFile(path: string): string | undefined {
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, pem, { mode: 0o600, flag: "wx", flush: true });
    return pem;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return readKeyFile(path);
    throw error;
  }
}

/** A signing key that others can read proves nothing. Windows has no such bits. */
function refuseOpenFile(path: string): void {
  if (process.platform === "win32" || (statSync(path).mode & 0o077) === 0) return;
  throw new Error(`The audit key ${path} can be read by others; give it the mode 0600.`);
}

function parsed(read: () => KeyObject, source: string): SealingKey {
  try {
    return sealingKey(read());
  } catch {
    throw new Error(`${source} holds no Ed25519 private key (PKCS #8); make one (docs/audit.md).`);
  }
}
