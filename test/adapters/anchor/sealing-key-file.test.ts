import { generateKeyPairSync } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSealingKey, publicPem, readPublicKeys } from "../../../src/adapters/anchor/sealing-key-file.ts";
import { sealFault, sealHead } from "../../../src/domain/audit/seal.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "routebot-key-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a key is made once, for this user alone, and is the same ever after", async () => {
  const settings = { kind: "file", path: join(folder, "data", "audit-key.pem"), make: true } as const;
  const key = loadSealingKey(settings);
  expect((await stat(settings.path)).mode & 0o777).toBe(0o600);
  expect(loadSealingKey({ ...settings, make: false }).id).toBe(key.id);
});

test("its public half verifies what it signs, and has the same id; other keys do not", () => {
  const key = loadSealingKey({ kind: "file", path: join(folder, "one.pem"), make: true });
  const other = loadSealingKey({ kind: "file", path: join(folder, "other.pem"), make: true });
  const seal = sealHead({ seq: 1, hash: "a".repeat(64) }, key, new Date());
  const keys = readPublicKeys(`${publicPem(other)}\n${publicPem(key)}`);
  expect([...keys.keys()]).toEqual([other.id, key.id]);
  expect(sealFault(seal, keys)).toBeUndefined();
  expect(sealFault({ ...seal, keyId: other.id }, keys)).toContain("not by key");
  expect(sealFault(seal, readPublicKeys(publicPem(other)))).toContain("was not given");
});

test("a key may come as a value, too", () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const base64 = privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
  expect(loadSealingKey({ kind: "value", base64 }).id).toMatch(/^[0-9a-f]{16}$/);
});

test("what is no such key is refused with a sentence that holds nothing of it", async () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const pem = rsa.export({ type: "pkcs8", format: "pem" }).toString();
  const path = join(folder, "rsa.pem");
  await writeFile(path, pem, { mode: 0o600 });
  expect(() => loadSealingKey({ kind: "file", path, make: false })).toThrow(`${path} holds no Ed25519`);
  expect(() => loadSealingKey({ kind: "value", base64: "c2VjcmV0" })).toThrow(/^ROUTEBOT_AUDIT_KEY holds no/);
  expect(() => loadSealingKey({ kind: "file", path: join(folder, "none.pem"), make: false })).toThrow(
    "is not there",
  );
  expect(() => readPublicKeys(notPem)).toThrow("no public key");
});
const notPem = "no PEM at all";

test("a key that others can read is refused", async () => {
  const path = join(folder, "open.pem");
  loadSealingKey({ kind: "file", path, make: true });
  await chmod(path, 0o644);
  expect(() => loadSealingKey({ kind: "file", path, make: false })).toThrow("give it the mode 0600");
  expect(await readFile(path, "utf8")).toContain("PRIVATE KEY");
});
