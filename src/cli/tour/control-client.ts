import { z } from "zod";
import { readableMessage } from "./readable-message.ts";

/** The little of the playground's control interface that is needed to act as people do in both chats. */

const actionSchema = z.object({ title: z.string() });

const messageSchema = z
  .object({
    id: z.string(),
    thread: z.string().nullable(),
    text: z.string(),
    cards: z.array(z.unknown()),
    blocks: z.array(z.unknown()),
    /** Only one person sees it. */
    ephemeral: z.boolean(),
    actions: z.array(actionSchema),
    sentAt: z.iso.datetime(),
  })
  .transform(({ text, cards, blocks, actions, ...message }) => {
    const buttons = actions.map(({ title }) => title);
    const words = readableMessage({ text, parts: [...cards, ...blocks], buttons });
    return { ...message, buttons, words };
  });
/** A message as somebody sees it; `words` are all that can be read on it. */
export type SeenMessage = z.infer<typeof messageSchema>;

const formSchema = z.object({
  id: z.string(),
  inputs: z.array(z.object({ id: z.string() })),
});
export type SeenForm = z.infer<typeof formSchema>;

const deliverySchema = z.object({
  attempts: z.array(z.object({ at: z.iso.datetime(), tookMs: z.number() })),
});

const saidSchema = z.object({
  seq: z.number(),
  message: messageSchema.nullable(),
  problem: z.string().nullable(),
});

const clickedSchema = z.object({
  seq: z.number(),
  delivery: deliverySchema,
  acknowledged: z.boolean(),
  problem: z.string().nullable(),
  /** The message as the person sees it afterwards: Teams may have answered with a view for them alone. */
  message: messageSchema,
  modal: formSchema.nullable(),
});
export type Clicked = z.infer<typeof clickedSchema>;

const submittedSchema = z.object({
  seq: z.number(),
  acknowledged: z.boolean(),
  problem: z.string().nullable(),
});

const waitedSchema = z.object({
  timedOut: z.boolean(),
  messages: z.array(messageSchema),
  modals: z.array(formSchema),
});

const siteSchema = z.object({ name: z.string(), routing: z.record(z.string(), z.boolean()) });
export type HeldSite = z.infer<typeof siteSchema>;

const requestSchema = z.object({
  sequence: z.number(),
  time: z.iso.datetime(),
  durationMs: z.number(),
  surface: z.enum(["arm", "authority"]),
  method: z.string(),
  path: z.string(),
});
export type ArmRequest = z.infer<typeof requestSchema>;

export type Platform = "teams" | "slack";

/** Where, and as whom. */
export type Standing = { readonly platform: Platform; readonly conversation: string; readonly as: string };

/** What to wait for: a message of the bot, seen by `as`. */
export type Expected = {
  readonly after: number;
  readonly thread?: string;
  readonly id?: string;
  readonly contains?: string;
  readonly lacks?: string;
};

export type ControlClient = ReturnType<typeof createControlClient>;

/** Each method rejects with one sentence when the playground refuses or answers something else than it promises. */
export function createControlClient(pageUrl: string, waitMs = 15_000) {
  async function call<T>(
    schema: z.ZodType<T>,
    path: string,
    sent?: { method: string; body: unknown },
  ): Promise<T> {
    const response = await fetch(new URL(path, pageUrl), {
      ...(sent !== undefined && {
        method: sent.method,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(sent.body),
      }),
      signal: AbortSignal.timeout(waitMs + 5_000),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`The playground answered ${response.status} to ${path}: ${text.slice(0, 500)}`);
    return schema.parse(JSON.parse(text));
  }

  const post = <T>(schema: z.ZodType<T>, path: string, body: unknown) =>
    call(schema, path, { method: "POST", body });

  return {
    say: (at: Standing, text: string, thread?: string) =>
      post(saidSchema, "/api/messages", { ...at, text, ...(thread !== undefined && { thread }) }),

    /** `action` is the title of the button. */
    click: (at: Standing, messageId: string, action: string) =>
      post(clickedSchema, "/api/actions", { ...at, messageId, action }),

    submit: (as: string, modalId: string, values: Readonly<Record<string, string>>) =>
      post(submittedSchema, "/api/modals/submit", { as, modalId, values }),

    /** The newest matching message; nothing when none came in time. */
    async waitForMessage(at: Standing, expected: Expected): Promise<SeenMessage | undefined> {
      const query = new URLSearchParams({ ...at, kind: "message", timeoutMs: String(waitMs) });
      for (const [name, value] of Object.entries(expected)) query.set(name, String(value));
      return (await call(waitedSchema, `/api/wait?${query}`)).messages.at(-1);
    },

    async waitForForm(as: string, after: number): Promise<SeenForm | undefined> {
      const query = new URLSearchParams({
        as,
        after: String(after),
        kind: "modal",
        timeoutMs: String(waitMs),
      });
      return (await call(waitedSchema, `/api/wait?${query}`)).modals.at(-1);
    },

    /** What the local Azure holds. */
    site: (name: string) => call(siteSchema, `/api/azure/sites/${encodeURIComponent(name)}`),

    /** Changes a site of the local Azure behind everybody's back. */
    changeSite: (name: string, change: { readonly routing: Readonly<Record<string, boolean>> }) =>
      call(siteSchema, `/api/azure/sites/${encodeURIComponent(name)}`, { method: "PATCH", body: change }),

    /** What the local Azure was asked, oldest first, beginning behind `after`. */
    azureRequests: (after: number) => call(z.array(requestSchema), `/api/azure/requests?after=${after}`),
  };
}
