import { z } from "zod";
import { routingFlags } from "../../../domain/routing/routing-flag.ts";
import type { SiteCommand } from "../../../ports/subjects.ts";
import { type JsonText, jsonText, type SameFields } from "./json-text.ts";

const target = z.strictObject({
  name: z.string().optional(),
  slot: z.string().optional(),
  resourceGroup: z.string().optional(),
  subscription: z.string().optional(),
  all: z.literal(true).optional(),
  host: z.string().optional(),
});

export const siteCommand = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("change"),
    set: z.partialRecord(z.enum(routingFlags), z.boolean()),
    targets: z.array(target),
    via: z.enum(["property", "appSetting"]),
    dryRun: z.boolean(),
    breakGlass: z.boolean(),
    reason: z.string().optional(),
    revertAfter: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal("status"),
    targets: z.array(target),
    flags: z.array(z.enum(routingFlags)).optional(),
  }),
  z.strictObject({
    kind: z.literal("undo-on-site"),
    targets: z.array(target),
    reason: z.string().optional(),
  }),
]);

true satisfies SameFields<z.output<typeof siteCommand>, SiteCommand>;

/** What the tables keep of a command that a conversation can come back to. */
export const siteCommandRecord: JsonText<SiteCommand> = jsonText(1, siteCommand);
