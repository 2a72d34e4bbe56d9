import { request } from "node:https";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Cloud, startCloud } from "./support/cloud.ts";

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.azure.reset());
afterAll(() => cloud.stop());

function statusOf(host: string): Promise<number | undefined> {
  const { hostname, port } = new URL(cloud.azure.url);
  return new Promise((resolve, reject) => {
    const asked = request(
      { hostname, port, path: "/health", headers: { host }, rejectUnauthorized: false, agent: false },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}

test("a site answers under its own host name as it is: running, stopped, or as a test orders", async () => {
  expect(await statusOf("app-x.azurewebsites.net")).toBe(200);
  cloud.azure.changeSite("app-x", { properties: { frontStatus: 503 } });
  expect(await statusOf("app-x.azurewebsites.net")).toBe(503);
  cloud.azure.changeSite("app-x", { properties: { state: "Stopped" } });
  expect(await statusOf("app-x.azurewebsites.net")).toBe(403);
});

test("what is for no site is for Azure itself, and a site's answers are no requests to Azure", async () => {
  await statusOf("app-x.azurewebsites.net");
  expect(cloud.azure.requests()).toEqual([]);
  expect(await statusOf("nobody.azurewebsites.net")).toBe(401);
  expect(cloud.azure.requests()).toHaveLength(1);
});
