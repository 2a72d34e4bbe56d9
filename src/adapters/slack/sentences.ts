/** What this adapter says by itself, when the core cannot. */
export const sentences = {
  busy: "Routebot is busy: nothing was done. Please try again in a moment.",
  slow: "Routebot is slow just now. If no answer follows within a minute, please write again.",
  notHere:
    "I am not in this conversation, so I cannot answer here, and nothing was done. Invite me with /invite, or write to me directly.",
  notForGuests: "I work for members of this workspace only, so nothing was done.",
  notUnderstood: "Slack sent this in a form that I do not know; nothing was done.",
  formFailed: "The form could not be opened: nothing was done. Please click again.",
  /** Slack shows a command to nobody: it is repeated to the one who typed it. */
  taken: (typed: string) => `Received: ${typed}. The answer follows in this conversation.`,
} as const;
