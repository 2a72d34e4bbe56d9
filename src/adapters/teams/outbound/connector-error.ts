import type { SendResult } from "../../../ports/chat.ts";

/** Every way in which sending fails, as the Chat port tells it. */
export type SendFailure = Exclude<SendResult, { kind: "sent" }>;

/** Carries what is known about a failed request out of botbuilder, whose own errors lose it. */
export class ConnectorError extends Error {
  override readonly name = "ConnectorError";
  readonly failure: SendFailure;

  constructor(failure: SendFailure, cause?: unknown) {
    super(failure.why, { cause });
    this.failure = failure;
  }
}
