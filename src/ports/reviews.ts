import type { RequestId } from "../domain/change/change-request.ts";
import type { Review } from "../domain/change/review.ts";
import type { Effects } from "./change-requests.ts";

/** Reviews of changes that were written without approval. One is begun with its transition, see `Effects.review`. */
export interface Reviews {
  /** Those that are due, oldest first, at most `limit`; of one person, if given. */
  due(filter: { readonly person?: string; readonly limit: number }): Promise<readonly Review[]>;
  get(request: RequestId): Promise<Review | undefined>;
  /** Stores the finding of one that is due, with the effects, in one transaction. `conflict`: it had one already. */
  complete(review: Review, effects: Effects): Promise<"done" | "conflict">;
}
