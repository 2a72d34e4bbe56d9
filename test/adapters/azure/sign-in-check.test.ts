import { expect, test } from "vitest";
import { createSignInCheck } from "../../../src/adapters/azure/sign-in-check.ts";

const settings = { resourceManagerUrl: "https://arm.test", subscriptions: ["1"], apiVersion: "2025-05-01" };
const signal = new AbortController().signal;

test("asks for a token for the resource manager", async () => {
  const asked: unknown[] = [];
  const check = createSignInCheck(settings, async () => ({
    async getToken(scope, options) {
      asked.push(scope, options?.abortSignal);
      return { token: "t", expiresOnTimestamp: 0 };
    },
  }));
  expect(await check.look(signal)).toEqual({ kind: "in-order" });
  expect(asked).toEqual(["https://arm.test/.default", signal]);
});

test.each([
  [
    "failed",
    Object.assign(new Error("AADSTS7000215: invalid secret s3cret"), { name: "AuthenticationError" }),
  ],
  ["failed", Object.assign(new Error("no credential"), { name: "CredentialUnavailableError" })],
  ["unclear", new Error("x", { cause: Object.assign(new Error("y"), { code: "ENOTFOUND" }) })],
  ["unclear", new DOMException("late", "AbortError")],
])("%s for %s, without its text", async (kind, error) => {
  const check = createSignInCheck(settings, async () => ({ getToken: () => Promise.reject(error) }));
  const finding = await check.look(signal);
  expect(finding.kind).toBe(kind);
  expect(JSON.stringify(finding)).not.toContain(error.message);
});

test("a package that cannot be loaded is a failure, too", async () => {
  const check = createSignInCheck(settings, () => Promise.reject(new Error("cannot find module")));
  expect(await check.look(signal)).toMatchObject({ kind: "failed" });
});
