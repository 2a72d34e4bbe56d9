import { appendFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTinyPlayground, type TinyPlayground } from "../../support/tiny-playground.ts";

let tiny: TinyPlayground;
beforeAll(async () => {
  tiny = await startTinyPlayground();
});
afterAll(() => tiny?.stop());

const robinInTeams = { platform: "teams", conversation: "direct", as: "robin" } as const;

/** fetch would not let us set Host or the headers that a browser sets itself. */
function raw(method: string, path: string, headers: Record<string, string>, body = ""): Promise<number> {
  const { port } = new URL(tiny.playground.pageUrl);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

describe("other web sites are kept out", () => {
  const json = { "content-type": "application/json" };

  test.each([
    ["a name that somebody pointed at this machine", "GET", { host: "evil.example:80" }, 403],
    ["the page of another site", "POST", { ...json, origin: "https://evil.example" }, 403],
    ["the page of another port", "POST", { ...json, origin: "http://127.0.0.1:1" }, 403],
    ["a sandboxed page", "POST", { ...json, origin: "null" }, 403],
    [
      "an image or script of another site",
      "GET",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
      403,
    ],
    ["a form of another site", "POST", { "content-type": "text/plain" }, 415],
  ] as const)("%s", async (_, method, headers, expected) => {
    const path = method === "GET" ? "/api/world?as=robin" : "/api/bot/kill";
    expect(await raw(method, path, headers, method === "POST" ? "{}" : "")).toBe(expected);
    expect(await (await tiny.call("GET", "/api/bot")).json()).toMatchObject({ state: "ready", restarts: 0 });
  });

  test("the page itself and a program are let in", async () => {
    const { host, origin } = new URL(tiny.playground.pageUrl);
    const same = { host, origin, "sec-fetch-site": "same-origin", ...json };
    const body = JSON.stringify({ as: "robin", platform: "teams", conversation: "on-call" });
    expect(await raw("POST", "/api/read", same, body)).toBe(200);
    expect((await tiny.call("GET", "/api/world?as=robin")).status).toBe(200);
  });
});

describe("the page's files", () => {
  test("come with a policy that lets nothing in from elsewhere", async () => {
    const answer = await tiny.call("GET", "/");
    expect(answer.headers.get("content-type")).toContain("text/html");
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:/);
    const html = await answer.text();
    const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? "");
    expect(files.length).toBeGreaterThan(5);
    for (const path of files) expect([path, (await tiny.call("GET", path)).status]).toEqual([path, 200]);
  });

  test.each([
    "/../playground.ts",
    "/%2e%2e/playground.ts",
    "/chat/..%2f..%2fplayground.ts",
    "/.env",
    "/nothing.js",
  ])("%s is not served", async (path) => {
    expect(await raw("GET", path, {})).toBe(404);
  });
});

describe("requests", () => {
  test.each([
    ["/api/messages", { platform: "irc" }, 400],
    ["/api/messages", { ...robinInTeams, conversation: "nowhere", text: "x" }, 404],
    ["/api/messages", { ...robinInTeams, conversation: "release", as: "olga", text: "x" }, 404],
    ["/api/messages", { ...robinInTeams, text: "x", thread: "1" }, 404],
    ["/api/actions", { ...robinInTeams, messageId: "1", action: "x" }, 404],
    ["/api/modals/submit", { modalId: "V1", as: "robin" }, 404],
    ["/api/deliveries/999999/again", undefined, 404],
    ["/api/chat-faults", { platform: "teams", kind: "haunted" }, 400],
  ])("%s %j is answered with %i and a reason", async (path, body, status) => {
    const answer = await tiny.call("POST", path, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.stringMatching(/./) });
  });

  test("an action can be named by its title; what is offered is said when there is none", async () => {
    const said = await tiny.say({ ...robinInTeams, text: "card" });
    const { messages } = await tiny.wait({ as: "robin", after: said.seq });
    const click = { ...robinInTeams, messageId: messages[0]?.id ?? "" };
    await expect(tiny.click({ ...click, action: "Celebrate" })).rejects.toThrow(/409.*Approve/s);
    expect((await tiny.click({ ...click, action: "approve" })).acknowledged).toBe(true);
  });
});

describe("waiting", () => {
  test("answers at once with what is there, later with what comes, and in the end with nothing", async () => {
    const before = (await tiny.world("robin")).seq;
    const waiting = tiny.wait({ as: "robin", after: before, contains: "later", timeoutMs: 10_000 });
    await tiny.say({ ...robinInTeams, text: "sooner" });
    await tiny.say({ ...robinInTeams, text: "later" });
    expect((await waiting).messages).toMatchObject([{ plainText: "you said: later" }]);
    const there = await tiny.wait({ as: "robin", after: before, lacks: "later", conversation: "direct" });
    expect(there.messages).toMatchObject([{ plainText: "you said: sooner" }]);
    await expect(
      tiny.wait({ as: "robin", after: before, contains: "never", timeoutMs: 20 }),
    ).rejects.toThrow();
    const mine = await tiny.wait({ as: "robin", after: before, from: "person" });
    expect(mine.messages.map(({ text }) => text)).toEqual(["sooner", "later"]);
  });

  test("unread counts what others wrote, until it is read", async () => {
    const unread = async () => {
      const { conversations } = await tiny.world("ben");
      return conversations.find(({ platform, alias }) => platform === "teams" && alias === "general")?.unread;
    };
    const general = { platform: "teams", conversation: "general" } as const;
    await tiny.say({ ...general, as: "robin", text: "morning" });
    expect(await unread()).toBe(1);
    await tiny.call("POST", "/api/read", { ...general, as: "ben" });
    expect(await unread()).toBe(0);
  });

  test("events tell each change as this person sees it", async () => {
    const answer = await tiny.call("GET", "/api/events?as=robin");
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const until = async (words: string) => {
      while (!text.includes(words)) {
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) throw new Error(`the stream ended without ${words}`);
        text += chunk.value;
      }
    };
    await tiny.say({ platform: "teams", conversation: "direct", as: "ana", text: "not for robin" });
    await tiny.say({ ...robinInTeams, text: "for robin" });
    await until("you said: for robin");
    expect(text).toContain("event: change");
    expect(text).not.toContain("not for robin");
    await tiny.call("PATCH", "/api/azure/sites/app-x", { routing: { imagePullTraffic: true } });
    await until("event: azure");
    // Not by the bot of this test, but as Routebot's own log has it.
    const record = { kind: "stopped", seq: 3, hash: "a1".repeat(32) };
    const line = { level: "info", time: "2026-11-30T20:38:50.992Z", ...record, event: "recorded" };
    await appendFile(join(tiny.data, "bot.log"), `${JSON.stringify(line)}\n`);
    await until('"kind":"audit"');
    expect((await tiny.world("olga")).audit).toMatchObject([record]);
    await reader?.cancel();
  });
});

describe("the local Azure behind /api/azure", () => {
  test("is read, changed and troubled", async () => {
    await tiny.call("PATCH", "/api/azure/sites/app-y", { routing: { allTraffic: true } });
    const site = await tiny.call("GET", "/api/azure/sites/app-y");
    expect(await site.json()).toMatchObject({ name: "app-y", routing: { allTraffic: true } });
    const order = [{ match: { method: "PATCH" }, fault: { kind: "busy" } }];
    expect((await tiny.call("POST", "/api/azure/faults", order)).status).toBe(200);
    expect((await tiny.call("DELETE", "/api/azure/faults")).status).toBe(204);
    expect((await tiny.call("GET", "/api/azure/nothing")).status).toBe(404);
  });
});
