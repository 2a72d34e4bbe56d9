import type { IncomingMessage } from "node:http";
import { parse } from "node:querystring";
import { maxBodyBytes } from "./guard-request.ts";

export type TakenBody =
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly status: 400 | 413 }
  /** The client went away; there is nobody to answer. */
  | { readonly kind: "aborted" };

/**
 * Reads the body where Bolt looks for one that was read before, of at most 1 MB. Bolt checks its signature over these bytes; what is
 * refused here is what Bolt ends the process over: a body, or a payload in a form, that is JSON's `null`.
 */
export async function takeBody(request: IncomingMessage): Promise<TakenBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes: Buffer = chunk;
      size += bytes.length;
      if (size > maxBodyBytes) return { kind: "refused", status: 413 };
      chunks.push(bytes);
    }
  } catch {
    return { kind: "aborted" };
  }
  const rawBody = Buffer.concat(chunks);
  if (isNothing(rawBody.toString(), request.headers["content-type"])) return { kind: "refused", status: 400 };
  Object.assign(request, { rawBody });
  return { kind: "taken" };
}

function isNothing(text: string, type: string | undefined): boolean {
  const json = type === "application/json" ? text : parse(text).payload;
  return typeof json === "string" && json.trim() === "null";
}
