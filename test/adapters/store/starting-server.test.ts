import { connect as connectTo, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { openTestStore } from "./store-for-tests.ts";

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

/** What PostgreSQL says to whoever comes while it starts. */
function refusal(code: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0Mthe database system is starting up\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

type Front = { readonly url: string; connections(): number };

/** In front of the server: does with each connection, by its number from 1, what `treat` says; the others go through. */
async function inFront(treat: (number: number, socket: Socket, away: () => void) => boolean): Promise<Front> {
  const url = new URL(await server.createDatabase());
  const port = Number(url.port);
  let connections = 0;
  const front = createServer((socket) => {
    socket.on("error", () => {});
    connections += 1;
    if (treat(connections, socket, away)) return;
    const behind = connectTo(port, "127.0.0.1");
    behind.on("error", () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  });
  const listen = (at: number) =>
    new Promise<void>((resolve) => {
      front.listen(at, "127.0.0.1", resolve);
    });
  await listen(0);
  front.unref();
  const address = front.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  url.port = String(address.port);
  /** Nobody is at the address, for as long as it takes to be refused there once. */
  function away(): void {
    front.close();
    setTimeout(() => void listen(Number(url.port)), 700);
  }
  return { url: url.href, connections: () => connections };
}

const refuse = (code: string) => (socket: Socket) => {
  socket.once("data", () => socket.end(refusal(code)));
  return true;
};
/** Goes through for a while, and breaks. */
const cutAfter = (chunks: number, socket: Socket) => {
  let heard = 0;
  socket.on("data", () => {
    heard += 1;
    if (heard > chunks) socket.destroy();
  });
  return false;
};

test.each<[string, Parameters<typeof inFront>[0]]>([
  ["starts", (number, socket) => number <= 2 && refuse("57P03")(socket)],
  ["breaks a connection that is being made", (number, socket) => number === 1 && cutAfter(0, socket)],
  ["breaks off in the middle", (number, socket) => number === 1 && cutAfter(12, socket)],
  [
    "breaks off and is away for a moment",
    (number, socket, away) => {
      if (number !== 1) return false;
      socket.once("close", away);
      return cutAfter(4, socket);
    },
  ],
])("a replica that starts while its database %s waits for it", async (_, treat) => {
  const { url, connections } = await inFront(treat);
  const store = await openTestStore({ kind: "postgres", url });
  expect(connections()).toBeGreaterThan(1);
  expect(await store.requests.listOpen({ limit: 1 })).toEqual([]);
  await store.close();
});

test("whatever else the server says ends the start at once", async () => {
  const { url, connections } = await inFront((_, socket) => refuse("28P01")(socket));
  await expect(openTestStore({ kind: "postgres", url })).rejects.toMatchObject({ code: "28P01" });
  expect(connections()).toBe(1);
});

test("a server that was never there ends it at once, too", async () => {
  const nobody = { kind: "postgres", url: "postgres://nobody@127.0.0.1:1/none" } as const;
  await expect(openTestStore(nobody)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
