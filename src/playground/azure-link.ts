/** How the rest of the playground reaches the local Azure: its control interface, its state on disk. */
import { readFileSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import type { LocalAzure } from "./azure/local-azure.ts";
import type { Answer } from "./http/loopback-server.ts";

/** Where the local Azure is steered from; no part of the simulated cloud. */
const adminPath = "/_local/";

export interface AzureAdmin {
  call(method: string, path: string, body: string): Promise<Answer>;
  close(): void;
}

/** Passes requests on to the local Azure's own control interface, as they are. */
export function createAzureAdmin({ url, caFile }: Pick<LocalAzure, "url" | "caFile">): AzureAdmin {
  const agent = new Agent({ ca: readFileSync(caFile), keepAlive: true });
  return {
    call: (method, path, body) =>
      new Promise((resolve) => {
        const failed = (error: Error) =>
          resolve({ status: 502, json: { error: `local Azure: ${error.message}` } });
        const headers = body === "" ? {} : { "content-type": "application/json" };
        const outgoing = request(new URL(adminPath + path, url), { method, agent, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.once("error", failed);
          response.once("end", () => {
            const type = response.headers["content-type"];
            resolve({
              status: response.statusCode ?? 502,
              headers: type === undefined ? {} : { "content-type": type },
              bytes: Buffer.concat(chunks),
            });
          });
        });
        outgoing.once("error", failed);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** How long changes are gathered before the file is written. */
const gatherMs = 200;

/** Takes up what an earlier run kept, and keeps every change. Resolves to the function that writes the rest and ends. */
export async function keepAzureState(path: string, azure: LocalAzure): Promise<() => Promise<void>> {
  const kept = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (kept !== undefined) azure.restore(JSON.parse(kept));
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = () => {
    timer = undefined;
    const text = JSON.stringify(azure.snapshot());
    writing = writing.then(async () => {
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await rename(`${path}.new`, path);
    });
    writing.catch(() => undefined);
  };
  const stop = azure.onEvent(({ kind }) => {
    if (kind === "site" || kind === "behaviour" || kind === "reset") timer ??= setTimeout(write, gatherMs);
  });
  return async () => {
    stop();
    clearTimeout(timer);
    write();
    await writing;
  };
}
