/**
 * A file into a conversation, in Slack's three steps: an address to upload to, the upload, and the call that shares it. Needs the
 * scope `files:write`. https://docs.slack.dev/reference/methods/files.getUploadURLExternal and files.completeUploadExternal
 */
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { SendResult, ShareRequest } from "../../ports/chat.ts";
import { addressOf } from "./address.ts";
import { clean, clip } from "./text.ts";
import { platformCodeOf, sendResultOf } from "./web-api-errors.ts";

const uploadTimeoutMs = 30_000;
const maxTitle = 100;

const upload = z.object({ upload_url: z.string(), file_id: z.string() });

/** What Slack answers to an app that was not given the right to share files: nobody should wait for that. */
const notOurs: ReadonlySet<string> = new Set([
  "missing_scope",
  "not_allowed_token_type",
  "file_uploads_disabled",
  "file_upload_size_restricted",
  "file_uploads_except_images_disabled",
  "storage_limit_reached",
]);

export async function shareFile(
  client: WebClient,
  apiUrl: string,
  { place, name, title, content }: ShareRequest,
): Promise<SendResult> {
  const address = addressOf(place);
  if (address === undefined) {
    return { kind: "refused", why: "the address is not one of the Slack adapter's" };
  }
  try {
    const answer = await client.files.getUploadURLExternal({ filename: name, length: content.byteLength });
    const { upload_url, file_id } = upload.parse(answer);
    if (!isSlacks(upload_url, apiUrl)) {
      return { kind: "refused", why: "Slack named an address outside of Slack to upload to" };
    }
    const uploaded = await fetch(upload_url, {
      method: "POST",
      body: Buffer.from(content),
      headers: { "content-type": "application/octet-stream" },
      redirect: "error",
      signal: AbortSignal.timeout(uploadTimeoutMs),
    });
    await uploaded.body?.cancel();
    if (!uploaded.ok)
      return { kind: "retry", afterMs: 10_000, why: `the upload ended with ${uploaded.status}` };
    return await complete(client, { address, file: { id: file_id, title: clip(clean(title), maxTitle) } });
  } catch (error) {
    // Nothing was shared yet: all of it may be tried again.
    return resultOf(error, "update");
  }
}

type Completion = {
  readonly address: NonNullable<ReturnType<typeof addressOf>>;
  readonly file: { readonly id: string; readonly title: string };
};

async function complete(client: WebClient, { address, file }: Completion): Promise<SendResult> {
  const { channel, thread } = address;
  try {
    await client.files.completeUploadExternal({
      files: [file],
      channel_id: channel,
      ...(thread === undefined ? {} : { thread_ts: thread }),
    });
    return { kind: "sent", ref: JSON.stringify({ v: 1, file: file.id }) };
  } catch (error) {
    return resultOf(error, "post");
  }
}

function resultOf(error: unknown, kind: "post" | "update"): SendResult {
  const code = platformCodeOf(error);
  if (code !== undefined && notOurs.has(code)) return { kind: "refused", why: `Slack answered ${code}` };
  return sendResultOf(error, kind);
}

/** The host of the Web API, or one below it, over TLS where the API is: `files.slack.com` of `slack.com`. */
function isSlacks(uploadUrl: string, apiUrl: string): boolean {
  const [to, api] = [URL.parse(uploadUrl), new URL(apiUrl)];
  if (to === null || to.protocol !== api.protocol) return false;
  return to.host === api.host || (api.protocol === "https:" && to.hostname.endsWith(`.${api.hostname}`));
}
