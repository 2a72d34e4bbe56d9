/** What one look at something came to. `todo` says what to do about it, wherever something is to be done. */
export type Finding =
  | { readonly result: "ok"; readonly text: string }
  | { readonly result: "warning" | "problem"; readonly text: string; readonly todo: string };

/** One thing that is tried out; it changes nothing. It may reject: that is a problem told by the error's message. */
export type Check = { readonly name: string; readonly run: () => Promise<readonly Finding[]> };

export function ok(text: string): Finding {
  return { result: "ok", text };
}

export function warning(text: string, todo: string): Finding {
  return { result: "warning", text, todo };
}

export function problem(text: string, todo: string): Finding {
  return { result: "problem", text, todo };
}
