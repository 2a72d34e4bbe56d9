/**
 * The form behind a button. Slack opens it as a modal at the click, when the view is no longer at hand, so the form's words
 * travel in the block id of the button's row (255 characters), and button and place in the modal's private metadata.
 */
import type { ModalView } from "@slack/types";
import { z } from "zod";
import { type Action, verbs } from "../../reply/view.ts";
import { addressSchema } from "./address.ts";
import { parseJson } from "./json.ts";
import { opaque } from "./payloads.ts";
import { clean, clip, plainText } from "./text.ts";

export type Form = NonNullable<Action["form"]>;

export const formCallback = "routebot_form";
/** Block and action id of the one field. */
export const formField = "answer";

const maxBlockId = 255;
const maxTitle = 24;
const maxLabel = 150;
const maxInput = 3000;

const formSchema = z.tuple([z.string(), z.string(), z.string(), z.boolean(), z.int().min(1).max(maxInput)]);

/** `actionId` says which button of the row has the form; it differs within a message, so the block id does too. */
export function formBlockId(form: Form, actionId: string): string {
  const maxLength = Math.min(Math.max(Math.trunc(form.maxLength), 1), maxInput);
  for (let room = maxLabel; room > 1; room -= 10) {
    const short = Math.min(maxTitle, room);
    const words = [clip(form.title, short), clip(form.label, room), clip(form.submit, short)].map(clean);
    const id = `form ${actionId} ${JSON.stringify([...words, form.required, maxLength])}`;
    if (id.length <= maxBlockId) return id;
  }
  return `form ${actionId} ${JSON.stringify(["", "", "", form.required, maxLength])}`;
}

/** The form of this button, if it has one. */
export function formOfButton(blockId: string, actionId: string): Form | undefined {
  const start = `form ${actionId} `;
  if (!blockId.startsWith(start)) return undefined;
  const parsed = formSchema.safeParse(parseJson(blockId.slice(start.length)));
  if (!parsed.success) return undefined;
  const [title, label, submit, required, maxLength] = parsed.data;
  return { title, label, submit, required, maxLength };
}

const contextSchema = z.object({
  v: z.literal(1),
  verb: z.enum(verbs),
  target: opaque,
  address: addressSchema,
  /** The message with the button; absent in forms that were opened by an older version. */
  message: z.string().optional(),
});
/** What a submitted form belongs to. */
export type FormContext = z.infer<typeof contextSchema>;

export function formContextOf(privateMetadata: string): FormContext | undefined {
  return contextSchema.safeParse(parseJson(privateMetadata)).data;
}

export function modalOf(form: Form, context: FormContext): ModalView {
  return {
    type: "modal",
    callback_id: formCallback,
    private_metadata: JSON.stringify(context),
    title: plainText(form.title, maxTitle, "Routebot"),
    submit: plainText(form.submit, maxTitle, "Send"),
    close: { type: "plain_text", text: "Back", emoji: false },
    blocks: [
      {
        type: "input",
        block_id: formField,
        label: plainText(form.label, maxLabel, "Your answer"),
        optional: !form.required,
        element: {
          type: "plain_text_input",
          action_id: formField,
          multiline: true,
          max_length: form.maxLength,
        },
      },
    ],
  };
}
