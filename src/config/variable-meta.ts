import { z } from "zod";

/** What an operator is told about a variable. */
export type VariableMeta = {
  readonly group: "Routebot" | "Monitoring" | "Azure" | "Microsoft Teams" | "Slack";
  readonly text: string;
  readonly example?: string;
  readonly secret?: true;
};

const metas = z.registry<VariableMeta>();

/** Every variable is optional by form; an empty one counts as not set. */
export function about<T extends z.ZodType>(schema: T, meta: VariableMeta): z.ZodOptional<T> {
  const optional = schema.optional();
  metas.add(optional, meta);
  return optional;
}

export function metaOf(schema: z.ZodType): VariableMeta | undefined {
  return metas.get(schema);
}
