import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { workspace } from "../../support/slack-peer.ts";
import { clickPayload, commandFields, eventPayload, mention } from "./payloads.ts";
import { type Running, startAdapter } from "./running-adapter.ts";

const { team } = workspace;

let running: Running;
beforeAll(async () => {
  running = await startAdapter();
  await running.started();
});
afterAll(() => running.close());
beforeEach(() => running.reset());

describe("people of other workspaces", () => {
  const guest = { id: "U0GUEST1", username: "guest", name: "guest", team_id: "T0PARTNER" };
  const tenants = () => running.received.map((inbound) => inbound.actor.account.tenant);

  it("are accounts of their own workspace, so that nobody listed is meant", async () => {
    await running.event(eventPayload(mention("status", { user: "U0X1", user_team: "T0PARTNER" })));
    await running.event(eventPayload(mention("status", { user: "U0X1", team: "T0PARTNER" })));
    await running.event(eventPayload(mention("status", { user: "U0X1", source_team: "T0PARTNER" })));
    await running.interact(clickPayload({}, { user: guest }));
    expect(tenants()).toEqual(["T0PARTNER", "T0PARTNER", "T0PARTNER", "T0PARTNER"]);
  });

  it("are found out even where the request does not name their workspace", async () => {
    await running.event(eventPayload(mention("status", { user: "U0GUEST2" })));
    await running.command(commandFields("status", { user_id: "U0GUEST3" }));
    expect(tenants()).toEqual(["T0PARTNER", "T0PARTNER"]);
  });

  it("are one account with their colleagues here when their workspace is allowed, too", async () => {
    const grid = await startAdapter({ settings: { teamIds: [team, "T0PARTNER"] } });
    await grid.started();
    await grid.event(eventPayload(mention("status", { user: "U0X1", user_team: "T0PARTNER" })));
    await grid.interact(clickPayload({}, { user: guest }));
    await grid.command(commandFields("status"));
    expect(grid.received.map((inbound) => inbound.actor.account.tenant)).toEqual([team, team, team]);
    await grid.close();
  });
});
