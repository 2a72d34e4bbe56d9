/** What the bot sends, read as strictly as the service does. */
import { z } from "zod";
import { isJsonObject, type JsonObject, jsonObjectSchema } from "../world/world-model.ts";
import { checkCard } from "./check-card.ts";

/** "Message size limit … 100 KB", counted in UTF-16: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages */
const maxMessageBytes = 100 * 1024;
const cardType = "application/vnd.microsoft.card.adaptive";

const activitySchema = z.object({
  type: z.string(),
  text: z.string().optional(),
  attachments: z.array(z.object({ contentType: z.string(), content: z.unknown() })).optional(),
});

export type OutgoingActivity =
  | { readonly kind: "message"; readonly text: string; readonly cards: JsonObject[] }
  /** A typing indicator and the like. */
  | { readonly kind: "nothing-to-show" }
  | { readonly kind: "refused"; readonly status: number; readonly code: string; readonly message: string };

export function readOutgoingActivity(body: string): OutgoingActivity {
  if (Buffer.byteLength(body, "utf16le") > maxMessageBytes) {
    return refused(413, "MessageSizeTooBig", "Message size too large.");
  }
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return refused(400, "BadSyntax", "The body is not JSON.");
  }
  const parsed = activitySchema.safeParse(json);
  if (!parsed.success) return refused(400, "BadSyntax", z.prettifyError(parsed.error));
  const { type, text = "", attachments = [] } = parsed.data;
  if (type !== "message") return { kind: "nothing-to-show" };
  if (text === "" && attachments.length === 0)
    return refused(400, "BadSyntax", "Activity resulted in an empty message.");
  const cards: JsonObject[] = [];
  for (const { contentType, content } of attachments) {
    if (contentType !== cardType)
      return refused(400, "BadArgument", `Unknown attachment type ${contentType}.`);
    if (!isJsonObject(content)) return refused(400, "BadArgument", "The card is not an object.");
    const problems = checkCard(content);
    if (problems.length > 0)
      return refused(400, "BadArgument", `Invalid Adaptive Card: ${problems.join("; ")}`);
    cards.push(jsonObjectSchema.parse(content));
  }
  return { kind: "message", text, cards };
}

function refused(status: number, code: string, message: string): OutgoingActivity {
  return { kind: "refused", status, code, message };
}
