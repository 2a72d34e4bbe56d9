/** What the process that makes the load is told, and what it saw. */
import { z } from "zod";

export const load = z.object({
  url: z.string(),
  traffic: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("slack"),
      team: z.string(),
      channel: z.string(),
      signingSecret: z.string(),
    }),
    z.object({
      kind: z.literal("teams"),
      serviceUrl: z.string(),
      tenant: z.string(),
      bot: z.string(),
      token: z.string(),
    }),
  ]),
  /** How many people write. */
  people: z.int(),
  /**
   * - `closed`: so many requests are under way all the time: what the bot can do.
   * - `open`: so many requests a second, whatever becomes of them: what people see.
   */
  pace: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("closed"), connections: z.int() }),
    z.object({ kind: z.literal("open"), perSecond: z.number() }),
  ]),
  /** It ends with whichever comes first. */
  requests: z.int(),
  seconds: z.number(),
});
export type Load = z.infer<typeof load>;

export const seen = z.object({
  /** Requests that were taken: answered with 200, and no word of being busy. */
  taken: z.int(),
  /** Answered in another way, or not at all. */
  others: z.int(),
  seconds: z.number(),
  /** Milliseconds from the moment when a request was due to its answer. */
  p50Ms: z.number(),
  p99Ms: z.number(),
});
export type Seen = z.infer<typeof seen>;
