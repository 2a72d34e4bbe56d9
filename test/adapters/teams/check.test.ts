import type { TokenCredential } from "@azure/identity";
import { expect, test } from "vitest";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import { createLazyTeams } from "../../../src/adapters/teams/lazy-teams.ts";
import { createRecordedLog } from "../../support/recorded-log.ts";

const guid = "00000000-0000-4000-8000-000000000001";
const teamsWith = (getToken: TokenCredential["getToken"]) =>
  createLazyTeams(
    {
      appId: guid,
      appType: "UserAssignedMSI",
      tenantId: guid,
      authorityHost: "https://login.test",
      openIdMetadataUrl: "https://login.test/openid",
      tokenIssuer: "https://login.test",
      serviceHosts: ["smba.test"],
      serviceUrl: "https://smba.test/teams/",
      allowedTenants: [guid],
      ownTenantTokens: "refused",
      anonymous: "refused",
    },
    {
      receive: async () => ({ kind: "accepted" }),
      clock: systemClock,
      log: createRecordedLog(),
      credential: { getToken },
    },
  );
const look = (getToken: TokenCredential["getToken"]) =>
  teamsWith(getToken).check.look(new AbortController().signal);

test("the bot is ready when it gets a token for the Bot Connector", async () => {
  const scopes: unknown[] = [];
  const finding = await look(async (scope) => {
    scopes.push(scope);
    return { token: "t", expiresOnTimestamp: Date.now() + 1000 };
  });
  expect(finding).toEqual({ kind: "in-order" });
  expect(scopes).toEqual(["https://api.botframework.com/.default"]);
});

test("it is not when the sign-in is refused, and nobody knows when it cannot be asked", async () => {
  expect(await look(async () => null)).toMatchObject({ kind: "failed" });
  expect(await look(() => Promise.reject(new Error("invalid secret")))).toMatchObject({ kind: "failed" });
  const away = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
  expect(await look(() => Promise.reject(away))).toMatchObject({ kind: "unclear" });
});

test("who sends before the SDK is there waits for it", async () => {
  const teams = teamsWith(async () => null);
  const place = {
    platform: "teams",
    tenant: guid,
    kind: "channel",
    conversation: "c",
    address: "{}",
  } as const;
  const view = { tone: "neutral", blocks: [], actions: [], summary: "x" } as const;
  // An address that was not written by the adapter: refused by the adapter itself, once it is loaded.
  expect(await teams.chat.post({ place, view, key: "k" })).toMatchObject({ kind: "refused" });
  expect(await teams.chat.lookUp(place, "k")).toEqual({ kind: "unknown" });
});
