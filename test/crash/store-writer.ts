/**
 * A process to be killed: it opens the store that its first argument describes and writes as fast as it can, saying on
 * standard output what was acknowledged, one line each: `CR-7 2` for revision 2 of CR-7.
 */
import { writeSync } from "node:fs";
import { systemClock } from "../../src/adapters/clock/system-clock.ts";
import { openStore } from "../../src/adapters/store/open-store.ts";
import type { ChangeRequest } from "../../src/domain/change/change-request.ts";
import type { Effects } from "../../src/ports/change-requests.ts";
import { approved, card, event, nothing, pending } from "../contract/change-requests-samples.ts";
import { createMemoryLog } from "../support/memory-log.ts";
import { finishingHandlers } from "./store-finisher.ts";

const store = await openStore(JSON.parse(process.argv[2] ?? ""), {
  clock: systemClock,
  log: createMemoryLog(),
});
await store.work.start(finishingHandlers(store));

/** Each revision of a request owes its card once and is audited once. */
function effectsOf({ id, revision }: ChangeRequest): Effects {
  return { ...nothing, owed: [card(id)], events: [event({ id, revision: `${revision}` })] };
}

async function write(): Promise<never> {
  for (;;) {
    const number = await store.requests.nextNumber();
    const request = pending(number, `site-${number % 5}`);
    await store.requests.open({ request, check: () => undefined, effects: effectsOf(request) });
    writeSync(1, `${request.id} 1\n`);
    const to = approved(request);
    const apply = { kind: "apply", request: request.id, site: `site-${number % 5}` } as const;
    await store.requests.transition({ from: 1, to, effects: { ...effectsOf(to), jobs: [apply] } });
    writeSync(1, `${request.id} 2\n`);
  }
}

await Promise.all([write(), write(), write()]);
