import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { answerJson, type Json, workspace } from "../../support/slack-peer.ts";
import { ana, clickPayload, commandFields, eventPayload, mention } from "./payloads.ts";
import { readMessage } from "./read-message.ts";
import { type Running, type StartOptions, startAdapter } from "./running-adapter.ts";

const socket: StartOptions["settings"] = { mode: { kind: "socket", appToken: workspace.appToken } };
/** Pauses between tries are a hundredth of what they are. */
const hasty: Clock = { now: () => new Date(), sleep: (ms, signal) => systemClock.sleep(ms / 100, signal) };

let running: Running;
afterEach(() => running.close());

describe("starting", () => {
  const refusals: Record<string, { answer: Json; says: string }> = {
    "a token that Slack does not take": {
      answer: { ok: false, error: "invalid_auth" },
      says: "Slack does not accept the bot token (Slack answered invalid_auth).",
    },
    "a token of another workspace": {
      answer: { ok: true, team_id: "T0OTHER", user_id: "U1", bot_id: "B1" },
      says: "The Slack token belongs to workspace T0OTHER, which is not allowed.",
    },
    "an organisation's token": {
      answer: { ok: true, team_id: "T0HOME", user_id: "U1", bot_id: "B1", is_enterprise_install: true },
      says: "The app is installed for a whole organisation; install it in one workspace.",
    },
    "a person's token": {
      answer: { ok: true, team_id: "T0HOME", user_id: "U1" },
      says: "The Slack token is not that of a bot.",
    },
  };
  it.each(Object.entries(refusals))("with %s fails and says why", async (_, { answer, says }) => {
    running = await startAdapter();
    running.peer.answer("auth.test", answer);
    await expect(running.adapter.start()).rejects.toThrow(says);
    expect((await running.event(eventPayload(mention("x")))).status).toBe(503);
  });

  it("goes on trying while Slack cannot be reached, without holding the rest up", async () => {
    running = await startAdapter({ clock: hasty });
    await running.adapter.load();
    for (let i = 0; i < 3; i += 1) {
      running.peer.fail(["auth.test"], ({ response }) => answerJson(response, { ok: false }, 503));
    }
    await running.adapter.start();
    await expect.poll(async () => (await running.event(eventPayload(mention("x")))).status).toBe(200);
    expect(running.log.lines.filter(({ event }) => event === "slack-unreachable")).toHaveLength(3);
  });

  it("stops trying when it is stopped, any number of times", async () => {
    running = await startAdapter();
    running.peer.fail(["auth.test"], ({ response }) => answerJson(response, { ok: false }, 503));
    await running.adapter.start();
    await Promise.all([running.adapter.stop(), running.adapter.stop()]);
    expect(running.peer.calls.map(({ method }) => method)).toEqual(["auth.test"]);
  });

  it("asks nothing of Slack before, and only once", async () => {
    running = await startAdapter();
    expect(running.peer.calls).toEqual([]);
    await Promise.all([running.adapter.start(), running.adapter.start()]);
    expect(running.peer.calls.map(({ method }) => method)).toEqual(["auth.test"]);
  });
});

it("is ready while Slack takes the token, says when it does not, and does not know when Slack is away", async () => {
  running = await startAdapter();
  const { peer, adapter } = running;
  const look = () => adapter.check.look(new AbortController().signal);
  expect(await look()).toEqual({ kind: "in-order" });
  peer.answer("auth.test", { ok: false, error: "token_revoked" });
  expect(await look()).toMatchObject({ kind: "failed" });
  peer.fail(["auth.test"], ({ response }) => answerJson(response, { ok: false }, 503));
  expect(await look()).toMatchObject({ kind: "unclear" });
  peer.answer("auth.test", { ok: true, team_id: "T0OTHER", user_id: "U1", bot_id: "B1" });
  expect(await look()).toMatchObject({ kind: "failed" });
});

describe("Socket Mode", () => {
  async function connect(clock: Clock = systemClock) {
    running = await startAdapter({ settings: socket, clock });
    await running.adapter.start();
    return running;
  }

  it("has nothing to mount", async () => {
    running = await startAdapter({ settings: socket });
    expect(running.adapter.requestListener).toBeUndefined();
  });

  it("takes events, commands and clicks, and acknowledges them when they are stored", async () => {
    const { peer, received } = await connect();
    expect(await peer.sendEnvelope("events_api", eventPayload(mention("status"), "Ev1"))).toEqual({});
    const said = await peer.sendEnvelope("slash_commands", commandFields("status"));
    expect(readMessage(said).shown).toContain("answer follows");
    await peer.sendEnvelope("interactive", clickPayload());
    expect(received.map(({ kind, id }) => [kind, id])).toEqual([
      ["message", "slack:event:Ev1"],
      ["message", "slack:command:13345224609.738474920"],
      ["click", `slack:click:${workspace.channel}:1700000003.000100:approve:${ana}:1700000004.000200`],
    ]);
  });

  it("does not acknowledge an event that could not be stored", async () => {
    const { peer, receiveWith, received } = await connect();
    receiveWith(async () => {
      throw new Error("the store is down");
    });
    const outcome = peer.sendEnvelope("events_api", eventPayload(mention("status"), "Ev1")).then(
      () => "acknowledged",
      (error: unknown) => String(error),
    );
    await expect.poll(() => received.length).toBe(1);
    receiveWith(async () => ({ kind: "accepted" }));
    expect(await peer.sendEnvelope("events_api", eventPayload(mention("status"), "Ev2"))).toEqual({});
    expect(await outcome).toContain("not acknowledged");
  });

  it("takes nothing from another workspace", async () => {
    const { peer, received, log } = await connect();
    const authorizations = [{ team_id: "T0OTHER", is_bot: true, is_enterprise_install: false }];
    const foreign = eventPayload(mention("x"), "Ev1", { team_id: "T0OTHER", authorizations });
    await peer.sendEnvelope("events_api", foreign);
    expect(received).toEqual([]);
    expect(log.lines.map(({ event }) => event)).toContain("slack-foreign-team");
  });

  it("connects again when the connection is lost, however often that fails", async () => {
    const { peer } = await connect(hasty);
    const [first] = peer.sockets;
    for (let i = 0; i < 3; i += 1) {
      peer.fail(["apps.connections.open"], ({ response }) => answerJson(response, { ok: false }, 500));
    }
    first?.terminate();
    await expect
      .poll(() => peer.sockets.size === 1 && !peer.sockets.has(first ?? Object.create(null)))
      .toBe(true);
    await expect
      .poll(() => peer.sendEnvelope("events_api", eventPayload(mention("status"))).catch(String))
      .toEqual({});
  });

  it("connects again when Slack asks for it", async () => {
    const { peer } = await connect(hasty);
    const [first] = peer.sockets;
    first?.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
    await expect.poll(() => [...peer.sockets].some((one) => one !== first)).toBe(true);
  });

  it("fails to start with an app token that Slack does not take", async () => {
    running = await startAdapter({ settings: socket });
    running.peer.answer("apps.connections.open", { ok: false, error: "not_allowed_token_type" });
    await expect(running.adapter.start()).rejects.toThrow("Slack does not accept the app token");
  });

  it("is closed by stop, and stays so", async () => {
    const { peer, adapter } = await connect();
    await adapter.stop();
    await expect.poll(() => peer.sockets.size).toBe(0);
    await adapter.stop();
    expect(peer.calls.filter(({ method }) => method === "apps.connections.open")).toHaveLength(1);
  });

  it("writes no token, ticket or payload into the log", async () => {
    const { peer, log } = await connect();
    await peer.sendEnvelope("events_api", eventPayload(mention("route all for shop-web")));
    for (const socketOfPeer of peer.sockets) socketOfPeer.terminate();
    await running.adapter.stop();
    const lines = JSON.stringify(log.lines);
    for (const secret of ["xoxb-", "xapp-", "ticket-", "shop-web"]) expect(lines).not.toContain(secret);
  });
});
