/** Makes the load, in a process of its own so that it takes no time from what is measured. */
import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { percentile, rounded } from "../statistics.ts";
import { type Load, load, type Seen } from "./load.ts";
import { type Delivery, deliveriesOf } from "./traffic.ts";

process.on("message", (message) => {
  const wanted = load.parse(message);
  void make(wanted).then((result) => process.send?.(result));
});

const agent = new Agent({ keepAlive: true, maxSockets: 512 });

async function make(wanted: Load): Promise<Seen> {
  const next = deliveriesOf(wanted);
  const latencies: number[] = [];
  let begun = 0;
  let taken = 0;
  const since = performance.now();
  const until = since + wanted.seconds * 1_000;
  const goesOn = () => begun < wanted.requests && performance.now() < until;
  const one = async (due: number) => {
    begun += 1;
    if (await isTaken(wanted.url, next())) taken += 1;
    latencies.push(performance.now() - due);
  };
  const { pace } = wanted;
  if (pace.kind === "closed") {
    const writer = async () => {
      while (goesOn()) await one(performance.now());
    };
    await Promise.all(Array.from({ length: pace.connections }, writer));
  } else {
    const all: Promise<void>[] = [];
    for (let due = since; goesOn(); due += 1_000 / pace.perSecond) {
      const early = due - performance.now();
      if (early > 0) await pause(early);
      all.push(one(due));
    }
    await Promise.all(all);
  }
  return {
    taken,
    others: begun - taken,
    seconds: (performance.now() - since) / 1_000,
    p50Ms: rounded(percentile(latencies, 0.5)),
    p99Ms: rounded(percentile(latencies, 0.99)),
  };
}

function isTaken(url: string, { headers, body }: Delivery): Promise<boolean> {
  return new Promise((resolve) => {
    const length = { "content-length": Buffer.byteLength(body) };
    const asked = request(url, { method: "POST", agent, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => resolve(false));
      response.on("end", () =>
        resolve(response.statusCode === 200 && !Buffer.concat(chunks).includes("try again")),
      );
    });
    asked.on("error", () => resolve(false));
    asked.setTimeout(30_000, () => asked.destroy());
    asked.end(body);
  });
}
