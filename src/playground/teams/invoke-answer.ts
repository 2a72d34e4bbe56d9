/** What Teams accepts as the answer to an `adaptiveCard/action` invoke. */
import { z } from "zod";
import { jsonOrText } from "../deliveries.ts";
import type { BotAnswer } from "../http/post-to-bot.ts";
import { jsonObjectSchema } from "../world/world-model.ts";
import { checkCard } from "./check-card.ts";

/** https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#response-format */
const invokeAnswerSchema = z.discriminatedUnion("type", [
  z.strictObject({
    statusCode: z.literal(200),
    type: z.literal("application/vnd.microsoft.card.adaptive"),
    value: jsonObjectSchema,
  }),
  z.strictObject({
    statusCode: z.literal(200),
    type: z.literal("application/vnd.microsoft.activity.message"),
    value: z.string().min(1),
  }),
  z.strictObject({
    statusCode: z.union([z.literal(400), z.literal(403), z.literal(404), z.literal(500)]),
    type: z.literal("application/vnd.microsoft.error"),
    value: z.object({ code: z.string(), message: z.string() }),
  }),
]);

export const repliesSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("card"), card: jsonObjectSchema }),
  z.object({ kind: z.literal("text"), text: z.string() }),
  z.object({ kind: z.literal("error"), code: z.string(), message: z.string() }),
  /** The platform shows an error of its own; `problem` says what was wrong with the answer. */
  z.object({ kind: z.literal("unusable"), problem: z.string() }),
]);
export type InvokeReply = z.infer<typeof repliesSchema>;

/** Reads the bot's answer as strictly as Teams does: a wrong shape is an error on the person's screen. */
export function readInvokeAnswer(answer: BotAnswer): InvokeReply {
  if (answer.kind === "no-answer")
    return unusable(answer.reason === "timeout" ? "no answer in time" : "unreachable");
  if (answer.status !== 200) return unusable(`HTTP status ${answer.status}`);
  const parsed = invokeAnswerSchema.safeParse(jsonOrText(answer.body));
  if (!parsed.success)
    return unusable(`the answer is not an invoke response: ${z.prettifyError(parsed.error)}`);
  const { data } = parsed;
  switch (data.type) {
    case "application/vnd.microsoft.card.adaptive": {
      const problems = checkCard(data.value);
      return problems.length === 0
        ? { kind: "card", card: data.value }
        : unusable(`the card is not valid: ${problems.join("; ")}`);
    }
    case "application/vnd.microsoft.activity.message":
      return { kind: "text", text: data.value };
    case "application/vnd.microsoft.error":
      return { kind: "error", ...data.value };
    default:
      return data satisfies never;
  }
}

function unusable(problem: string): InvokeReply {
  return { kind: "unusable", problem };
}
