type Schema = {
  safeParse(value: unknown): {
    readonly error?: { readonly issues: readonly { readonly message: string }[] } | undefined;
  };
};

/** What a schema of the configuration has against a value, as a sentence that does not repeat it; nothing when it will do. */
export function judgeBy(schema: Schema, value: unknown): string | undefined {
  const issue = schema.safeParse(value).error?.issues[0];
  return issue === undefined ? undefined : `That ${issue.message}.`;
}
