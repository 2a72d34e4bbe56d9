import { type ClientOptions, getClient } from "@azure-rest/core-client";
import { describe, expect, test } from "vitest";
import { retryReads, stayOnHost } from "../../../src/adapters/azure/request-policies.ts";
import { createSteppingClock } from "../../support/stepping-clock.ts";

type HttpClient = NonNullable<ClientOptions["httpClient"]>;
type Answer = Awaited<ReturnType<HttpClient["sendRequest"]>>;

/** A real client of Azure's SDK with our policies, over a network that answers with these statuses. */
function clientOver(...statuses: readonly (number | Error)[]) {
  const clock = createSteppingClock();
  const urls: string[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const status = statuses[Math.min(urls.length, statuses.length - 1)];
      urls.push(request.url);
      if (status instanceof Error) throw status;
      return answer(status ?? 200, request);
    },
  };
  const client = getClient("https://arm.test", {
    httpClient,
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [
      { policy: stayOnHost("https://arm.test"), position: "perCall" },
      { policy: retryReads(clock), position: "perCall" },
    ],
  });
  const started = clock.now().getTime();
  return { client, urls, waited: () => clock.now().getTime() - started };
}

function answer(status: number, request: Answer["request"]): Answer {
  const headers = request.headers;
  headers.delete("retry-after");
  if (status === 429) headers.set("retry-after", "4");
  return { status, request, headers, bodyAsText: "{}" };
}

describe("reads", () => {
  test.each([
    ["GET", "/subscriptions/1"],
    ["POST", "/sites/shop-web/config/appsettings/list?api-version=1"],
  ])("%s %s is tried again", async (method, path) => {
    const { client, urls, waited } = clientOver(429, 503, 200);
    const call = client.pathUnchecked(path);
    const { status } = method === "GET" ? await call.get() : await call.post();
    expect([status, urls.length]).toEqual(["200", 3]);
    expect(waited()).toBeGreaterThanOrEqual(4_000);
  });

  test("three times at most", async () => {
    const { client, urls } = clientOver(500);
    expect((await client.pathUnchecked("/x").get()).status).toBe("500");
    expect(urls).toHaveLength(3);
  });

  test.each([400, 401, 403, 404, 409])("not after %i", async (status) => {
    const { client, urls } = clientOver(status);
    await client.pathUnchecked("/x").get();
    expect(urls).toHaveLength(1);
  });
});

describe("writes", () => {
  test.each([429, 500, 503, Object.assign(new Error("reset"), { code: "ECONNRESET" })])(
    "are sent once, whatever comes back: %s",
    async (result) => {
      const { client, urls } = clientOver(result);
      await client
        .pathUnchecked("/x")
        .patch({ body: {} })
        .then(
          () => {},
          () => {},
        );
      await client
        .pathUnchecked("/x/list-everything")
        .post({ body: {} })
        .then(
          () => {},
          () => {},
        );
      expect(urls).toHaveLength(2);
    },
  );
});

test.each([
  "https://evil.test/page2",
  "https://arm.test:8443/page2",
  "http://arm.test/page2",
  "https://arm.test.evil.test/page2",
])("a link elsewhere is never asked: %s", async (link) => {
  const { client, urls } = clientOver(200);
  await expect(client.pathUnchecked(link).get({ allowInsecureConnection: true })).rejects.toThrow(
    "another host",
  );
  expect(urls).toEqual([]);
});
