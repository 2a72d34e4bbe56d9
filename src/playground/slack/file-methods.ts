/**
 * Files in three steps, as https://docs.slack.dev/reference/methods/files.getUploadURLExternal has them: an address, an upload, and
 * the call that shares. The shared file is a message with a link to it.
 */
import type { Answer, Call, Route } from "../http/loopback-server.ts";
import { findPlace } from "../places.ts";
import { isJsonObject, type JsonObject } from "../world/world-model.ts";
import type { SlackContext } from "./slack-context.ts";
import { fail, ok, text } from "./web-api-call.ts";

interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  content: string | undefined;
  shared: boolean;
}

export interface LocalFiles {
  readonly methods: Readonly<Record<string, (context: SlackContext, args: JsonObject) => Answer>>;
  readonly routes: readonly Route[];
}

const keptFiles = 20;

/** @param baseUrl where this server listens, once it does */
export function createFiles(context: SlackContext, baseUrl: () => string): LocalFiles {
  const files = new Map<string, StoredFile>();

  function getUploadUrl(_: SlackContext, args: JsonObject): Answer {
    const [name, length] = [text(args.filename), Number(args.length)];
    if (name === "" || !Number.isInteger(length) || length <= 0) return fail("invalid_arguments");
    const id = context.ids.id("F");
    files.set(id, { id, name, length, content: undefined, shared: false });
    const [oldest] = files.keys();
    if (files.size > keptFiles && oldest !== undefined) files.delete(oldest);
    return ok({ upload_url: `${baseUrl()}/upload/v1/${id}`, file_id: id });
  }

  function upload(call: Call): Answer {
    const file = files.get(call.params.file ?? "");
    if (file === undefined || file.content !== undefined) return { status: 404, bytes: "no such upload" };
    if (Buffer.byteLength(call.body) !== file.length)
      return { status: 400, bytes: "not as long as was said" };
    file.content = call.body;
    return { status: 200, bytes: `OK - ${file.length}` };
  }

  function complete(_: SlackContext, args: JsonObject): Answer {
    const place = findPlace("slack", text(args.channel_id));
    if (place === undefined || place.id !== args.channel_id) return fail("channel_not_found");
    const [asked] = Array.isArray(args.files) ? args.files : [];
    const file = isJsonObject(asked) ? files.get(text(asked.id)) : undefined;
    if (file === undefined || file.content === undefined || file.shared) return fail("file_not_found");
    const thread = text(args.thread_ts) || null;
    if (thread !== null && !context.world.find({ platform: "slack", conversation: place.id, id: thread })) {
      return fail("thread_not_found");
    }
    file.shared = true;
    const title = isJsonObject(asked) ? text(asked.title) : "";
    context.world.post({
      platform: "slack",
      conversation: place.id,
      id: context.ids.ts(),
      thread,
      author: { kind: "bot" },
      text: `${escaped(title || file.name)}: <${baseUrl()}/files/${file.id}/${encodeURIComponent(file.name)}|${escaped(file.name)}>`,
    });
    return ok({ files: [{ id: file.id, title: title || file.name }] });
  }

  function download(call: Call): Answer {
    const file = files.get(call.params.file ?? "");
    if (file?.content === undefined || !file.shared) return { status: 404, bytes: "no such file" };
    return {
      status: 200,
      bytes: file.content,
      headers: {
        "content-type": "application/octet-stream",
        "content-disposition": "attachment",
        "x-content-type-options": "nosniff",
      },
    };
  }

  return {
    methods: { "files.getUploadURLExternal": getUploadUrl, "files.completeUploadExternal": complete },
    routes: [
      { method: "POST", path: "/upload/v1/:file", handle: upload },
      { method: "GET", path: "/files/:file/:name", handle: download },
    ],
  };
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
