import { connect as connectTo, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPostgres } from "../../../src/adapters/store/postgres/open-postgres.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";

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

/** In front of the server: refuses the first connections with that code. */
async function refusingFirst(code: string, times: number): Promise<{ url: string; refused(): number }> {
  const url = new URL(await server.createDatabase());
  const port = Number(url.port);
  const sockets = new Set<Socket>();
  let refused = 0;
  const front = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    if (refused < times) {
      refused += 1;
      socket.once("data", () => socket.end(refusal(code)));
      return;
    }
    const behind = connectTo(port, "127.0.0.1");
    behind.on("error", () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  front.listen(0, "127.0.0.1", resolve);
  await promise;
  front.unref();
  const address = front.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  url.port = String(address.port);
  return { url: url.href, refused: () => refused };
}

test("a replica that starts while its database does waits for it", async () => {
  const { url, refused } = await refusingFirst("57P03", 2);
  const driver = await openPostgres({ url }, () => {});
  expect(refused()).toBe(2);
  await driver.close();
});

test("whatever else the server says ends the start at once", async () => {
  const { url, refused } = await refusingFirst("28P01", 5);
  await expect(openPostgres({ url }, () => {})).rejects.toMatchObject({ code: "28P01" });
  expect(refused()).toBe(1);
});
