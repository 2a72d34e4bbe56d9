import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from "jose";
import { z } from "zod";
import type { Clock } from "../../../ports/clock.ts";
import { isLoopbackUrl } from "./service-url.ts";

/** The keys cannot be had now, so nothing can be said about a token: neither that it is good nor that it is bad. */
export class KeysUnavailableError extends Error {
  override readonly name = "KeysUnavailableError";
}

/** The keys that an OpenID metadata document points to. */
export interface OpenIdKeys {
  /** For jose's `jwtVerify`. Rejects with `KeysUnavailableError` while the keys cannot be had. */
  readonly getKey: JWTVerifyGetKey;
  /** The channels that a key is endorsed for; absent if the document says nothing about that key. */
  endorsements(keyId: string): readonly string[] | undefined;
}

const metadataDocument = z.object({ jwks_uri: z.url() });
const endorsedKey = z.object({ kid: z.string(), endorsements: z.array(z.string()).optional() });

const fetchTimeoutMs = 5_000;
/** Whatever is sent to us, the keys are asked for at most this often. */
const pauseMs = 30_000;
const failedPauseMs = 2_000;
const maxAgeMs = 24 * 60 * 60_000;

/** Loads the document when it is first needed and the keys when they are needed, old, or do not hold a token's key. */
export function createOpenIdKeys(metadataUrl: string, clock: Clock): OpenIdKeys {
  type KeySet = ReturnType<typeof createRemoteJWKSet>;
  let keys: Promise<KeySet> | undefined;
  let loaded: KeySet | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;

  async function load(): Promise<KeySet> {
    const { jwks_uri } = metadataDocument.parse(await fetchJson(metadataUrl));
    if (!isTrustworthy(jwks_uri)) throw new Error("the metadata names keys that are not behind https");
    loaded = createRemoteJWKSet(new URL(jwks_uri), {
      timeoutDuration: fetchTimeoutMs,
      cooldownDuration: pauseMs,
      cacheMaxAge: maxAgeMs,
    });
    return loaded;
  }

  function keySet(): Promise<KeySet> {
    if (keys) return keys;
    if (clock.now().getTime() - failedAt < failedPauseMs) {
      return Promise.reject(new KeysUnavailableError("the OpenID metadata could not be read a moment ago"));
    }
    keys = load().catch((cause: unknown) => {
      keys = undefined;
      failedAt = clock.now().getTime();
      throw new KeysUnavailableError("the OpenID metadata cannot be read", { cause });
    });
    return keys;
  }

  return {
    async getKey(header, token) {
      const set = await keySet();
      try {
        return await set(header, token);
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
          throw error;
        if (error instanceof errors.JOSENotSupported) throw error;
        throw new KeysUnavailableError("the OpenID keys cannot be read", { cause: error });
      }
    },
    endorsements(keyId) {
      for (const key of loaded?.jwks()?.keys ?? []) {
        const { data } = endorsedKey.safeParse(key);
        if (data?.kid === keyId) return data.endorsements;
      }
      return undefined;
    },
  };
}

async function fetchJson(url: string): Promise<unknown> {
  if (!isTrustworthy(url)) throw new Error("the metadata is not behind https");
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(fetchTimeoutMs) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}

function isTrustworthy(url: string): boolean {
  return URL.parse(url)?.protocol === "https:" || isLoopbackUrl(url);
}
