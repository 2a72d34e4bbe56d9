import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import { z } from "zod";

/** The tenant all identities of the local Azure belong to. */
export const TENANT_ID = "6a1f0c1e-5d0a-4c5b-9a38-2f6f0e9b7d11";

/** Who can sign in: the routing principal, the bot and the step-up client with a secret, the managed identity through its endpoint only. */
export type PrincipalName = "routing" | "bot" | "step-up" | "managed-identity";

export interface Principal {
  readonly name: PrincipalName;
  readonly clientId: string;
  readonly objectId: string;
  /** Null: there is no secret that would be accepted. */
  readonly clientSecret: string | null;
}

const keptSchema = z.object({
  version: z.literal(1),
  signingKey: z.record(z.string(), z.string()),
  keyId: z.string(),
  routingSecret: z.string().min(20),
  botSecret: z.string().min(20),
  /** Not in files of older versions. */
  stepUpSecret: z
    .string()
    .min(20)
    .default(() => randomBytes(24).toString("base64url")),
  identityHeader: z.string().min(20),
});

/** Keys and secrets of one data directory. */
export type KeptSecrets = z.infer<typeof keptSchema>;

/**
 * Reads the authority's signing key and the client secrets of this directory, or makes them. They are random for each
 * directory and kept in it, so that a running bot's tokens and settings survive a restart of the local Azure.
 */
export async function obtainSecrets(directory: string): Promise<KeptSecrets> {
  const file = join(directory, "authority.json");
  if (existsSync(file)) {
    const kept = keptSchema.safeParse(readJson(file));
    if (kept.success) return kept.data;
  }
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const signingKey: Record<string, string> = {};
  for (const [name, value] of Object.entries(await exportJWK(privateKey))) {
    if (typeof value === "string") signingKey[name] = value;
  }
  const made: KeptSecrets = {
    version: 1,
    signingKey,
    keyId: randomUUID(),
    routingSecret: randomBytes(24).toString("base64url"),
    botSecret: randomBytes(24).toString("base64url"),
    stepUpSecret: randomBytes(24).toString("base64url"),
    identityHeader: randomBytes(24).toString("base64url"),
  };
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  return made;
}

/** The principals with the secrets of this directory. */
export function principals(secrets: KeptSecrets): readonly Principal[] {
  return [
    {
      name: "routing",
      clientId: "0b8f3a52-70c5-4a0e-8f63-1f2f5c7d9e01",
      objectId: "d3c1a9f4-2b7e-4f6d-8a15-90e7b1c2d301",
      clientSecret: secrets.routingSecret,
    },
    {
      name: "bot",
      clientId: "0b8f3a52-70c5-4a0e-8f63-1f2f5c7d9e02",
      objectId: "d3c1a9f4-2b7e-4f6d-8a15-90e7b1c2d302",
      clientSecret: secrets.botSecret,
    },
    {
      name: "step-up",
      clientId: "0b8f3a52-70c5-4a0e-8f63-1f2f5c7d9e04",
      objectId: "d3c1a9f4-2b7e-4f6d-8a15-90e7b1c2d304",
      clientSecret: secrets.stepUpSecret,
    },
    {
      name: "managed-identity",
      clientId: "0b8f3a52-70c5-4a0e-8f63-1f2f5c7d9e03",
      objectId: "d3c1a9f4-2b7e-4f6d-8a15-90e7b1c2d303",
      clientSecret: null,
    },
  ];
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
