import type { IncomingMessage } from "node:http";

/** `aborted`: the client went away; there is nobody to answer. */
export type JsonBody =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "refused"; readonly status: 400 | 413 | 415; readonly why: string }
  | { readonly kind: "aborted" };

/** Whether the client says in advance that it sends more than `maxBytes`. */
export function declaredTooLarge(request: IncomingMessage, maxBytes: number): boolean {
  const declared = Number(request.headers["content-length"]);
  return Number.isFinite(declared) && declared > maxBytes;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a JSON body of at most `maxBytes` and stops reading beyond. restify's body parser is not used: it takes gzip and limits
 * only the compressed size, so that 256 KB could become 256 MB. A compressed body is refused here.
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<JsonBody> {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    return { kind: "refused", status: 415, why: "the body is compressed" };
  }
  const type = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json")
    return { kind: "refused", status: 400, why: "the body is not declared as JSON" };

  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) return { kind: "refused", status: 400, why: "the body is not bytes" };
      size += chunk.length;
      if (size > maxBytes) return { kind: "refused", status: 413, why: "the body is longer than the limit" };
      chunks.push(chunk);
    }
  } catch {
    return { kind: "aborted" };
  }
  try {
    const value: unknown = JSON.parse(utf8.decode(Buffer.concat(chunks)));
    return { kind: "json", value };
  } catch {
    return { kind: "refused", status: 400, why: "the body is not valid JSON in UTF-8" };
  }
}
