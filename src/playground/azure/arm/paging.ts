import { queryValue } from "../http/exchange.ts";
import type { Json } from "../http/json.ts";
import { armError } from "./errors.ts";
import { type ArmContext, type ArmResult, ok, refused } from "./route.ts";

/** One page of a list with `nextLink` to the following one. The link keeps the request's other parameters. */
export function page<T>(context: ArmContext, items: readonly T[], view: (item: T) => Json): ArmResult {
  const start = readToken(queryValue(context.exchange, "$skiptoken"));
  if (start === null) {
    return refused(
      armError({ status: 400, code: "InvalidSkipToken", message: "The $skiptoken is not valid." }),
    );
  }
  const size = context.behaviour.pageSize;
  const value = items.slice(start, start + size).map(view);
  const next = start + size;
  if (next >= items.length) return ok({ value, nextLink: null });
  const query = new URLSearchParams(
    [...context.exchange.query].filter(([name]) => name.toLowerCase() !== "$skiptoken"),
  );
  query.append("$skiptoken", Buffer.from(`from:${next}`).toString("base64url"));
  return ok({ value, nextLink: `${context.exchange.origin}${context.exchange.path}?${query}` });
}

function readToken(token: string | null): number | null {
  if (token === null) return 0;
  const digits = /^from:(\d{1,9})$/.exec(Buffer.from(token, "base64url").toString("utf8"))?.[1];
  return digits === undefined ? null : Number(digits);
}
