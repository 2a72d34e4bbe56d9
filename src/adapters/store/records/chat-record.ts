import { z } from "zod";
import { platforms } from "../../../domain/actor.ts";
import type { Owed, Prompt, StoredInbound } from "../../../ports/change-requests.ts";
import { type Block, type Span, type View, verbs } from "../../../reply/view.ts";
import { follows, requestId } from "./change-request-record.ts";
import { siteCommand } from "./command-record.ts";
import { instant, type JsonText, jsonText, type SameFields } from "./json-text.ts";
import { account, person } from "./plan-record.ts";

export const place = z.strictObject({
  platform: z.enum(platforms),
  tenant: z.string(),
  kind: z.enum(["channel", "group", "direct"]),
  conversation: z.string(),
  thread: z.string().optional(),
  address: z.string(),
});

const span = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(["plain", "strong", "code"]), text: z.string() }),
  z.strictObject({ kind: z.literal("link"), text: z.string(), url: z.string() }),
]);
const text = z.union([z.string(), z.array(span)]);

const block = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("paragraph"), text }),
  z.strictObject({
    kind: z.literal("facts"),
    facts: z.array(z.strictObject({ label: z.string(), value: text })),
  }),
  z.strictObject({
    kind: z.literal("table"),
    columns: z.array(z.string()),
    rows: z.array(z.array(text)),
  }),
  z.strictObject({
    kind: z.literal("notes"),
    notes: z.array(z.strictObject({ level: z.enum(["info", "warning", "refusal"]), text })),
  }),
  z.strictObject({ kind: z.literal("list"), items: z.array(text) }),
  z.strictObject({ kind: z.literal("code"), text: z.string() }),
]);

const action = z.strictObject({
  verb: z.enum(verbs),
  id: z.string(),
  title: z.string(),
  style: z.enum(["primary", "danger"]).optional(),
  form: z
    .strictObject({
      title: z.string(),
      label: z.string(),
      submit: z.string(),
      required: z.boolean(),
      maxLength: z.int(),
    })
    .optional(),
});

const view = z.strictObject({
  tone: z.enum(["neutral", "waiting", "good", "bad", "attention"]),
  title: z.string().optional(),
  blocks: z.array(block),
  actions: z.array(action),
  summary: z.string(),
  perPerson: z.string().optional(),
});

export const actor = z.strictObject({
  account,
  displayName: z.string(),
  guest: z.literal(true).optional(),
});
const inbound = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("message"), id: z.string(), actor, place, text: z.string() }),
  z.strictObject({ kind: z.literal("installed"), id: z.string(), actor, place }),
  z.strictObject({
    kind: z.literal("picked"),
    id: z.string(),
    actor,
    place,
    command: siteCommand,
    follows: follows.optional(),
  }),
  z.strictObject({ kind: z.literal("undo"), id: z.string(), actor, place, request: requestId }),
]);

const to = z.strictObject({ account, name: z.string() }).optional();
const owed = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("message"), key: z.string(), place, view, to, orElse: to }),
  z.strictObject({ kind: z.literal("card"), key: z.string(), place, request: requestId, to }),
  z.strictObject({ kind: z.literal("live"), key: z.string(), place, view }),
  z.strictObject({ kind: z.literal("file"), key: z.string(), place, survey: z.string() }),
]);

const prompt = z.strictObject({
  id: z.string(),
  person,
  expiresAt: instant,
  asks: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("decision"),
      request: requestId,
      decision: z.enum(["approve", "reject", "withdraw", "break-glass"]),
      why: z.string().optional(),
      fingerprint: z.string(),
    }),
    z.strictObject({
      kind: z.literal("choice"),
      place,
      choices: z.array(z.strictObject({ label: z.string(), command: siteCommand })),
    }),
  ]),
});

true satisfies SameFields<z.output<typeof block>, Block>;
true satisfies SameFields<z.output<typeof span>["kind"], Span["kind"]>;
true satisfies SameFields<z.output<typeof view>, View>;
true satisfies SameFields<z.output<typeof inbound>, StoredInbound>;
true satisfies SameFields<z.output<typeof owed>, Owed>;
true satisfies SameFields<z.output<typeof prompt>, Prompt>;

/** What the tables keep of messages in, messages out and questions. */
export const inboundRecord: JsonText<StoredInbound> = jsonText(1, inbound);
export const owedRecord: JsonText<Owed> = jsonText(1, owed);
export const promptRecord: JsonText<Prompt> = jsonText(1, prompt);
