import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addHealthRoutes, type Health } from "../../../src/adapters/http/health-routes.ts";
import { createHttpServer, type HttpServer } from "../../../src/adapters/http/http-server.ts";
import { inOrder } from "../../../src/ports/readiness.ts";
import { createRecordedLog } from "../../support/recorded-log.ts";

const health = (look: Health["look"]): Health => ({
  version: "1.2.3",
  standby: false,
  look,
  note: () => undefined,
});

describe("the HTTP server", () => {
  const log = createRecordedLog();
  let server: HttpServer;
  let url: string;

  beforeEach(() => {
    log.lines.length = 0;
    server = createHttpServer({ host: "127.0.0.1", port: 0, log, maxConcurrent: 2 });
  });
  afterEach(() => server.close());

  async function listen() {
    ({ url } = await server.listen());
  }
  const postJson = (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ) =>
    fetch(url + path, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });

  it("hands a parsed JSON body to a handler that answers later", async () => {
    server.post("/echo", { body: "json", maxBytes: 1000 }, async (request, response) => {
      await new Promise(setImmediate);
      response.statusCode = 201;
      response.end(JSON.stringify(request.body));
    });
    await listen();
    const answer = await postJson("/echo", '{"a":[1,"ü"]}');
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ a: [1, "ü"] });
  });

  it("hands the untouched stream to a raw handler, even one that answers after it has returned", async () => {
    server.post("/raw", { body: "raw", maxBytes: 1000 }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => setImmediate(() => response.end(Buffer.concat(chunks))));
    });
    await listen();
    const body = "payload=%7B%22a%22%3A1%7D  ";
    const answer = await fetch(`${url}/raw`, { method: "POST", body });
    expect(await answer.text()).toBe(body);
  });

  it.each([
    ["broken JSON", '{"a":', {}, 400],
    ["another type", "a=1", { "content-type": "application/x-www-form-urlencoded" }, 400],
    ["bytes that are no UTF-8", new Uint8Array([0x22, 0xff, 0x22]), {}, 400],
    ["a body over the limit", `"${"x".repeat(1000)}"`, {}, 413],
    ["a compressed body, however small", new Uint8Array(gzipSync("{}")), { "content-encoding": "gzip" }, 415],
  ])("refuses %s before the handler", async (_name, body, headers: Record<string, string>, status) => {
    let called = false;
    server.post("/json", { body: "json", maxBytes: 1000 }, () => {
      called = true;
    });
    await listen();
    const answer = await postJson("/json", body, headers);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toMatch(new RegExp(`^${status} [A-Za-z ]+\n$`));
    expect(called).toBe(false);
  });

  it("stops reading a chunked body that grows over the limit", async () => {
    server.post("/json", { body: "json", maxBytes: 1000 }, () => undefined);
    await listen();
    const { port, hostname } = new URL(url);
    const socket = connect(Number(port), hostname);
    const head =
      "POST /json HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    const chunk = `400\r\n${"x".repeat(1024)}\r\n`;
    socket.write(head + chunk + chunk);
    const first = await new Promise<string>((resolve) =>
      socket.once("data", (data) => resolve(data.toString())),
    );
    expect(first).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  it("says nothing about itself or about what went wrong", async () => {
    server.post("/throws", { body: "json", maxBytes: 1000 }, () => {
      throw new Error("secret detail");
    });
    await listen();
    const answers = await Promise.all([
      postJson("/throws", "{}"),
      fetch(`${url}/nowhere/secret-path`),
      fetch(`${url}/throws`),
      fetch(`${url}/%E0%A4%A`),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([500, 404, 405, 404]);
    for (const answer of answers) {
      expect(answer.headers.get("server")).toBeNull();
      expect(answer.headers.get("x-powered-by")).toBeNull();
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(await answer.text()).not.toMatch(/secret|stack|restify|Error:/i);
    }
    expect(log.lines).toContainEqual(expect.objectContaining({ event: "http-handler-failed" }));
  });

  it("answers 503 beyond its limit of running requests, health excepted, and recovers", async () => {
    const waiting: (() => void)[] = [];
    server.post("/slow", { body: "json", maxBytes: 1000 }, async (_request, response) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      response.end("done");
    });
    addHealthRoutes(
      server,
      health(async () => []),
    );
    await listen();
    const slow = [postJson("/slow", "{}"), postJson("/slow", "{}")];
    await expect.poll(() => waiting.length).toBe(2);
    const third = await postJson("/slow", "{}");
    expect(third.status).toBe(503);
    expect(third.headers.get("retry-after")).toBe("1");
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    for (const finish of waiting) finish();
    for (const answer of await Promise.all(slow)) expect(await answer.text()).toBe("done");
    const again = postJson("/slow", "{}");
    await expect.poll(() => waiting.length).toBe(3);
    waiting[2]?.();
    expect((await again).status).toBe(200);
  });

  it("limits what anybody may ask by GET and costs something, apart from what is posted", async () => {
    const waiting: (() => void)[] = [];
    const slow = async (_request: unknown, response: ServerResponse) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      response.end("done");
    };
    server.get("/look", slow, { limited: true });
    server.post("/work", { body: "json", maxBytes: 1000 }, (_request, response) => void response.end());
    await listen();
    const looks = [fetch(`${url}/look`), fetch(`${url}/look`)];
    await expect.poll(() => waiting.length).toBe(2);
    expect((await fetch(`${url}/look`)).status).toBe(503);
    expect((await postJson("/work", "{}")).status).toBe(200);
    for (const finish of waiting) finish();
    for (const answer of await Promise.all(looks)) expect(answer.status).toBe(200);
  });

  it("frees the place of a client that went away", async () => {
    let ended = 0;
    let started = 0;
    server.post("/slow", { body: "json", maxBytes: 1000 }, async (_request, response) => {
      started += 1;
      await new Promise((resolve) => response.once("close", resolve));
      ended += 1;
    });
    await listen();
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) =>
      fetch(`${url}/slow`, {
        method: "POST",
        body: "{}",
        headers: { "content-type": "application/json" },
        signal,
      }).catch(() => undefined),
    );
    await expect.poll(() => started).toBe(2);
    for (const controller of controllers) controller.abort();
    await Promise.all(calls);
    await expect.poll(() => ended).toBe(2);
    const next = new AbortController();
    const call = fetch(`${url}/slow`, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
      signal: next.signal,
    }).catch(() => undefined);
    await expect.poll(() => started).toBe(3);
    next.abort();
    await call;
  });

  it("tells in one sentence that a port is in use", async () => {
    await listen();
    const { port } = new URL(url);
    const other = createHttpServer({ host: "127.0.0.1", port: Number(port), log });
    await expect(other.listen()).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is already in use: stop what uses it, or choose another port.`,
    );
    await other.close();
  });

  it("tells in one sentence that an address is not its own", async () => {
    const other = createHttpServer({ host: "192.0.2.1", port: 0, log });
    await expect(other.listen()).rejects.toThrow("This machine has no address 192.0.2.1");
  });

  it("lets running requests finish when it is closed, takes no new ones, and can be closed twice", async () => {
    const waiting: (() => void)[] = [];
    server.post("/slow", { body: "json", maxBytes: 1000 }, async (_request, response) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      response.end("done");
    });
    await listen();
    const running = postJson("/slow", "{}");
    await expect.poll(() => waiting.length).toBe(1);
    const closed = Promise.all([server.close(), server.close()]);
    await expect(postJson("/slow", "{}")).rejects.toThrow();
    waiting[0]?.();
    expect(await (await running).text()).toBe("done");
    await closed;
    await server.close();
  });

  it("cuts what still runs when the time to drain is over", async () => {
    const impatient = createHttpServer({ host: "127.0.0.1", port: 0, log, drainMs: 20 });
    let started = false;
    impatient.post("/stuck", { body: "raw", maxBytes: 1000 }, () => {
      started = true;
    });
    const { url: at } = await impatient.listen();
    const running = fetch(`${at}/stuck`, { method: "POST", body: "x" }).then(
      () => "answered",
      () => "cut",
    );
    await expect.poll(() => started).toBe(true);
    await impatient.close();
    expect(await running).toBe("cut");
  });
});

describe("health", () => {
  it("is alive while it is not ready, and says why it is not", async () => {
    const server = createHttpServer({ host: "127.0.0.1", port: 0, log: createRecordedLog() });
    let ready = false;
    addHealthRoutes(
      server,
      health(async () => [
        { name: "database", finding: ready ? inOrder : { kind: "failed", why: "it does not answer" } },
        { name: "azure", finding: { kind: "unclear", why: "it cannot be reached" } },
      ]),
    );
    const { url } = await server.listen();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const waiting = await fetch(`${url}/readyz`);
    expect(waiting.status).toBe(503);
    expect(await waiting.json()).toEqual({
      status: "not ready",
      why: "database: it does not answer",
      version: "1.2.3",
      checks: { database: "it does not answer", azure: "it cannot be reached" },
    });
    ready = true;
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      status: "ready",
      version: "1.2.3",
      checks: { database: "in order", azure: "it cannot be reached" },
    });
    await server.close();
  });

  it("waits for what was not looked at yet where it is asked to", async () => {
    const server = createHttpServer({ host: "127.0.0.1", port: 0, log: createRecordedLog() });
    const asked: boolean[] = [];
    const look = async (all: boolean) => {
      asked.push(all);
      return [];
    };
    addHealthRoutes(server, { ...health(look), note: () => "look at the policy" });
    const { url } = await server.listen();
    for (const query of ["", "?all", "?x=1&all", "?overall"]) await fetch(`${url}/readyz${query}`);
    expect(asked).toEqual([false, true, true, false]);
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ note: "look at the policy" });
    await server.close();
  });

  it("looks once, however many ask at the same time", async () => {
    const server = createHttpServer({ host: "127.0.0.1", port: 0, log: createRecordedLog() });
    let looks = 0;
    const gate = Promise.withResolvers<void>();
    addHealthRoutes(
      server,
      health(async () => {
        looks += 1;
        await gate.promise;
        return [];
      }),
    );
    const { url } = await server.listen();
    const asked = Array.from({ length: 20 }, () => fetch(`${url}/readyz`));
    await expect.poll(() => looks).toBe(1);
    await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/healthz`)));
    expect(looks).toBe(1);
    gate.resolve();
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200);
    expect(looks).toBeLessThan(20);
    await server.close();
  });

  it("is not ready when the check itself fails", async () => {
    const server = createHttpServer({ host: "127.0.0.1", port: 0, log: createRecordedLog() });
    addHealthRoutes(
      server,
      health(() => Promise.reject(new Error("secret"))),
    );
    const { url } = await server.listen();
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain("secret");
    await server.close();
  });
});
