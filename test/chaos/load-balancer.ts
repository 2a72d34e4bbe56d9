import { connect, createServer, type Server, type Socket } from "node:net";

/** Where chats send to: one address in front of all replicas. */
export type LoadBalancer = {
  readonly url: string;
  close(): Promise<void>;
};

const probeEveryMs = 500;
const probeWithinMs = 1_000;
const connectWithinMs = 1_000;

/**
 * Passes connections on in turn to the replicas that answer `/readyz`, and to the next one when a connection is refused. A replica
 * that stands still takes connections and does not answer; it is left out from the next probe on, as with real load balancers.
 */
export async function startLoadBalancer(ports: readonly number[]): Promise<LoadBalancer> {
  const healthy = new Set<number>(ports);
  const sockets = new Set<Socket>();
  let turn = 0;

  const probe = async (port: number): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, {
      signal: AbortSignal.timeout(probeWithinMs),
      headers: { connection: "close" },
    }).catch(() => undefined);
    await answer?.body?.cancel().catch(() => undefined);
    if (answer?.status === 200) healthy.add(port);
    else healthy.delete(port);
  };
  const probing = setInterval(() => ports.forEach((port) => void probe(port)), probeEveryMs);

  const order = (): readonly number[] => {
    turn += 1;
    // When none seems healthy all of them are tried, as real ones do: a slow answer is better than none.
    const up = healthy.size > 0 ? ports.filter((port) => healthy.has(port)) : ports;
    return up.map((_, index) => up[(index + turn) % up.length] ?? 0);
  };

  const server: Server = createServer({ allowHalfOpen: true }, (incoming) => {
    sockets.add(incoming);
    incoming.on("close", () => sockets.delete(incoming));
    incoming.on("error", () => incoming.destroy());
    const tryNext = (left: readonly number[]): void => {
      const [port, ...rest] = left;
      if (port === undefined) {
        incoming.destroy();
        return;
      }
      const outgoing = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
      sockets.add(outgoing);
      const late = setTimeout(() => outgoing.destroy(new Error("no connection")), connectWithinMs);
      outgoing.once("connect", () => {
        clearTimeout(late);
        incoming.pipe(outgoing);
        outgoing.pipe(incoming);
      });
      let connected = false;
      outgoing.once("connect", () => {
        connected = true;
      });
      outgoing.once("error", () => {
        clearTimeout(late);
        healthy.delete(port);
        if (connected) incoming.destroy();
        else tryNext(rest);
      });
      outgoing.on("close", () => {
        sockets.delete(outgoing);
        if (connected) incoming.end();
      });
      incoming.on("close", () => outgoing.destroy());
    };
    tryNext(order());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the load balancer has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      clearInterval(probing);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
