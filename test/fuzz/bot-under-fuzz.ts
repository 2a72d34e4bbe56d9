import { systemClock } from "../../src/adapters/clock/system-clock.ts";
import type { Actor } from "../../src/domain/actor.ts";
import type { Flow } from "../../src/flow/flow.ts";
import { receiveInbound } from "../../src/flow/receive-inbound.ts";
import type { Inbound, Receive } from "../../src/ports/chat.ts";
import { openTestStore, temporaryDirectory } from "../adapters/store/store-for-tests.ts";
import { pending } from "../contract/change-requests-samples.ts";
import { FlowWorld } from "../support/flow-world.ts";

/**
 * The core over a real database, for what the chats let in: what an adapter passes on must never make it throw, and nothing that
 * an outsider sends may decide anything. Jobs do not run: what is stored stays stored.
 */
export async function startCore() {
  const directory = temporaryDirectory();
  const store = await openTestStore({ kind: "embedded", directory: directory.path }, systemClock);
  const world = new FlowWorld();
  const { requests, lists, inbox, outbox, subjects, surveys, stops, reviews, stepUps } = store;
  const flow: Flow = {
    ...world.flow,
    ...{ requests, lists, inbox, outbox, subjects, surveys, stops, reviews, stepUps },
    clock: systemClock,
  };
  const request = pending(1, "app-x");
  await requests.open({
    request,
    check: () => undefined,
    effects: { events: [], owed: [], jobs: [] },
  });
  const core = receiveInbound(flow);
  const received: Inbound[] = [];
  const thrown: { readonly inbound: Inbound; readonly error: unknown }[] = [];
  const receive: Receive = async (inbound) => {
    received.push(inbound);
    try {
      return await core(inbound);
    } catch (error) {
      thrown.push({ inbound, error });
      throw error;
    }
  };
  return {
    flow,
    receive,
    /** What the adapter passed on since the last look, and what the core threw at it. */
    look() {
      return { received: received.splice(0), thrown: thrown.splice(0) };
    },
    /** Whether the request that waits is as it was. */
    async isUntouched(): Promise<boolean> {
      const now = await requests.get(request.id);
      return now?.revision === request.revision && now.state === "pending" && now.approvals.length === 0;
    },
    async close() {
      await store.close();
      directory.remove();
    },
  };
}
export type Core = Awaited<ReturnType<typeof startCore>>;

/** What is wrong with something that an adapter passed on, whoever sent it: `undefined` if it is of the form that the core expects. */
export function faultOf(inbound: Inbound, isKnown: (actor: Actor) => boolean): string | undefined {
  const texts = [
    inbound.id,
    inbound.actor.account.user,
    inbound.actor.account.tenant,
    inbound.place.conversation,
    inbound.place.address,
    ...("target" in inbound ? [inbound.target] : []),
  ];
  if (texts.some((text) => typeof text !== "string" || text === "")) return "an id that is no text";
  if (texts.some((text) => text.length > 5_000)) return "an id of endless length";
  if (texts.some((text) => text.includes("\0"))) return "an id with a NUL";
  if (inbound.kind === "message" && typeof inbound.text !== "string") return "a message without text";
  if (!isKnown(inbound.actor)) return "an author of another tenant or workspace";
  return undefined;
}
