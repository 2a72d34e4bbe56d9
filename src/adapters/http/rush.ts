import type { Clock } from "../../ports/clock.ts";
import type { HttpServer } from "./http-server.ts";

/** So many requests at once are a rush. */
const manyAtOnce = 8;
/** It is not over in the gap between two waves of requests. */
const lastsMs = 1_000;

/**
 * Tells whether requests come faster than they are answered: what can wait then waits. Where they are answered quickly, it is
 * no rush, however many come.
 */
export function createRush(server: Pick<HttpServer, "running">, clock: Clock): () => boolean {
  let until = 0;
  return () => {
    const now = clock.now().getTime();
    if (server.running >= manyAtOnce) until = now + lastsMs;
    return now < until;
  };
}
