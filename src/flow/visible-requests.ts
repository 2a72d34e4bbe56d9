import type { ChangeRequest } from "../domain/change/change-request.ts";
import type { Asker } from "./sight.ts";

/** What a list shows, and whether there is more: `unknown` when too much would have had to be looked through to find out. */
export type VisibleRequests = {
  readonly requests: readonly ChangeRequest[];
  readonly more: "none" | "some" | "unknown";
};

const pageSize = 50;
/** So many more than are shown are read at first: one tells that there are more, the others may be hidden. */
const firstReserve = 10;
/** So many are looked at for one list: an answer must not keep the database busy. */
const mostLookedAt = 1_000;

export type Page = (page: {
  readonly limit: number;
  /** The last one that was seen. */
  readonly last?: ChangeRequest;
}) => Promise<readonly ChangeRequest[]>;

/**
 * The first `limit` requests that the asker may see, page by page. Whoever does not see each of the sites of a request sees
 * nothing of it: it is neither shown nor counted.
 */
export async function visibleRequests(
  page: Page,
  { asker, limit, also }: VisibleWish,
): Promise<VisibleRequests> {
  const requests: ChangeRequest[] = [];
  let last: ChangeRequest | undefined;
  for (let looked = 0; looked < mostLookedAt; looked += pageSize) {
    const size = looked === 0 ? Math.min(limit + firstReserve, pageSize) : pageSize;
    const found = await page({ limit: size, ...(last && { last }) });
    for (const request of found) {
      if (!maySeeAll(asker, request) || also?.(request) === false) continue;
      if (requests.length === limit) return { requests, more: "some" };
      requests.push(request);
    }
    if (found.length < size) return { requests, more: "none" };
    last = found.at(-1);
  }
  return { requests, more: "unknown" };
}

type VisibleWish = {
  readonly asker: Asker;
  readonly limit: number;
  /** What else must hold of a request. */
  readonly also?: (request: ChangeRequest) => boolean;
};

/** Whether every site of the request is one that the asker sees. */
export function maySeeAll({ sight }: Asker, { plan }: ChangeRequest): boolean {
  return plan.entries.every(({ target }) => sight.sees(target));
}
