import { z } from "zod";

const pattern = /^input-\d+$/;

/** Longer than any form of ours lets anybody type. */
const typed = z.string().max(4000);

/** Ids of inputs have to differ within a card, so the forms of a card are numbered. */
export function inputId(form: number): string {
  return `input-${form}`;
}

/** What was typed into the form of a pressed button: Teams puts it beside the button's own data. */
export function inputIn(data: Readonly<Record<string, unknown>>): string | undefined {
  for (const [key, value] of Object.entries(data)) {
    if (pattern.test(key)) return typed.safeParse(value).data;
  }
  return undefined;
}
