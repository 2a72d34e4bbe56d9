import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../../../src/playground/people.ts";
import { type Cloud, startCloud } from "./support/cloud.ts";

const path = "/v1.0/groups/8d1f5c60-3e7b-4a92-bd04-6f2a9c8e1b07/transitiveMembers?$select=id&$top=999";

describe("the members of a group, as Microsoft Graph gives them", () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startCloud();
  });
  afterAll(() => cloud?.stop());

  it("come in pages, each with the way to the next one", async () => {
    const token = await cloud.token("routing", cloud.azure.url);
    const first = await cloud.call(path, { token });
    expect(first).toMatchObject({
      status: 200,
      body: {
        value: [
          { "@odata.type": "#microsoft.graph.user", id: people.ana.teams.aadObjectId, accountEnabled: true },
        ],
      },
    });
    const next = new URL(String(first.body["@odata.nextLink"]));
    expect(next.origin).toBe(cloud.azure.url);
    const second = await cloud.call(`${next.pathname}${next.search}`, { token });
    expect(second.body).toMatchObject({ value: [{ id: people.ben.teams.aadObjectId }] });
    expect(second.body).not.toHaveProperty("@odata.nextLink");
  });

  it("are for who has a token, and of groups that are there", async () => {
    expect((await cloud.call(path, { token: null })).status).toBe(401);
    // A token for Azure Resource Manager is none for Graph.
    expect((await cloud.call(path)).status).toBe(401);
    const token = await cloud.token("routing", "https://graph.microsoft.com");
    expect((await cloud.call(path, { token })).status).toBe(200);
    expect((await cloud.call("/v1.0/groups/nobody/transitiveMembers", { token })).status).toBe(404);
  });
});
