import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Place } from "../../../src/ports/chat.ts";
import { answerJson, workspace } from "../../support/slack-peer.ts";
import { type Running, startAdapter } from "./running-adapter.ts";

const { team, channel } = workspace;
const place: Place = {
  platform: "slack",
  tenant: team,
  kind: "channel",
  conversation: channel,
  thread: "1600000000.000001",
  address: JSON.stringify({ v: 1, team, channel, thread: "1600000000.000001" }),
};

let running: Running;
beforeAll(async () => {
  running = await startAdapter();
  await running.started();
});
afterAll(() => running.close());
beforeEach(() => running.reset());

const upload = "upload-of-F1";
const content = Buffer.from("site,routed");

function slackTakesFiles(uploadUrl = `${running.peer.apiUrl}${upload}`): void {
  running.peer.answer("files.getUploadURLExternal", { ok: true, upload_url: uploadUrl, file_id: "F1" });
  running.peer.answer("files.completeUploadExternal", { ok: true, files: [{ id: "F1" }] });
}

const share = async (to = place) => {
  const { chat } = running.adapter;
  if (chat.share === undefined) throw new Error("Slack shares files");
  return await chat.share({ place: to, name: "routing.csv", title: "Routing <!channel>", content });
};
const called = (method: string) => running.peer.calls.filter((call) => call.method === method);

it("uploads the file and shares it in the thread", async () => {
  slackTakesFiles();
  expect(await share()).toMatchObject({ kind: "sent" });
  expect(called("files.getUploadURLExternal")[0]?.args).toMatchObject({
    filename: "routing.csv",
    length: String(content.byteLength),
  });
  expect(Object.keys(called(upload)[0]?.args ?? {})).toEqual(["site,routed"]);
  expect(called("files.completeUploadExternal")[0]?.args).toMatchObject({
    channel_id: channel,
    thread_ts: "1600000000.000001",
    files: JSON.stringify([{ id: "F1", title: "Routing <!channel>" }]),
  });
});

it.each(["missing_scope", "file_uploads_disabled"])(
  "%s: is refused, so that people get it otherwise",
  async (code) => {
    running.peer.answer("files.getUploadURLExternal", { ok: false, error: code });
    expect(await share()).toMatchObject({ kind: "refused", why: `Slack answered ${code}` });
  },
);

it("uploads to Slack alone, whatever address it is told", async () => {
  slackTakesFiles("https://files.evil.example/upload");
  expect(await share()).toMatchObject({ kind: "refused", why: expect.stringContaining("outside of Slack") });
  expect(called("files.completeUploadExternal")).toEqual([]);
});

it("an upload that fails is tried again later: nothing was shared", async () => {
  slackTakesFiles();
  running.peer.fail([upload], ({ response }) => answerJson(response, {}, 500));
  expect(await share()).toMatchObject({ kind: "retry" });
  expect(called("files.completeUploadExternal")).toEqual([]);
});

it("a lost answer to the last step is unclear: it may be there", async () => {
  slackTakesFiles();
  running.peer.fail(["files.completeUploadExternal"], ({ response }) => void response.destroy());
  expect(await share()).toMatchObject({ kind: "unclear" });
});

it("a conversation that is gone is said to be gone", async () => {
  slackTakesFiles();
  running.peer.answer("files.completeUploadExternal", { ok: false, error: "channel_not_found" });
  expect(await share()).toMatchObject({ kind: "gone" });
});

it("an address of another platform is refused", async () => {
  expect(await share({ ...place, address: "{}" })).toMatchObject({ kind: "refused" });
});
