import { randomBytes } from "node:crypto";
import type { Trail } from "../../ports/telemetry.ts";

/** A place in a story: 32 and 16 hexadecimal digits. Source: w3.org/TR/trace-context, "traceparent". */
export type TracePlace = { readonly trace: string; readonly span: string };

const form = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

/** `undefined` for what is none, such as one of a later version. */
export function readTrail(trail: Trail | undefined): TracePlace | undefined {
  const [, trace, span] = form.exec(trail ?? "") ?? [];
  return trace === undefined || span === undefined ? undefined : { trace, span };
}

export function writeTrail({ trace, span }: TracePlace): Trail {
  return `00-${trace}-${span}-01`;
}

/** A new place: in the story of `after`, else in a story of its own. */
export function nextPlace(after?: TracePlace): TracePlace {
  return { trace: after?.trace ?? randomBytes(16).toString("hex"), span: randomBytes(8).toString("hex") };
}
