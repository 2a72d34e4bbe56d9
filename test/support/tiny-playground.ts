/** A whole playground in this process, with the tiny bot in place of Routebot, driven over its control API. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import {
  actionAnswerSchema,
  type actionRequestSchema,
  deliverySchema,
  refreshAnswerSchema,
  sayAnswerSchema,
  type sayRequestSchema,
  submitAnswerSchema,
  waitAnswerSchema,
  worldAnswerSchema,
} from "../../src/playground/control/shapes.ts";
import { type Playground, type PlaygroundOptions, startPlayground } from "../../src/playground/playground.ts";

export const tinyBot = fileURLToPath(new URL("tiny-bot.ts", import.meta.url));

export interface TinyPlayground {
  readonly playground: Playground;
  readonly data: string;
  readonly call: (method: string, path: string, body?: unknown) => Promise<Response>;
  say(request: z.input<typeof sayRequestSchema>): Promise<z.infer<typeof sayAnswerSchema>>;
  click(request: z.input<typeof actionRequestSchema>): Promise<z.infer<typeof actionAnswerSchema>>;
  refresh(request: object): Promise<z.infer<typeof refreshAnswerSchema>>;
  submit(request: object): Promise<z.infer<typeof submitAnswerSchema>>;
  redeliver(id: number): Promise<z.infer<typeof deliverySchema>>;
  world(as: string): Promise<z.infer<typeof worldAnswerSchema>>;
  /** Waits for messages; fails when none comes. */
  wait(query: Record<string, string | number>): Promise<z.infer<typeof waitAnswerSchema>>;
  stop(): Promise<void>;
}

export async function startTinyPlayground(options: Partial<PlaygroundOptions> = {}): Promise<TinyPlayground> {
  const data = await mkdtemp(join(tmpdir(), "routebot-playground-"));
  const playground = await startPlayground({
    main: tinyBot,
    dataDirectory: data,
    ports: { page: 0, bot: 0, azure: 0 },
    ...options,
  });
  const call = (method: string, path: string, body?: unknown) =>
    fetch(`${playground.pageUrl}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
  const read = async <T>(schema: z.ZodType<T>, answer: Promise<Response>): Promise<T> => {
    const response = await answer;
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`);
    return schema.parse(JSON.parse(text));
  };
  return {
    playground,
    data,
    call,
    say: (request) => read(sayAnswerSchema, call("POST", "/api/messages", request)),
    click: (request) => read(actionAnswerSchema, call("POST", "/api/actions", request)),
    refresh: (request) => read(refreshAnswerSchema, call("POST", "/api/refresh", request)),
    submit: (request) => read(submitAnswerSchema, call("POST", "/api/modals/submit", request)),
    redeliver: (id) => read(deliverySchema, call("POST", `/api/deliveries/${id}/again`)),
    world: (as) => read(worldAnswerSchema, call("GET", `/api/world?as=${as}`)),
    async wait(query) {
      const search = new URLSearchParams(
        Object.entries(query).map(([k, v]): [string, string] => [k, String(v)]),
      );
      const answer = await read(waitAnswerSchema, call("GET", `/api/wait?${search}`));
      if (answer.timedOut) throw new Error(`nothing came: ${search}`);
      return answer;
    },
    async stop() {
      await playground.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}
