import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHttpServer } from "../../../src/adapters/http/http-server.ts";
import { deliver, formBody, formType, jsonType, signatureOf, workspace } from "../../support/slack-peer.ts";
import { clickPayload, commandFields, eventPayload, mention, submissionPayload } from "./payloads.ts";
import { type Running, startAdapter } from "./running-adapter.ts";

const said = eventPayload(mention("route all traffic for shop-web"));

describe("requests to the Slack adapter", () => {
  let running: Running;

  beforeAll(async () => {
    running = await startAdapter();
    await running.started();
  });
  afterAll(() => running.close());
  beforeEach(() => running.reset());

  it("takes a well-signed one", async () => {
    expect(await running.event(said)).toEqual({ status: 200, body: "" });
    expect(running.received).toHaveLength(1);
  });

  const body = JSON.stringify(said);
  const now = () => String(Math.floor(Date.now() / 1000));
  const refusals: Record<string, () => Parameters<Running["event"]>[1]> = {
    "signed with another secret": () => ({ secret: "another-secret" }),
    "signed with an empty secret": () => ({ secret: " " }),
    "without a signature": () => ({ headers: { "x-slack-signature": undefined } }),
    "without a timestamp": () => ({ headers: { "x-slack-request-timestamp": undefined } }),
    "with an empty signature": () => ({ headers: { "x-slack-signature": "" } }),
    "with a signature without its version": () => ({
      headers: { "x-slack-signature": signatureOf(workspace.signingSecret, now(), body).slice(3) },
    }),
    "with the signature of scheme v1": () => ({
      headers: { "x-slack-signature": signatureOf(workspace.signingSecret, now(), body, "v1") },
    }),
    "tampered with": () => ({
      body: body.replace("shop-web", "shop-pay"),
      headers: { "x-slack-signature": signatureOf(workspace.signingSecret, now(), body) },
    }),
    "with the signature of another time": () => ({
      headers: { "x-slack-signature": signatureOf(workspace.signingSecret, "1700000000", body) },
    }),
    "six minutes old": () => ({ ahead: -360 }),
    "six minutes from the future": () => ({ ahead: 360 }),
    "with a timestamp that is no number": () => ({ headers: { "x-slack-request-timestamp": "soon" } }),
    "with a timestamp in another notation": () => ({ headers: { "x-slack-request-timestamp": "1e10" } }),
  };
  it.each(Object.entries(refusals))("refuses one %s with 401", async (_, how) => {
    expect((await running.event(said, how())).status).toBe(401);
    expect(running.received).toEqual([]);
  });

  it.each([-290, 290])("takes one whose clock is %i s off", async (ahead) => {
    expect((await running.event(said, { ahead })).status).toBe(200);
    expect(running.received).toHaveLength(1);
  });

  it("refuses a body over 1 MB, declared or not", async () => {
    const long = JSON.stringify({ ...said, padding: "x".repeat(1024 * 1024) });
    expect((await running.event({}, { body: long })).status).toBe(413);
    expect(await sendInChunks(running.url, long)).toBe(413);
    expect(running.received).toEqual([]);
  });

  it.each(["text/plain", "multipart/form-data; boundary=x", "application/json; charset=latin1", ""])(
    "refuses content type %j with 415",
    async (contentType) => {
      expect((await running.event(said, { contentType })).status).toBe(415);
      expect(running.received).toEqual([]);
    },
  );

  it("takes content types with the charset that Slack may add", async () => {
    expect((await running.event(said, { contentType: "application/json; charset=utf-8" })).status).toBe(200);
    const form = { contentType: `${formType}; charset=UTF-8` };
    expect((await running.interact(clickPayload(), form)).status).toBe(200);
    expect(running.received.map(({ kind }) => kind)).toEqual(["message", "click"]);
  });

  it("answers the challenge of Slack's set-up, signed only", async () => {
    const challenge = { type: "url_verification", challenge: "3eZbrw1aB", token: "x" };
    expect(await running.event(challenge)).toEqual({ status: 200, body: '{"challenge":"3eZbrw1aB"}' });
    expect((await running.event(challenge, { secret: "other" })).status).toBe(401);
  });

  it("answers Slack's certificate check without taking anything in with it", async () => {
    const unsigned = {
      "x-slack-signature": undefined,
      "x-slack-request-timestamp": undefined,
    };
    const smuggled = {
      ssl_check: "1",
      ...commandFields("approve CR-12"),
      payload: JSON.stringify(clickPayload()),
    };
    const answer = await deliver({
      url: running.url,
      body: formBody(smuggled),
      contentType: formType,
      headers: unsigned,
    });
    expect(answer).toEqual({ status: 200, body: "" });
    const twice = await deliver({
      url: running.url,
      body: `ssl_check=1&${formBody(smuggled)}`,
      contentType: formType,
      headers: unsigned,
    });
    expect(twice.status).toBe(401);
    expect(running.received).toEqual([]);
  });

  it("refuses other paths and methods", async () => {
    const elsewhere = running.url.replace("/events", "/install");
    expect((await running.event(said, { url: elsewhere })).status).toBe(404);
    expect((await fetch(running.url)).status).toBe(405);
    expect(running.received).toEqual([]);
  });

  it("answers broken JSON with 400", async () => {
    expect((await running.event({}, { body: "{" })).status).toBe(400);
  });

  describe("of a workspace that is not allowed", () => {
    const foreign = "T0OTHER";
    const authorizations = [{ team_id: foreign, user_id: "U1", is_bot: true, is_enterprise_install: false }];
    const deliveries: Record<string, () => Promise<{ status: number }>> = {
      "an event": () =>
        running.event(eventPayload(mention("x"), "Ev1", { team_id: foreign, authorizations })),
      "a command": () => running.command(commandFields("status", { team_id: foreign })),
      "a click": () => running.interact(clickPayload({}, { team: { id: foreign, domain: "other" } })),
      "a form": () =>
        running.interact({
          ...submissionPayload({ id: "V1", hash: "h", view: { callback_id: "routebot_form" } }, "x"),
          team: { id: foreign, domain: "other" },
          view: { app_installed_team_id: foreign, callback_id: "routebot_form" },
        }),
      "an organisation's event": () =>
        running.event(
          eventPayload(mention("x"), "Ev1", {
            authorizations: [{ ...authorizations[0], team_id: workspace.team, is_enterprise_install: true }],
          }),
        ),
    };
    it.each(Object.entries(deliveries))("refuses %s and says so in the log", async (_, send) => {
      expect((await send()).status).toBe(401);
      expect(running.received).toEqual([]);
      expect(running.log.lines).toContainEqual(
        expect.objectContaining({ level: "warn", event: "slack-foreign-team" }),
      );
    });
  });

  it("acknowledges at once what it has no use for", async () => {
    const shortcut = {
      type: "shortcut",
      callback_id: "x",
      user: { id: "U1", team_id: workspace.team },
      team: { id: workspace.team },
      trigger_id: "1",
    };
    expect((await running.interact(shortcut)).status).toBe(200);
    expect((await running.event(eventPayload({ type: "reaction_added", user: "U1" }))).status).toBe(200);
    expect(running.received).toEqual([]);
  });

  it("logs nothing secret, whatever is refused or fails", async () => {
    await running.event(said, { secret: "another-secret" });
    running.receiveWith(async () => {
      throw new Error("the store is down");
    });
    await running.event(said);
    await running.interact(clickPayload());
    const log = JSON.stringify(running.log.lines);
    for (const secret of [workspace.botToken, workspace.signingSecret, "hooks.slack.com", "shop-web"]) {
      expect(log).not.toContain(secret);
    }
  });
});

it("takes nothing in before it knows who it is, and after it was stopped", async () => {
  const running = await startAdapter();
  expect((await running.event(said)).status).toBe(503);
  await running.started();
  expect((await running.event(said)).status).toBe(200);
  await running.adapter.stop();
  expect((await running.event(said)).status).toBe(503);
  expect(running.received).toHaveLength(1);
  await running.close();
});

it("works on the server that it shares with Teams", async () => {
  const running = await startAdapter();
  await running.started();
  const server = createHttpServer({ host: "127.0.0.1", port: 0, log: running.log });
  server.post("/slack/events", { body: "raw", maxBytes: 1024 * 1024 }, (request, response) =>
    running.adapter.requestListener?.(request, response),
  );
  const url = `${(await server.listen()).url.replace(/\/$/, "")}/slack/events`;
  expect((await running.event(said, { url })).status).toBe(200);
  expect((await running.event(said, { url, secret: "other" })).status).toBe(401);
  expect((await running.event(said, { url, ahead: 400 })).status).toBe(401);
  expect((await running.event(said, { url, contentType: jsonType, body: "x".repeat(2 ** 21) })).status).toBe(
    413,
  );
  expect(running.received).toHaveLength(1);
  await server.close();
  await running.close();
});

/** Resolves with the status of a request whose length is not declared. */
function sendInChunks(url: string, body: string): Promise<number | undefined> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, {
      method: "POST",
      headers: {
        "content-type": jsonType,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signatureOf(workspace.signingSecret, timestamp, body),
      },
    });
    let answered = false;
    request.on("response", (response) => {
      answered = true;
      resolve(response.statusCode);
      request.destroy();
    });
    request.on("error", (error) => {
      if (!answered) reject(error);
    });
    request.write(body.slice(0, 1000));
    request.end(body.slice(1000));
  });
}
