import { z } from "zod";

type Json = Readonly<Record<string, unknown>>;

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a reader sees of a card: every text in order. Buttons and what is only sent are not text. */
export function visibleText(node: unknown): string {
  if (typeof node === "string") return node;
  if (Array.isArray(node)) return node.map(visibleText).join("");
  if (!isJson(node)) return "";
  switch (node.type) {
    case "TextRun":
      return String(node.text);
    case "RichTextBlock":
      return `${visibleText(node.inlines)}\n`;
    case "ActionSet":
      return "";
    default:
      return [node.body, node.items, node.columns, node.rows, node.cells].map(visibleText).join("");
  }
}

const action = z.looseObject({
  type: z.string(),
  title: z.string().optional(),
  verb: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  card: z.looseObject({ body: z.array(z.unknown()) }).optional(),
});
export type CardAction = z.output<typeof action>;

/** The card's buttons, not those of the forms behind them. */
export function buttonsOf(card: unknown): CardAction[] {
  if (!isJson(card) || !Array.isArray(card.body)) return [];
  return card.body.flatMap((element: unknown) =>
    isJson(element) && element.type === "ActionSet" && Array.isArray(element.actions)
      ? element.actions.map((found) => action.parse(found))
      : [],
  );
}

/** Presses the button with this verb and id as a client does: what was typed into its form is put beside its data. */
export function press(card: unknown, wanted: { verb: string; id: string; input?: string }) {
  for (const button of buttonsOf(card)) {
    const [target, inputs] = button.card ? [buttonsOf(button.card)[0], inputIds(button.card)] : [button, []];
    if (target?.verb !== wanted.verb || target.data?.id !== wanted.id) continue;
    const typed = Object.fromEntries(inputs.map((id) => [id, wanted.input ?? ""]));
    return { verb: target.verb, data: { ...target.data, ...typed }, fallback: target.fallback };
  }
  throw new Error(`no button ${wanted.verb} ${wanted.id}`);
}

function inputIds(card: unknown): string[] {
  if (!isJson(card) || !Array.isArray(card.body)) return [];
  return card.body.flatMap((element: unknown) =>
    isJson(element) && element.type === "Input.Text" ? [String(element.id)] : [],
  );
}
