/** A process that takes jobs and never ends one: it says of each that it has begun, and waits to be killed. */
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import { openStore } from "../../../src/adapters/store/open-store.ts";
import { TestHandlers } from "../../contract/work-harness.ts";
import { createMemoryLog } from "../../support/memory-log.ts";

const store = await openStore(
  { kind: "postgres", url: process.argv[2] ?? "" },
  { clock: systemClock, log: createMemoryLog() },
);
const { handlers } = new TestHandlers();
const begun = (line: string, attempt: number) => {
  process.send?.({ line, attempt });
  return new Promise<never>(() => {});
};
await store.work.start({
  ...handlers,
  apply: ({ request }, { attempt }) => begun(request, attempt),
  "handle-message": ({ message }, { attempt }) => begun(message, attempt),
  deliver: ({ key }, { attempt }) => begun(key, attempt),
});
process.send?.("ready");
