import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { generate } from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProbe } from "../../../src/adapters/probe/http-probe.ts";

let server: Server;
let connectTo: URL;
const asked: { host: string | undefined; path: string | undefined; headers: readonly string[] }[] = [];
const never = new AbortController().signal;

beforeAll(async () => {
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    keySize: 2048,
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  setDefaultCACertificates([...getCACertificates("default"), cert]);
  server = createServer({ cert, key }, (request, response) => {
    asked.push({ host: request.headers.host, path: request.url, headers: Object.keys(request.headers) });
    if (request.url === "/moved") {
      response.writeHead(302, { location: "https://169.254.169.254/latest" });
      response.end();
    } else if (request.url === "/endless") {
      response.writeHead(200);
      response.write("x".repeat(1024));
    } else if (request.url === "/heavy") {
      response.writeHead(200, { "x-heavy": "y".repeat(64 * 1024) });
      response.end();
    } else {
      response.writeHead(request.url === "/broken" ? 503 : 200);
      response.end("ok");
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  connectTo = new URL(`https://localhost:${typeof address === "object" ? address?.port : 0}`);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

test("a site is asked by its own name, without cookies, credentials or anything that says who asks", async () => {
  asked.length = 0;
  const probe = createProbe({ connectTo });
  expect(await probe("https://app-x.azurewebsites.net/health?full=1", never)).toEqual({
    kind: "answered",
    status: 200,
  });
  expect(asked).toMatchObject([{ host: "app-x.azurewebsites.net", path: "/health?full=1" }]);
  expect(asked[0]?.headers.toSorted()).toEqual(["accept", "connection", "host", "user-agent"]);
});

test("a redirection is an answer and is not followed", async () => {
  asked.length = 0;
  const probe = createProbe({ connectTo });
  expect(await probe("https://app-x.azurewebsites.net/moved", never)).toEqual({
    kind: "answered",
    status: 302,
  });
  expect(asked).toHaveLength(1);
});

test.each([
  ["/broken", { kind: "answered", status: 503 }],
  ["/endless", { kind: "answered", status: 200 }],
  ["/heavy", { kind: "failed", why: "the request failed" }],
])("%s is told, and its body is not waited for", async (path, result) => {
  expect(await createProbe({ connectTo })(`https://app-x.azurewebsites.net${path}`, never)).toEqual(result);
});

test("a certificate for another name is not trusted", async () => {
  const elsewhere = new URL(connectTo);
  elsewhere.hostname = "127.0.0.1";
  expect(await createProbe({ connectTo: elsewhere })("https://app-x.azurewebsites.net/", never)).toEqual({
    kind: "failed",
    why: "its certificate is not trusted here",
  });
});

test("a site that is away, or does not speak TLS, is told without the network's own words", async () => {
  const plain = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.resume();
    socket.end("no TLS here\n");
  });
  plain.listen(0, "127.0.0.1");
  await once(plain, "listening");
  const address = plain.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const url = new URL(`https://localhost:${port}`);
  const spoken = await createProbe({ connectTo: url })("https://app-x.azurewebsites.net/", never);
  expect(spoken).toMatchObject({ kind: "failed" });
  plain.close();
  await once(plain, "close");
  expect(await createProbe({ connectTo: url })("https://app-x.azurewebsites.net/", never)).toEqual({
    kind: "failed",
    why: "the connection was refused or closed",
  });
});

test("an aborted probe rejects", async () => {
  const aborted = AbortSignal.abort(new Error("stopped"));
  await expect(createProbe({ connectTo })("https://app-x.azurewebsites.net/", aborted)).rejects.toThrow(
    "stopped",
  );
});
