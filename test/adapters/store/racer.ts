/** A process that decides on requests when it is told to: the first argument is the database, the second who decides, the third how. */
import { z } from "zod";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import { openStore } from "../../../src/adapters/store/open-store.ts";
import { recordDecision } from "../../../src/flow/record-decision.ts";
import { createMemoryLog } from "../../support/memory-log.ts";
import { flowOn, racerAccounts, racerIds } from "./racing-flow.ts";

const [url, id, verb] = z
  .tuple([z.string(), z.enum(racerIds), z.enum(["approve", "reject"])])
  .parse(process.argv.slice(2));
const log = createMemoryLog();
const store = await openStore({ kind: "postgres", url }, { clock: systemClock, log });
const flow = flowOn(store, log);

const order = z.array(z.templateLiteral(["CR-", z.int()]));
process.on("message", (message) => {
  void Promise.all(
    order.parse(message).map(async (request) => {
      const { kind } = await recordDecision(flow, {
        ...{ request, verb, surface: "button", why: "Because." },
        person: { id, name: id },
        account: racerAccounts[id],
      });
      return kind;
    }),
  ).then((kinds) => process.send?.(kinds));
});
process.once("disconnect", () => void store.close());
process.send?.("ready");
