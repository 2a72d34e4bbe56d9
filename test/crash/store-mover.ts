/** A process to be killed: it moves the embedded store of its first argument to the database of its second one. */
import { systemClock } from "../../src/adapters/clock/system-clock.ts";
import { moveStore } from "../../src/adapters/store/move/move-store.ts";
import { createMemoryLog } from "../support/memory-log.ts";

const [from = "", url = ""] = process.argv.slice(2);
await moveStore({ from, to: { url }, name: "the tests" }, { clock: systemClock, log: createMemoryLog() });
