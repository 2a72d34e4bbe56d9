import { readFileSync } from "node:fs";
import { z } from "zod";

/**
 * The shapes of Azure's resource types, by `type@api-version`. A property is its type as text: `string`, `int`, `bool`, `any`,
 * a literal, the name of one of `objects`, `T[]`, or several of them with `|`. `!` before it: required, `-`: read-only.
 */
export type Schema = Record<string, ResourceShape>;
export type ResourceShape = {
  readonly body: ObjectShape;
  readonly objects: Readonly<Record<string, ObjectShape>>;
};
export type Properties = Readonly<Record<string, string>>;
export type ObjectShape = {
  readonly properties: Properties;
  /** Type of every property that is not named. */
  readonly others?: string | undefined;
  /** Which property says which of the `variants` it is; what is in `properties` is common to all. */
  readonly discriminator?: string | undefined;
  readonly variants?: readonly Properties[] | undefined;
};

const properties = z.record(z.string(), z.string());
const objectShape = z.object({
  properties,
  others: z.string().optional(),
  discriminator: z.string().optional(),
  variants: z.array(properties).optional(),
});
const schemaShape = z.record(
  z.string(),
  z.object({ body: objectShape, objects: z.record(z.string(), objectShape) }),
);

/**
 * What scripts/make-infra-schema.ts took from Microsoft's tool, and by hand what that tool lacks: PostgreSQL, policy
 * assignments, private DNS, alerts and diagnostic settings, with the properties that infra/ uses, after Microsoft's reference.
 */
export function readSchema(): Schema {
  const read = (name: string) =>
    schemaShape.parse(JSON.parse(readFileSync(new URL(`schema/${name}`, import.meta.url), "utf8")));
  return { ...read("from-azure.json"), ...read("by-hand.json") };
}
