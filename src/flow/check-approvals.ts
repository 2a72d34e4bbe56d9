import type { Policy } from "../domain/change/approval-policy.ts";
import type { RequestBase } from "../domain/change/change-request.ts";
import { approvalsStillCount, ruleInForce } from "../domain/change/decisions.ts";
import { listed } from "../reply/words.ts";
import type { Flow } from "./flow.ts";

/**
 * Whether the approvals of a request count now, with groups read anew. `unread`: that cannot be told, because a directory is
 * away; it says nothing about who may approve, so nothing is written and nothing is decided.
 */
export type Approvals =
  | { readonly kind: "count"; readonly policy: Policy }
  | { readonly kind: "gone"; readonly why: string }
  | { readonly kind: "unread"; readonly why: string };

export async function checkApprovals(flow: Flow, request: RequestBase): Promise<Approvals> {
  const policy = await flow.directory.policy({ fresh: true });
  if (approvalsStillCount(request, policy)) return { kind: "count", policy };
  // Who may break the glass is named in the file.
  const groups =
    request.permit?.kind === "break-glass" ? [] : (ruleInForce(request, policy)?.unreadable ?? []);
  if (groups.length === 0) {
    return { kind: "gone", why: "The approvals no longer count under the policy now in force." };
  }
  flow.log.warn("approvers-unreadable", { request: request.id, groups });
  const why = `Who is in ${listed(groups)} could not be read, so whether the approvals count cannot be told.`;
  return { kind: "unread", why };
}
