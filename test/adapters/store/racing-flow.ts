import type { Store } from "../../../src/adapters/store/open-store.ts";
import type { Account } from "../../../src/domain/actor.ts";
import type { Policy } from "../../../src/domain/change/approval-policy.ts";
import { defaultLimits, type Flow } from "../../../src/flow/flow.ts";
import type { Log } from "../../../src/ports/log.ts";
import { robinsAccount } from "../../contract/change-requests-samples.ts";
import { createMemoryRoutingService } from "../../support/memory-routing-service.ts";

const account = (user: string): Account => ({ platform: "slack", tenant: "T1", user });
export const racerAccounts = {
  robin: robinsAccount,
  ana: account("U2"),
  ben: account("U3"),
  cleo: account("U4"),
};
export const racerIds = ["robin", "ana", "ben", "cleo"] as const satisfies (keyof typeof racerAccounts)[];
const people = racerIds.map((id) => ({ id, name: id, accounts: [racerAccounts[id]] }));
const policy: Policy = {
  version: "1",
  people,
  rules: [
    {
      name: "shops",
      sites: { subscriptions: ["*"], resourceGroups: ["*"], names: ["*"] },
      request: ["robin"],
      approve: ["ana", "ben", "cleo"],
      quorum: 1,
      decideWithinMs: 3_600_000,
      applyWithinMs: 3_600_000,
      breakGlass: ["robin"],
    },
  ],
};

/** The flow on a real store, with people who race for decisions, and no chat, no Azure and no network. */
export function flowOn(store: Store, log: Log): Flow {
  const { requests, lists, inbox, outbox, subjects, surveys, stops, reviews, stepUps } = store;
  const clock = { now: () => new Date(), sleep: async () => {} };
  return {
    ...{ requests, lists, inbox, outbox, subjects, surveys, stops, reviews, stepUps, log, clock },
    routing: createMemoryRoutingService({ sites: [], clock }),
    directory: { policy: async () => policy, personOf: async () => ({ id: "nobody", name: "Nobody" }) },
    probe: async () => ({ kind: "failed", why: "there is no network here" }),
    chats: new Map(),
    newId: () => "id",
    holder: "worker",
    limits: defaultLimits,
  };
}
