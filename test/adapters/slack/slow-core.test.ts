import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import type { Reply } from "../../../src/ports/chat.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { workspace } from "../../support/slack-peer.ts";
import { clickPayload, commandFields, eventPayload, mention, submissionPayload } from "./payloads.ts";
import { readMessage } from "./read-message.ts";
import { type Running, startAdapter } from "./running-adapter.ts";

describe("a core that takes too long", () => {
  /** Waits a twentieth of the time. */
  const hasty: Clock = { now: () => new Date(), sleep: (ms, signal) => systemClock.sleep(ms / 20, signal) };
  let slow: Running;
  let gate: PromiseWithResolvers<Reply>;

  beforeAll(async () => {
    slow = await startAdapter({ clock: hasty });
    await slow.started();
  });
  afterAll(() => slow.close());
  beforeEach(() => {
    slow.reset();
    gate = Promise.withResolvers<Reply>();
    slow.receiveWith(() => gate.promise);
  });
  const shown = () => slow.peer.messages.map(({ content }) => readMessage(content).shown);

  it("lets Slack deliver an event again", async () => {
    expect((await slow.event(eventPayload(mention("status")))).status).toBe(503);
    gate.resolve({ kind: "accepted" });
  });

  it("gets its clicks acknowledged in time, and its answer told later", async () => {
    expect((await slow.interact(clickPayload())).status).toBe(200);
    expect(shown()).toEqual([]);
    gate.resolve({ kind: "notice", text: "Too late." });
    await expect.poll(shown).toEqual(["Too late."]);
  });

  it("gets its clicks acknowledged in time, and its failure told later", async () => {
    expect((await slow.interact(clickPayload())).status).toBe(200);
    gate.reject(new Error("the store is down"));
    await expect.poll(() => shown().join()).toMatch(/nothing was done/);
  });

  it("gets its commands acknowledged in time, without a promise", async () => {
    const answer = await slow.command(commandFields("status"));
    expect(readMessage(JSON.parse(answer.body)).shown).toMatch(/slow just now/);
    gate.reject(new Error("the store is down"));
    await expect.poll(() => shown().join()).toMatch(/nothing was done/);
  });

  it("gets its forms acknowledged in time, and its answer told later", async () => {
    const address = { v: 1, team: workspace.team, channel: workspace.channel };
    const privateMetadata = JSON.stringify({ v: 1, verb: "reject", target: "id", address });
    const view = { callback_id: "routebot_form", private_metadata: privateMetadata };
    const sent = submissionPayload({ id: "V1", hash: "h", view }, "not today");
    expect(await slow.interact(sent)).toEqual({ status: 200, body: "" });
    gate.resolve({ kind: "notice", text: "Too late." });
    await expect.poll(shown).toEqual(["Too late."]);
  });

  it("is waited for when the adapter stops", async () => {
    const stopping = await startAdapter({ clock: hasty });
    await stopping.started();
    stopping.receiveWith(() => gate.promise);
    await stopping.interact(clickPayload());
    const stopped = stopping.adapter.stop();
    gate.resolve({ kind: "notice", text: "Done after all." });
    await stopped;
    expect(stopping.peer.messages).toHaveLength(1);
    await stopping.close();
  });
});
