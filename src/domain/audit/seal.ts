import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { AuditHead } from "./audit-record.ts";

/**
 * A signed head: whoever held the key says that at `at` the chain had `seq` records and ended in `hash`. Kept outside the
 * database, it shows any later change of those records.
 */
export type Seal = AuditHead & {
  readonly at: Date;
  /** Which key signed it; see `keyIdOf`. */
  readonly keyId: string;
  /** Ed25519, in base64, of `sealedText`. */
  readonly signature: string;
};

/** A private key with the id under which its public half is known. */
export type SealingKey = { readonly id: string; readonly privateKey: KeyObject };

/** The text that a seal signs. Its first line keeps signatures for other purposes, and of other formats, from fitting. */
export function sealedText({ seq, hash, at, keyId }: Omit<Seal, "signature">): string {
  return ["routebot audit seal 1", seq, hash, at.toISOString(), keyId].join("\n");
}

/** Signs a head. */
export function sealHead({ seq, hash }: AuditHead, key: SealingKey, at: Date): Seal {
  const unsigned = { seq, hash, at, keyId: key.id };
  const signature = sign(null, Buffer.from(sealedText(unsigned), "utf8"), key.privateKey);
  return { ...unsigned, signature: signature.toString("base64") };
}

/** Why a seal proves nothing under these public keys (by id); `undefined` when it is genuine. */
export function sealFault(seal: Seal, keys: ReadonlyMap<string, KeyObject>): string | undefined {
  const key = keys.get(seal.keyId);
  if (key === undefined) return `it is signed with key ${seal.keyId}, whose public half was not given`;
  const genuine = verify(
    null,
    Buffer.from(sealedText(seal), "utf8"),
    key,
    Buffer.from(seal.signature, "base64"),
  );
  return genuine ? undefined : `its signature is not by key ${seal.keyId}`;
}

/** The id of a key: the first 16 hex digits of the SHA-256 of its public half (SPKI, DER). */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("hex").slice(0, 16);
}

/** @throws when it is no Ed25519 key. */
export function sealingKey(privateKey: KeyObject): SealingKey {
  if (privateKey.asymmetricKeyType !== "ed25519") throw new Error("it is no Ed25519 key");
  return { id: keyIdOf(createPublicKey(privateKey)), privateKey };
}
