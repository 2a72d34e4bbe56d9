import type { ChangeRequest } from "../domain/change/change-request.ts";
import { writtenSites } from "../domain/change/undo.ts";
import { type ResolvedTarget, targetKey } from "../domain/target.ts";
import type { Flow } from "./flow.ts";

const lookBack = 20;

/** Whether another request has written to a site since `request` ended, or is about to. */
export async function isChangedByAnother(
  flow: Flow,
  {
    request,
    since,
    target,
  }: { readonly request: ChangeRequest; readonly since: Date; readonly target: ResolvedTarget },
): Promise<boolean> {
  const site = targetKey(target);
  const open = await flow.requests.listOpen({ site, limit: lookBack });
  if (open.some(({ state }) => state === "applying" || state === "verifying")) return true;
  const ended = await flow.requests.listApplied({ site, limit: lookBack });
  return ended.some(
    (other) =>
      other.id !== request.id &&
      "endedAt" in other &&
      other.endedAt >= since &&
      writtenSites(other).some(({ entry }) => targetKey(entry.target) === site),
  );
}
