import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createDirectoryGroups } from "../../../src/adapters/directory/directory-groups.ts";
import { createEntraGroups } from "../../../src/adapters/directory/entra-groups.ts";
import { createSlackGroups } from "../../../src/adapters/directory/slack-groups.ts";
import { TestClock } from "../../support/flow-world.ts";
import { createMemoryLog } from "../../support/memory-log.ts";

const group = "5f3e2d1c-0b9a-4877-a665-544332211005";
const entra = `entra:${group}`;
const slack = "slack:T1/S1";
const id = (digit: number) => `0000000${digit}-0000-4000-8000-000000000000`;
const user = (digit: number, more: object = {}) => ({
  "@odata.type": "#microsoft.graph.user",
  id: id(digit).toUpperCase(),
  displayName: `User ${digit}`,
  accountEnabled: true,
  userType: "Member",
  ...more,
});

/** Graph and Slack in one: answers with what a test wants. */
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
const asked: { readonly path: string; readonly authorization: string | undefined; readonly body: string }[] =
  [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).toString();
    asked.push({ path: request.url ?? "", authorization: request.headers.authorization, body });
    answer(request, response, body);
  });
});
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() satisfies AddressInfo | string | null;
  if (typeof address === "string" || address === null) throw new Error("no port");
  url = `http://127.0.0.1:${address.port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
});

function json(response: ServerResponse, content: unknown, status = 200) {
  // In two statements: once restify is loaded, writeHead returns nothing.
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(content));
}

function open(withinMs = 10_000) {
  const clock = new TestClock();
  const log = createMemoryLog();
  const groups = createDirectoryGroups({
    readers: {
      entra: createEntraGroups({ graphUrl: url, tenant: "tenant-1", token: async (scope) => `for ${scope}` }),
      slack: createSlackGroups({ apiUrl: `${url}/api/`, botToken: "xoxb-1" }),
    },
    clock,
    log,
    withinMs,
  });
  return { clock, log, groups };
}

describe("a group of Entra ID", () => {
  test("is every enabled member on every page, without guests, groups and devices", async () => {
    answer = (request, response) =>
      request.url?.includes("page=2")
        ? json(response, { value: [user(5)] })
        : json(response, {
            value: [
              user(1),
              user(2, { accountEnabled: false }),
              user(3, { userType: "Guest" }),
              user(4, { accountEnabled: null }),
              { "@odata.type": "#microsoft.graph.group", id: id(9) },
            ],
            "@odata.nextLink": `${url}/v1.0/groups/${group}/transitiveMembers?page=2`,
          });
    const read = await open().groups.read([entra]);
    expect(read.get(entra)).toEqual([
      { account: { platform: "teams", tenant: "tenant-1", user: id(1) }, name: "User 1" },
      { account: { platform: "teams", tenant: "tenant-1", user: id(5) }, name: "User 5" },
    ]);
    expect(asked[0]).toMatchObject({
      path: expect.stringContaining(`/v1.0/groups/${group}/transitiveMembers?`),
      authorization: `Bearer for ${url}/.default`,
    });
  });

  test.each([
    ["Graph refuses", (response: ServerResponse) => json(response, {}, 403)],
    ["it is not there", (response: ServerResponse) => json(response, {}, 404)],
    ["the answer is something else", (response: ServerResponse) => json(response, { value: [{ id: "x" }] })],
    ["the connection breaks", (response: ServerResponse) => void response.destroy()],
    ["there is no answer in time", () => undefined],
    [
      "the next page is somewhere else",
      (response: ServerResponse) =>
        json(response, { value: [user(1)], "@odata.nextLink": "http://127.0.0.1:1/" }),
    ],
  ])("is unreadable, not half read, when %s", async (_, happens) => {
    answer = (_request, response) => happens(response);
    const { groups, log } = open(happens.length === 0 ? 100 : undefined);
    expect((await groups.read([entra])).get(entra)).toBeUndefined();
    expect(log.named("group-unreadable")).toHaveLength(1);
  });
});

describe("a user group of Slack", () => {
  test("is its members, asked with the bot's token", async () => {
    answer = (_, response) => json(response, { ok: true, users: ["U1", "W2"] });
    const read = await open().groups.read([slack]);
    expect(read.get(slack)).toEqual([
      { account: { platform: "slack", tenant: "T1", user: "U1" } },
      { account: { platform: "slack", tenant: "T1", user: "W2" } },
    ]);
    expect(asked).toEqual([
      {
        path: "/api/usergroups.users.list",
        authorization: "Bearer xoxb-1",
        body: "usergroup=S1&include_disabled=false",
      },
    ]);
  });

  test("is unreadable when Slack refuses, as on a plan without user groups", async () => {
    answer = (_, response) => json(response, { ok: false, error: "plan_upgrade_required" });
    const { groups, log } = open();
    expect((await groups.read([slack])).get(slack)).toBeUndefined();
    expect(JSON.stringify(log.named("group-unreadable"))).toContain("plan_upgrade_required");
  });
});

describe("what was read", () => {
  test("holds for a minute, and not at a decision", async () => {
    let users = ["U1"];
    answer = (_, response) => json(response, { ok: true, users });
    const { groups, clock } = open();
    const count = async (options?: { fresh: boolean }) =>
      (await groups.read([slack], options)).get(slack)?.length;
    expect(await count()).toBe(1);
    users = [];
    clock.advance(59_000);
    expect(await count()).toBe(1);
    expect(await count({ fresh: true })).toBe(0);
    users = ["U1", "U2"];
    clock.advance(60_000);
    expect(await count()).toBe(2);
    expect(asked).toHaveLength(3);
  });

  test("never stands in for a directory that is away at the decision", async () => {
    let away = false;
    answer = (_, response) => (away ? json(response, {}, 500) : json(response, { ok: true, users: ["U1"] }));
    const { groups } = open();
    await groups.read([slack]);
    away = true;
    expect((await groups.read([slack], { fresh: true })).get(slack)).toBeUndefined();
    expect((await groups.read([slack])).get(slack)).toBeUndefined();
  });

  test("is read once for all who ask at the same moment", async () => {
    answer = (_, response) => json(response, { ok: true, users: [] });
    const { groups } = open();
    await Promise.all([groups.read([slack], { fresh: true }), groups.read([slack], { fresh: true })]);
    expect(asked).toHaveLength(1);
  });

  test("a directory that is not configured has nobody", async () => {
    const { groups } = open();
    expect((await groups.read(["other:x"])).get("other:x")).toBeUndefined();
  });
});
