import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
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

describe("guests of this workspace", () => {
  it("are told to the core as guests, and so is everybody of whom Slack does not say that they are none", async () => {
    const visitor = { id: "U0VISITOR1", username: "visitor", name: "visitor", team_id: team };
    await running.interact(clickPayload({}, { user: visitor }));
    await running.event(eventPayload(mention("status", { user: "U0MEMBER" })));
    running.peer.answer("users.info", { ok: false, error: "internal_error" });
    await running.event(eventPayload(mention("status", { user: "U0NEW" }), "Ev2"));
    expect(running.received.map(({ actor }) => actor.guest)).toEqual([true, undefined, true]);
  });
});

describe("people of other workspaces", () => {
  const guest = { id: "U0GUEST1", username: "guest", name: "guest", team_id: "T0PARTNER" };

  it("are refused: the core never hears of them, and they are told", async () => {
    await running.event(eventPayload(mention("status", { user: "U0X1", user_team: "T0PARTNER" })));
    await running.event(eventPayload(mention("status", { user: "U0X1", team: "T0PARTNER" })));
    await running.event(eventPayload(mention("status", { user: "U0X1", source_team: "T0PARTNER" })));
    await running.interact(clickPayload({}, { user: guest }));
    expect(running.received).toEqual([]);
    const notices = () => running.peer.calls.filter(({ method }) => method === "chat.postEphemeral");
    await vi.waitUntil(() => notices().length === 4, 20_000);
    for (const { args } of notices())
      expect(JSON.stringify(args)).toContain("members of this workspace only");
  });

  it("are found out even where the request does not name their workspace", async () => {
    await running.event(eventPayload(mention("status", { user: "U0GUEST2" })));
    await running.command(commandFields("status", { user_id: "U0GUEST3" }));
    expect(running.received).toEqual([]);
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
