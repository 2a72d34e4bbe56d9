import { Socket } from "node:net";

/**
 * A socket that gives up when nothing has come or gone for that long. A server that vanishes (a failover, a lost route) says nothing at
 * all, and the operating system goes on sending to it for a quarter of an hour.
 */
export function socketThatGivesUp(silentMs: number): Socket {
  const socket = new Socket();
  socket.setTimeout(silentMs, () => {
    socket.destroy(new Error(`the database was silent for ${silentMs} ms, so the connection is given up`));
  });
  return socket;
}
