import type { Person } from "../actor.ts";
import type { ChangeRequest } from "./change-request.ts";
import { refused, type Step } from "./step.ts";

/** The refusal where nothing can be decided any more; `undefined` while the request waits for decisions. */
export function closedFor(
  request: ChangeRequest,
  acting: { readonly person: Person; readonly at: Date },
  what: string,
): Step | undefined {
  if (request.state === "pending") {
    if (acting.at.getTime() < request.decideBy.getTime()) return undefined;
    return refused(
      "too-late",
      `The time to decide on ${request.id} is over. Ask for the change again if it is still wanted.`,
    );
  }
  if (what === "approve" && request.approvals.some(({ person }) => person.id === acting.person.id)) {
    return refused("already-approved-by-you", `You have already approved ${request.id}.`);
  }
  return refused("already-decided", `${request.id} is already decided: ${endOf(request, acting.person)}.`);
}

/** How a request stands, in a few words for somebody who came too late. */
export function endOf(request: ChangeRequest, asker: Person): string {
  const by = (person: Person) => (person.id === asker.id ? "you" : person.name);
  switch (request.state) {
    case "pending":
      return "it waits for approval";
    case "approved":
    case "applying":
    case "verifying":
      if (request.permit?.kind === "revert") return "its approval was given with the change that it ends";
      if (request.permit) return `written without approval, by ${by(request.permit.person)}`;
      return `approved by ${request.approvals.map(({ person }) => by(person)).join(" and ")}`;
    case "confirmed":
      return "it was applied and confirmed";
    case "failed":
      return "it was approved, and failed";
    case "rejected":
      return `rejected by ${by(request.by)}`;
    case "cancelled":
      return `cancelled by ${by(request.by)}`;
    case "expired":
      return "its time ran out";
    case "stale":
      return "the site changed in between";
    default:
      return request satisfies never;
  }
}
