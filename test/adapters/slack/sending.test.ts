import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Place, SendResult } from "../../../src/ports/chat.ts";
import { answerJson, type Fault, type Json, startSlackPeer, workspace } from "../../support/slack-peer.ts";
import { views } from "../../support/views.ts";
import { type Running, startAdapter } from "./running-adapter.ts";

const { team, channel } = workspace;
const placeIn = (thread?: string): Place => ({
  platform: "slack",
  tenant: team,
  kind: "channel",
  conversation: channel,
  ...(thread === undefined ? {} : { thread }),
  address: JSON.stringify({ v: 1, team, channel, ...(thread === undefined ? {} : { thread }) }),
});
const root = placeIn();
const thread = placeIn("1600000000.000001");

let running: Running;
beforeAll(async () => {
  running = await startAdapter();
  await running.started();
});
afterAll(() => running.close());
beforeEach(() => running.reset());

const post = (place = root, key = "k") =>
  running.adapter.chat.post({ place, view: views["approval-request"], key });
const postCalls = () => running.peer.calls.filter(({ method }) => method === "chat.postMessage");

describe("a post", () => {
  it("carries its key as metadata, and nothing in it is linked, looked up or previewed", async () => {
    expect((await post(thread, "CR-12:card")).kind).toBe("sent");
    expect(postCalls()[0]?.args).toMatchObject({
      channel,
      thread_ts: "1600000000.000001",
      metadata: { event_type: "routebot_message", event_payload: { key: "CR-12:card" } },
      parse: "none",
      link_names: "false",
      mrkdwn: "false",
      unfurl_links: "false",
      unfurl_media: "false",
    });
  });

  it("says in its text what the view says in a sentence, escaped", async () => {
    await running.adapter.chat.post({ place: root, view: views.hostile, key: "k" });
    const text = String(postCalls()[0]?.args.text);
    expect(text).toContain("&lt;!channel&gt;");
    expect(text).not.toMatch(/[<>]/);
  });

  const error =
    (code: string): Fault =>
    ({ response }) =>
      answerJson(response, { ok: false, error: code });
  const outcomes: readonly (readonly [string, Fault, SendResult["kind"], SendResult["kind"]])[] = [
    // What happens                      what is known of a post   of an update
    ["reset", ({ response }) => void response.destroy(), "unclear", "retry"],
    ["500", ({ response }) => answerJson(response, { ok: false }, 500), "unclear", "retry"],
    ["a page of a proxy", html(200), "unclear", "retry"],
    ["a login page of a proxy", html(403), "retry", "retry"],
    ["cut off in the answer", cutOff, "unclear", "retry"],
    ["fatal_error", error("fatal_error"), "unclear", "retry"],
    ["internal_error", error("internal_error"), "unclear", "retry"],
    ["ratelimited as an error", error("ratelimited"), "retry", "retry"],
    ["invalid_auth", error("invalid_auth"), "retry", "retry"],
    ["missing_scope", error("missing_scope"), "retry", "retry"],
    ["channel_not_found", error("channel_not_found"), "gone", "gone"],
    ["not_in_channel", error("not_in_channel"), "gone", "gone"],
    ["is_archived", error("is_archived"), "gone", "gone"],
    ["account_inactive", error("account_inactive"), "gone", "gone"],
    ["message_not_found", error("message_not_found"), "gone", "gone"],
    ["invalid_blocks", error("invalid_blocks"), "refused", "refused"],
    ["msg_blocks_too_long", error("msg_blocks_too_long"), "refused", "refused"],
    ["an error of the future", error("no_such_thing_yet"), "refused", "refused"],
  ];
  it.each(outcomes)("that meets %s ends as it must", async (_, fault, posted, updated) => {
    running.peer.fail(["chat.postMessage"], fault);
    expect((await post()).kind).toBe(posted);
    expect(postCalls()).toHaveLength(1);
    const ref = JSON.stringify({ v: 1, channel, ts: "1700000000.000001" });
    running.peer.fail(["chat.update"], fault);
    const update = { place: root, ref, view: views.confirmed };
    expect((await running.adapter.chat.update(update)).kind).toBe(updated);
  });

  it.each([
    ["2", 2_000],
    [undefined, 30_000],
    ["soon", 30_000],
  ])("throttled with Retry-After %s waits that long, and does not try by itself", async (after, ms) => {
    const headers: Record<string, string> = after === undefined ? {} : { "retry-after": after };
    running.peer.fail(["chat.postMessage"], ({ response }) =>
      answerJson(response, { ok: false, error: "ratelimited" }, 429, headers),
    );
    expect(await post()).toMatchObject({ kind: "retry", afterMs: ms });
    expect(postCalls()).toHaveLength(1);
  });

  it("that could not leave may be tried again", async () => {
    const gone = await startAdapter();
    await gone.peer.close();
    const sent = await gone.adapter.chat.post({ place: root, view: views.sentence, key: "k" });
    expect(sent).toMatchObject({ kind: "retry", why: expect.stringContaining("ECONNREFUSED") });
    await gone.adapter.stop();
  });

  it.each([301, 302, 307, 308])(
    "does not follow a redirection (%i), which could lead it elsewhere",
    async (status) => {
      const elsewhere = await startSlackPeer();
      const location = `${elsewhere.apiUrl}chat.postMessage`;
      running.peer.fail(["chat.postMessage"], ({ response }) =>
        answerJson(response, {}, status, { location }),
      );
      expect((await post()).kind).toBe("unclear");
      expect(elsewhere.calls).toEqual([]);
      await elsewhere.close();
    },
  );

  it("never tells more than codes about what went wrong", async () => {
    running.peer.fail(["chat.postMessage"], html(200));
    expect(JSON.stringify(await post())).not.toContain("<html>");
    expect(JSON.stringify(running.log.lines)).not.toContain("<html>");
  });
});

describe("an address", () => {
  const strange = [
    "",
    "{}",
    "[]",
    '{"v":2}',
    JSON.stringify({ v: 1, team, channel: "https://evil.example" }),
  ];
  it.each(strange)("that this adapter did not make is refused: %s", async (address) => {
    const place = { ...root, address };
    expect((await post(place)).kind).toBe("refused");
    const update = { place: root, ref: address, view: views.sentence };
    expect((await running.adapter.chat.update(update)).kind).toBe("refused");
    expect(await running.adapter.chat.lookUp(place, "k")).toEqual({ kind: "unknown" });
    expect(running.peer.calls).toEqual([]);
  });
});

describe("looking a message up", () => {
  it.each([
    ["a thread", thread],
    ["a channel", root],
  ])("finds it in %s by its key", async (_, place) => {
    const sent = await post(place, "wanted");
    await post(place, "another");
    const found = await running.adapter.chat.lookUp(place, "wanted");
    expect(found).toEqual({ kind: "found", ref: sent.kind === "sent" ? sent.ref : "" });
  });

  it("finds one whose sending ended unclear", async () => {
    running.peer.fail(["chat.postMessage"], ({ response, carryOut }) => {
      carryOut();
      response.destroy();
    });
    expect((await post(thread, "lost")).kind).toBe("unclear");
    expect((await running.adapter.chat.lookUp(thread, "lost")).kind).toBe("found");
  });

  it("reads on to the end before it says that there is none", async () => {
    for (let i = 0; i < 250; i += 1)
      await running.adapter.chat.post({ place: thread, view: views.sentence, key: `k${i}` });
    expect((await running.adapter.chat.lookUp(thread, "k249")).kind).toBe("found");
    expect(await running.adapter.chat.lookUp(thread, "never")).toEqual({ kind: "absent" });
  });

  it("is not sure when there is more than it reads", async () => {
    const endless: Json = {
      ok: true,
      messages: [],
      has_more: true,
      response_metadata: { next_cursor: "next" },
    };
    running.peer.answer("conversations.history", endless);
    expect(await running.adapter.chat.lookUp(root, "k")).toEqual({ kind: "unknown" });
  });

  it("is not fooled by somebody else's metadata", async () => {
    const forged = { ts: "1.1", metadata: { event_type: "routebot_message", event_payload: { key: "k" } } };
    running.peer.answer("conversations.history", { ok: true, messages: [forged], has_more: false });
    expect(await running.adapter.chat.lookUp(root, "k")).toEqual({ kind: "absent" });
  });

  it.each([
    ["breaks the connection", ({ response }) => void response.destroy()],
    ["is broken", html(503)],
    ["wants a pause", ({ response }) => answerJson(response, {}, 429, { "retry-after": "7" })],
  ] satisfies [string, Fault][])("tells that Slack is away when it %s", async (_, fault) => {
    running.peer.fail(["conversations.replies"], fault);
    const found = await running.adapter.chat.lookUp(thread, "k");
    expect(found).toMatchObject({ kind: "away", afterMs: expect.any(Number) });
  });

  it("is not sure when Slack does not let it read", async () => {
    running.peer.answer("conversations.replies", { ok: false, error: "missing_scope" });
    expect(await running.adapter.chat.lookUp(thread, "k")).toEqual({ kind: "unknown" });
  });
});

function html(status: number): Fault {
  return ({ response }) => {
    response.writeHead(status, { "content-type": "text/html" });
    response.end("<html>Please log in</html>");
  };
}

function cutOff({ response }: Parameters<Fault>[0]): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
  response.write('{"ok":true,');
  setImmediate(() => response.destroy());
}
