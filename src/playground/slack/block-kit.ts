/**
 * Block Kit as Slack checks it: known types, required parts, and the limits of https://docs.slack.dev/reference/block-kit.
 * Objects are strict: a misspelt property is an error here as it is there.
 */
import { z } from "zod";
import { isJsonObject, type JsonObject } from "../world/world-model.ts";
import { richTextElements } from "./rich-text.ts";

const plain = (max: number) =>
  z.strictObject({
    type: z.literal("plain_text"),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
const mrkdwn = (max: number) =>
  z.strictObject({
    type: z.literal("mrkdwn"),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
const anyText = (max: number) => z.discriminatedUnion("type", [plain(max), mrkdwn(max)]);
const id = z.string().min(1).max(255);
const webUrl = z
  .string()
  .max(3000)
  .regex(/^https?:\/\//);

const confirm = z.strictObject({
  title: plain(100),
  text: anyText(300),
  confirm: plain(30),
  deny: plain(30),
  style: z.enum(["primary", "danger"]).optional(),
});
const option = z.strictObject({
  text: anyText(75),
  value: z.string().max(150),
  description: anyText(75).optional(),
  url: webUrl.optional(),
});
const shared = {
  action_id: id.optional(),
  confirm: confirm.optional(),
  focus_on_load: z.boolean().optional(),
};

const button = z.strictObject({
  type: z.literal("button"),
  text: plain(75),
  action_id: id.optional(),
  url: webUrl.optional(),
  value: z.string().max(2000).optional(),
  style: z.enum(["primary", "danger"]).optional(),
  confirm: confirm.optional(),
  accessibility_label: z.string().max(75).optional(),
});
const staticSelect = z.strictObject({
  type: z.literal("static_select"),
  ...shared,
  placeholder: plain(150).optional(),
  options: z.array(option).min(1).max(100),
  initial_option: option.optional(),
});
const overflow = z.strictObject({
  type: z.literal("overflow"),
  action_id: id.optional(),
  options: z.array(option).min(1).max(5),
  confirm: confirm.optional(),
});
const choices = (type: "checkboxes" | "radio_buttons") =>
  z.strictObject({
    type: z.literal(type),
    ...shared,
    options: z.array(option).min(1).max(10),
    initial_option: option.optional(),
    initial_options: z.array(option).optional(),
  });
const textInput = z.strictObject({
  type: z.literal("plain_text_input"),
  action_id: id.optional(),
  placeholder: plain(150).optional(),
  initial_value: z.string().max(3000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
  focus_on_load: z.boolean().optional(),
});
const usersSelect = z.strictObject({
  type: z.literal("users_select"),
  ...shared,
  placeholder: plain(150).optional(),
  initial_user: z.string().optional(),
});
const datePicker = z.strictObject({
  type: z.literal("datepicker"),
  ...shared,
  placeholder: plain(150).optional(),
  initial_date: z.iso.date().optional(),
});
const image = { image_url: webUrl, alt_text: z.string().min(1).max(2000) };
const imageElement = z.strictObject({ type: z.literal("image"), ...image });

const actionElement = z.discriminatedUnion("type", [
  button,
  staticSelect,
  overflow,
  choices("checkboxes"),
  choices("radio_buttons"),
  usersSelect,
  datePicker,
]);
const inputElement = z.discriminatedUnion("type", [
  textInput,
  staticSelect,
  choices("checkboxes"),
  choices("radio_buttons"),
  usersSelect,
  datePicker,
]);
const block_id = id.optional();

const blockSchema = z.discriminatedUnion("type", [
  z
    .strictObject({
      type: z.literal("section"),
      block_id,
      text: anyText(3000).optional(),
      fields: z.array(anyText(2000)).min(1).max(10).optional(),
      accessory: z.union([actionElement, imageElement]).optional(),
      expand: z.boolean().optional(),
    })
    .refine(({ text, fields }) => text !== undefined || fields !== undefined, "needs text or fields"),
  z.strictObject({ type: z.literal("divider"), block_id }),
  z.strictObject({ type: z.literal("header"), block_id, text: plain(150) }),
  z.strictObject({
    type: z.literal("context"),
    block_id,
    elements: z
      .array(z.discriminatedUnion("type", [plain(3000), mrkdwn(3000), imageElement]))
      .min(1)
      .max(10),
  }),
  z.strictObject({ type: z.literal("actions"), block_id, elements: z.array(actionElement).min(1).max(25) }),
  z.strictObject({
    type: z.literal("input"),
    block_id,
    label: plain(2000),
    element: inputElement,
    hint: plain(2000).optional(),
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal("rich_text"), block_id, elements: richTextElements }),
  z.strictObject({ type: z.literal("image"), block_id, ...image, title: plain(2000).optional() }),
  z.strictObject({ type: z.literal("markdown"), block_id, text: z.string().min(1).max(12_000) }),
]);

const viewSchema = z.strictObject({
  type: z.literal("modal"),
  title: plain(24),
  blocks: z.array(blockSchema).min(1).max(100),
  submit: plain(24).optional(),
  close: plain(24).optional(),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
});

/** An undocumented total over all blocks, above which Slack answers `msg_blocks_too_long` (bolt-js issue 2509). */
const maxTotalCharacters = 13_200;

export type BlocksCheck =
  | { readonly ok: true; readonly blocks: JsonObject[] }
  | {
      readonly ok: false;
      readonly error: "invalid_blocks" | "msg_blocks_too_long";
      readonly messages: string[];
    };

/** Checks a message's blocks and gives each one a block id, as Slack does. */
export function checkBlocks(blocks: unknown, newBlockId: () => string): BlocksCheck {
  const parsed = z.array(blockSchema).max(50).safeParse(blocks);
  if (!parsed.success) return { ok: false, error: "invalid_blocks", messages: messagesOf(parsed.error) };
  const repeated = repeatedIds(parsed.data);
  if (repeated.length > 0) return { ok: false, error: "invalid_blocks", messages: repeated };
  if (JSON.stringify(parsed.data).length > maxTotalCharacters) {
    return { ok: false, error: "msg_blocks_too_long", messages: ["the blocks are too long together"] };
  }
  return { ok: true, blocks: withIds(parsed.data, newBlockId) };
}

export type ViewCheck =
  | { readonly ok: true; readonly view: JsonObject & { readonly blocks: JsonObject[] } }
  | { readonly ok: false; readonly messages: string[] };

/** Checks a modal. A form with inputs needs a submit button. */
export function checkView(view: unknown, newBlockId: () => string): ViewCheck {
  const parsed = viewSchema.safeParse(view);
  if (!parsed.success) return { ok: false, messages: messagesOf(parsed.error) };
  const repeated = repeatedIds(parsed.data.blocks);
  if (repeated.length > 0) return { ok: false, messages: repeated };
  if (parsed.data.submit === undefined && parsed.data.blocks.some(({ type }) => type === "input")) {
    return { ok: false, messages: ["[ERROR] missing required field: submit"] };
  }
  return { ok: true, view: { ...parsed.data, blocks: withIds(parsed.data.blocks, newBlockId) } };
}

function messagesOf(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `[ERROR] ${message} [json-pointer:/${path.join("/")}]`);
}

function repeatedIds(blocks: readonly { readonly block_id?: string | undefined }[]): string[] {
  const ids = blocks.flatMap(({ block_id: own }) => (own === undefined ? [] : [own]));
  const twice = ids.filter((own, index) => ids.indexOf(own) !== index);
  return twice.map((own) => `[ERROR] block_id ${own} is used twice`);
}

/** Elements without an action id get one too: the payloads of clicks name it. */
function withIds(blocks: readonly JsonObject[], newId: () => string): JsonObject[] {
  const identified = (element: unknown): unknown =>
    isJsonObject(element) && interactive.has(String(element.type))
      ? { action_id: newId(), ...element }
      : element;
  return blocks.map((block) => ({
    block_id: newId(),
    ...block,
    ...(block.type === "actions" && Array.isArray(block.elements)
      ? { elements: block.elements.map(identified) }
      : {}),
    ...(block.accessory === undefined ? {} : { accessory: identified(block.accessory) }),
    ...(block.element === undefined ? {} : { element: identified(block.element) }),
  }));
}

const interactive = new Set<string>(
  [...actionElement.options, ...inputElement.options].map((o) => o.shape.type.value),
);
