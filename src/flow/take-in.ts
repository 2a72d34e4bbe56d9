import { parseCommand } from "../command/parse.ts";
import type { StoredInbound } from "../ports/change-requests.ts";
import type { Flow } from "./flow.ts";
import { subjectKey } from "./subject-key.ts";

/**
 * Stores what is to be answered. What is said in one thread or direct chat is answered in the order in which it was said: "and the
 * staging slot" right after "same for app-y" means the slot of app-y, however long app-y takes. A stop waits for nobody.
 */
export function takeIn(flow: Flow, inbound: StoredInbound): Promise<"stored" | "seen"> {
  const line = subjectKey(inbound.place);
  return flow.inbox.receive(inbound, line !== undefined && isStop(inbound) ? undefined : line);
}

function isStop(inbound: StoredInbound): boolean {
  return inbound.kind === "message" && parseCommand(inbound.text).command.kind === "freeze";
}
