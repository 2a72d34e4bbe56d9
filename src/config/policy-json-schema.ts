import { z } from "zod";
import { policySchema } from "./policy-schema.ts";

/** The form of the policy file as JSON Schema, for editors: what they complete and mark. Names are checked by `policy check`. */
export function policyJsonSchema(): string {
  const schema = z.toJSONSchema(policySchema, {
    io: "input",
    unrepresentable: "any",
    target: "draft-7",
    override({ jsonSchema }) {
      // One value or a list of them: what the reading begins with would only allow the list.
      if (jsonSchema.anyOf === undefined) return;
      delete jsonSchema.type;
      delete jsonSchema.items;
    },
  });
  return `${JSON.stringify({ ...schema, title: "Routebot policy" }, null, 2)}\n`;
}
