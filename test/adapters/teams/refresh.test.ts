import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Inbound } from "../../../src/ports/chat.ts";
import { executeActivity, messageActivity } from "../../support/teams-activities.ts";
import { startTeamsBench, type TeamsBench } from "../../support/teams-harness.ts";
import { views } from "../../support/views.ts";

const view = { ...views["approval-request"], perPerson: "CR-12" };

let bench: TeamsBench;
let received: Inbound[];
beforeEach(async () => {
  bench = await startTeamsBench();
  received = [];
  bench.receiveWith(async (inbound) => {
    received.push(inbound);
    return { kind: "card", view: views.confirmed };
  });
});
afterEach(() => bench.close());

/** What a card that was posted there says about refreshing. */
async function refreshOf(where: "channel" | "direct"): Promise<unknown> {
  received = [];
  await bench.deliver(messageActivity("status", { serviceUrl: bench.peer.serviceUrl, where }));
  const [first] = received;
  if (!first) throw new Error("the message did not arrive");
  bench.peer.reset();
  expect((await bench.adapter.chat.post({ place: first.place, view, key: "k" })).kind).toBe("sent");
  const attachments = bench.peer.messages.at(-1)?.activity.attachments;
  return Array.isArray(attachments) ? attachments[0]?.content?.refresh : undefined;
}

describe("a card that differs by person", () => {
  it("is refreshed by the members of a channel, who are asked for once", async () => {
    bench.peer.members = ["29:1-robin", "29:1-ana"];
    expect(await refreshOf("channel")).toMatchObject({
      action: { type: "Action.Execute", verb: "view", data: { id: "CR-12" } },
      userIds: ["29:1-robin", "29:1-ana"],
    });
    await refreshOf("channel");
    expect(bench.peer.requests.filter(({ method }) => method === "GET")).toEqual([]);
  });

  it("names sixty people at most", async () => {
    bench.peer.members = Array.from({ length: 80 }, (_, index) => `29:1-${index}`);
    expect(await refreshOf("channel")).toMatchObject({ userIds: expect.objectContaining({ length: 60 }) });
  });

  it("is the same for all where the members cannot be read", async () => {
    expect(await refreshOf("channel")).toBeUndefined();
    expect(bench.log.lines.map(({ event }) => event)).toContain("teams-members-unreadable");
  });

  it("is refreshed in a chat with one person without naming them", async () => {
    const refresh = await refreshOf("direct");
    expect(refresh).toMatchObject({ action: { verb: "view" } });
    expect(refresh).not.toHaveProperty("userIds");
  });

  it.each(["automatic", "manual"])(
    "asks the core how it looks, %s, and is answered with the card",
    async (trigger) => {
      received = [];
      const { status, body } = await bench.deliver(
        executeActivity(
          { verb: "view", data: { id: "CR-12" }, messageId: "1" },
          { serviceUrl: bench.peer.serviceUrl, trigger },
        ),
      );
      expect(status).toBe(200);
      expect(body).toMatchObject({ statusCode: 200, type: "application/vnd.microsoft.card.adaptive" });
      expect(received).toMatchObject([{ kind: "viewed", target: "CR-12" }]);
    },
  );

  it("of whoever pressed a button asks anew when they look at it: a newer one may have come before the answer", async () => {
    bench.receiveWith(async () => ({ kind: "card", view }));
    const press = executeActivity(
      { verb: "approve", data: { id: "CR-12" }, messageId: "1" },
      { serviceUrl: bench.peer.serviceUrl },
    );
    const { body } = await bench.deliver(press);
    expect(body).toMatchObject({
      value: { refresh: { action: { verb: "view", data: { id: "CR-12" } }, userIds: [press.from.id] } },
    });
  });

  it("never decides anything by being looked at", async () => {
    received = [];
    await bench.deliver(
      executeActivity(
        { verb: "approve", data: { id: "CR-12" } },
        { serviceUrl: bench.peer.serviceUrl, trigger: "automatic" },
      ),
    );
    expect(received).toEqual([]);
  });
});
