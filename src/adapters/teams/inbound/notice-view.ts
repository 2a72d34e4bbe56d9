import type { View } from "../../../reply/view.ts";

/** A sentence as a message of its own. */
export function noticeView(text: string): View {
  return { tone: "neutral", blocks: [{ kind: "paragraph", text }], actions: [], summary: text };
}
