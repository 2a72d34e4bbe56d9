/** What a person filled in, as Slack's `state.values`, after the checks that Slack's own client makes. */
import { isJsonObject, type JsonObject } from "../world/world-model.ts";

export interface FormValues {
  /** By block id and then action id. */
  readonly values: JsonObject;
  /** What the client refuses to send, by block id: an empty required field, a text too long. */
  readonly errors: Record<string, string>;
}

/**
 * `filled` holds by block id the text, the chosen option's value (a list of them for check boxes), the user id or the
 * date; what is missing keeps the input's initial value.
 */
export function formValues(blocks: unknown, filled: JsonObject): FormValues {
  const values: JsonObject = {};
  const errors: Record<string, string> = {};
  for (const block of Array.isArray(blocks) ? blocks : []) {
    if (!isJsonObject(block) || block.type !== "input" || !isJsonObject(block.element)) continue;
    const blockId = String(block.block_id);
    const value = elementValue(block.element, filled[blockId]);
    values[blockId] = { [String(block.element.action_id)]: value };
    const error = errorOf(block, block.element, value);
    if (error !== undefined) errors[blockId] = error;
  }
  return { values, errors };
}

/** The value of one element, in the property that its type has for it. */
export function elementValue(element: JsonObject, given: unknown): JsonObject {
  const { type } = element;
  switch (type) {
    case "plain_text_input": {
      const text = typeof given === "string" ? given : element.initial_value;
      return { type, value: typeof text === "string" && text !== "" ? text : null };
    }
    case "users_select":
      return { type, selected_user: given ?? element.initial_user ?? null };
    case "datepicker":
      return { type, selected_date: given ?? element.initial_date ?? null };
    case "checkboxes":
      return {
        type,
        selected_options: Array.isArray(given)
          ? given.flatMap((value) => optionsOf(element, value))
          : (element.initial_options ?? []),
      };
    default:
      return { type, selected_option: optionsOf(element, given)[0] ?? element.initial_option ?? null };
  }
}

function optionsOf(element: JsonObject, value: unknown): JsonObject[] {
  const options = Array.isArray(element.options) ? element.options.filter(isJsonObject) : [];
  return options.filter((option) => option.value === value);
}

function errorOf(block: JsonObject, element: JsonObject, value: JsonObject): string | undefined {
  const { type: _, ...held } = value;
  const [content] = Object.values(held);
  const empty = content === null || (Array.isArray(content) && content.length === 0);
  if (empty) return block.optional === true ? undefined : "Please complete this required field.";
  if (typeof content !== "string") return undefined;
  const { min_length: min, max_length: max } = element;
  if (typeof min === "number" && content.length < min) return `Use at least ${min} characters.`;
  if (typeof max === "number" && content.length > max) return `Use at most ${max} characters.`;
  return undefined;
}
