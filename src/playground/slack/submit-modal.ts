/** Sending a filled-in form, and what Slack does with the answer. */
import { z } from "zod";
import { type Delivery, jsonOrText } from "../deliveries.ts";
import type { BotAnswer } from "../http/post-to-bot.ts";
import { isJsonObject, type JsonObject, type Modal } from "../world/world-model.ts";
import { checkView } from "./block-kit.ts";
import { formValues } from "./form-values.ts";
import type { SlackContext } from "./slack-context.ts";

const answerSchema = z.discriminatedUnion("response_action", [
  z.strictObject({
    response_action: z.literal("errors"),
    errors: z.record(z.string(), z.string()).refine((errors) => Object.keys(errors).length > 0, "no errors"),
  }),
  z.strictObject({ response_action: z.literal("clear") }),
  z.strictObject({ response_action: z.literal("update"), view: z.unknown() }),
]);

export interface SubmitAnswer {
  /** Null when the client itself refused to send the form. */
  readonly delivery: Delivery | null;
  readonly acknowledged: boolean;
  /** The form afterwards: closed, changed, or open with its errors. */
  readonly modal: Modal;
  readonly problem: string | null;
}

export interface Submission {
  readonly context: SlackContext;
  readonly modal: Modal;
  /** By block id. */
  readonly filled: JsonObject;
}

type Send = (stateValues: JsonObject) => Promise<{ delivery: Delivery; answer: BotAnswer }>;

export async function submitModal(submission: Submission, send: Send): Promise<SubmitAnswer> {
  const { context, modal, filled } = submission;
  const { values, errors } = formValues(modal.view.blocks, filled);
  if (Object.keys(errors).length > 0) {
    const refused = context.world.putModal({ ...modal, errors });
    return { delivery: null, acknowledged: false, modal: refused, problem: null };
  }
  const { delivery, answer } = await send(values);
  const acknowledged = answer.kind === "answered" && answer.status >= 200 && answer.status < 300;
  // The bot may have changed the form while it answered.
  const current = context.world.modal(modal.id) ?? modal;
  const outcome = acknowledged ? outcomeOf(context, modal, answer.body) : unusable();
  return {
    delivery,
    acknowledged,
    modal: context.world.putModal({ ...current, ...outcome.change }),
    problem: outcome.problem,
  };
}

interface Outcome {
  readonly change: Partial<Modal>;
  readonly problem: string | null;
}

const unusable = (problem = "We had some trouble connecting. Try again?"): Outcome => ({
  change: {},
  problem,
});

function outcomeOf(context: SlackContext, modal: Modal, body: string): Outcome {
  // Over HTTP the acknowledgement has no body; over Socket Mode it has an empty payload.
  if (["", "{}"].includes(body.trim())) return { change: { state: "closed", errors: {} }, problem: null };
  const parsed = answerSchema.safeParse(jsonOrText(body));
  if (!parsed.success)
    return unusable(`The answer is not a response_action: ${z.prettifyError(parsed.error)}`);
  const { data } = parsed;
  switch (data.response_action) {
    case "clear":
      return { change: { state: "closed", errors: {} }, problem: null };
    case "errors": {
      const known = blockIds(modal);
      const unknown = Object.keys(data.errors).filter((blockId) => !known.includes(blockId));
      if (unknown.length > 0)
        return unusable(`errors name blocks that the form does not have: ${unknown.join(", ")}`);
      return { change: { errors: data.errors }, problem: null };
    }
    case "update": {
      const checked = checkView(data.view, () => context.ids.id("b"));
      if (!checked.ok) return unusable(`the new form is not valid: ${checked.messages.join("; ")}`);
      return { change: { view: checked.view, hash: context.ids.id("h"), errors: {} }, problem: null };
    }
    default:
      return data satisfies never;
  }
}

function blockIds(modal: Modal): string[] {
  const blocks = Array.isArray(modal.view.blocks) ? modal.view.blocks.filter(isJsonObject) : [];
  return blocks.map(({ block_id }) => String(block_id));
}
