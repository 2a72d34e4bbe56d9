/**
 * A Slack message as Slack reads it, independent of the renderer: what is shown, what would notify or link, which buttons there
 * are, and what Slack would refuse. Rules: https://docs.slack.dev/reference/block-kit and
 * https://docs.slack.dev/messaging/formatting-message-text.
 */
import { z } from "zod";

export type ReadButton = {
  readonly title: string;
  readonly actionId: string;
  readonly value: string;
  readonly blockId: string | undefined;
};

export type ReadMessage = {
  /** All visible text in order, markup resolved. */
  readonly shown: string;
  readonly links: readonly { readonly text: string; readonly url: string }[];
  /** Mentions, broadcasts, channel links, emoji and formatting that came from parsing text: there should be none. */
  readonly parsed: readonly string[];
  readonly buttons: readonly ReadButton[];
};

const style = z.strictObject({ bold: z.literal(true).optional(), code: z.literal(true).optional() });
const words = z.strictObject({ type: z.literal("text"), text: z.string().min(1), style: style.optional() });
const link = z.strictObject({
  type: z.literal("link"),
  url: z.url({ protocol: /^https$/ }).max(3000),
  text: z.string().min(1),
});
const section = z.strictObject({
  type: z.literal("rich_text_section"),
  elements: z.array(z.discriminatedUnion("type", [words, link])).min(1),
});
const richText = z.strictObject({
  type: z.literal("rich_text"),
  elements: z
    .array(
      z.discriminatedUnion("type", [
        section,
        z.strictObject({
          type: z.literal("rich_text_list"),
          style: z.enum(["bullet", "ordered"]),
          elements: z.array(section).min(1),
        }),
        z.strictObject({ type: z.literal("rich_text_preformatted"), elements: z.array(words).min(1) }),
      ]),
    )
    .min(1),
});
const plainText = (max: number) =>
  z.strictObject({
    type: z.literal("plain_text"),
    text: z.string().min(1).max(max),
    emoji: z.literal(false),
  });
const button = z.strictObject({
  type: z.literal("button"),
  text: plainText(75),
  action_id: z.string().min(1).max(255),
  value: z.string().min(1).max(2000),
  style: z.enum(["primary", "danger"]).optional(),
});
const block = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("header"), text: plainText(150) }),
  z.strictObject({
    type: z.literal("actions"),
    block_id: z.string().min(1).max(255).optional(),
    elements: z.array(button).min(1).max(25),
  }),
  richText,
]);
const messageSchema = z.object({
  text: z.string().min(1).max(4000),
  blocks: z
    .array(block)
    .min(1)
    .max(50)
    .refine((blocks) => JSON.stringify(blocks).length <= 13_200, "msg_blocks_too_long"),
});

const modalSchema = z.strictObject({
  type: z.literal("modal"),
  callback_id: z.string().max(255),
  private_metadata: z.string().max(3000),
  title: plainText(24),
  submit: plainText(24),
  close: plainText(24),
  blocks: z
    .array(
      z.strictObject({
        type: z.literal("input"),
        block_id: z.string().max(255),
        label: plainText(2000),
        optional: z.boolean(),
        element: z.strictObject({
          type: z.literal("plain_text_input"),
          action_id: z.string().max(255),
          multiline: z.boolean(),
          max_length: z.int().min(1).max(3000),
        }),
      }),
    )
    .min(1)
    .max(100),
});
export type ReadModal = z.infer<typeof modalSchema>;

/** Throws, as Slack answers `invalid_blocks`, for what is outside the rules. */
export function readMessage(message: unknown): ReadMessage {
  const { text, blocks } = messageSchema.parse(message);
  const parsed = markupIn(text);
  const links: { text: string; url: string }[] = [];
  const buttons: ReadButton[] = [];
  const lines: string[] = [];
  const inline = (elements: readonly (z.infer<typeof words> | z.infer<typeof link>)[]) =>
    elements
      .map((element) => {
        if (element.type === "link") links.push({ text: element.text, url: element.url });
        return element.text;
      })
      .join("");
  for (const one of blocks) {
    switch (one.type) {
      case "header":
        parsed.push(...tokensIn(one.text.text));
        lines.push(unescaped(one.text.text));
        break;
      case "actions":
        for (const { text: title, action_id, value } of one.elements) {
          parsed.push(...tokensIn(title.text));
          buttons.push({ title: unescaped(title.text), actionId: action_id, value, blockId: one.block_id });
        }
        break;
      case "rich_text":
        for (const part of one.elements) {
          if (part.type === "rich_text_list")
            lines.push(...part.elements.map(({ elements }) => inline(elements)));
          else lines.push(inline(part.elements));
        }
        break;
      default:
        one satisfies never;
    }
  }
  const ids = buttons.map(({ actionId }) => actionId);
  if (new Set(ids).size < ids.length) throw new Error(`action ids are used twice: ${ids.join(", ")}`);
  const rows = blocks.flatMap((one) => (one.type === "actions" && one.block_id ? [one.block_id] : []));
  if (new Set(rows).size < rows.length) throw new Error("a block id is used twice");
  return { shown: lines.join("\n"), links, parsed, buttons };
}

/** Throws for what Slack's views.open would refuse. */
export function readModal(view: unknown): ReadModal {
  return modalSchema.parse(view);
}

/** What Slack makes of `<…>` in any text object, and of entities that are none of its three. */
function tokensIn(text: string): string[] {
  return [...text.matchAll(/<[^>]*>?|>/g)].map(([token]) => token);
}

/** The same for a message's own text. Formatting there is switched off (`mrkdwn: false`) and hidden by the blocks. */
function markupIn(text: string): string[] {
  return tokensIn(text);
}

export function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
