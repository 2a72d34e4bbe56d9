import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import {
  actionAnswerSchema,
  botStateSchema,
  sayAnswerSchema,
  submitAnswerSchema,
  waitAnswerSchema,
  worldAnswerSchema,
} from "../../src/playground/control/shapes.ts";
import type { PersonId } from "../../src/playground/people.ts";
import type { MessageView } from "../../src/playground/world/world-view.ts";

type Platform = "teams" | "slack";

const siteSchema = z.looseObject({
  name: z.string(),
  slot: z.string().nullable(),
  resourceGroup: z.string(),
  routing: z.record(z.string(), z.boolean()),
});
const requestSchema = z.looseObject({
  sequence: z.number(),
  surface: z.string(),
  method: z.string(),
  path: z.string(),
  site: z.string().nullable(),
  status: z.number().nullable(),
  requestBody: z.unknown(),
});
export type ArmRequest = z.infer<typeof requestSchema>;

/** What a person does and sees in one conversation of one chat. */
export type Conversation = {
  readonly platform: Platform;
  /** `on-call`, `release`, or `direct` for one's own chat with the bot. */
  readonly conversation: string;
};
export const teamsChannel: Conversation = { platform: "teams", conversation: "on-call" };
export const slackChannel: Conversation = { platform: "slack", conversation: "on-call" };

/**
 * The playground as a user starts it: the real command in a process of its own, driven over its control interface. The bot in it
 * is the production code, over HTTP, TLS, signatures and tokens.
 */
export class Playground {
  readonly page: string;
  readonly bot: string;
  readonly azure: string;
  readonly data: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, addresses: ReadonlyMap<string, string>, data: string) {
    this.#process = process;
    this.page = addresses.get("page") ?? "";
    this.bot = addresses.get("bot") ?? "";
    this.azure = addresses.get("azure") ?? "";
    this.data = data;
  }

  /** Starts one with free ports and a data directory of its own, and resolves when it says that it is ready. */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<Playground> {
    const data = await mkdtemp(join(tmpdir(), "routebot-journey-"));
    const ports = ["--port", "0", "--bot-port", "0", "--azure-port", "0"];
    const child = spawn(
      process.execPath,
      ["src/main.ts", "playground", "--no-browser", ...ports, "--data", data],
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } },
    );
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk.toString();
    });
    const addresses = new Map<string, string>();
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes("is ready")) return new Playground(child, addresses, data);
      const [name, address] = line.trim().split(/\s+/);
      if (name && address && !line.startsWith(" ")) addresses.set(name, address);
    }
    throw new Error(`the playground did not start: ${errors}`);
  }

  /** Ends it as Ctrl-C does; its data stays until `stop`. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGINT");
    await ended;
  }

  /** Ends it, and removes its data. */
  async stop(): Promise<void> {
    await this.end();
    await rm(this.data, { recursive: true, force: true });
  }

  async #call<T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.page}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return schema.parse(text === "" ? null : JSON.parse(text));
  }

  /** Writes a message; the bot is mentioned where it has to be. */
  async say(where: Conversation, as: PersonId, text: string, thread?: string) {
    const isPlain = where.conversation === "direct" || text.startsWith("/");
    return this.#call(sayAnswerSchema, "POST", "/api/messages", {
      ...where,
      as,
      text: isPlain ? text : `@Routebot ${text}`,
      thread: thread ?? null,
    });
  }

  /** Writes a message and waits for the bot's new message that holds `contains`; older ones that are redrawn meanwhile are none. */
  async ask(where: Conversation, as: PersonId, text: string, contains: string): Promise<MessageView> {
    const older = new Set((await this.world(as)).messages.map(({ id }) => id));
    let { seq: after } = await this.say(where, as, text);
    for (;;) {
      const message = await this.sees(where, as, { after, contains });
      if (!older.has(message.id)) return message;
      after = message.seq;
    }
  }

  /** Waits until this person sees a message of the bot, new or changed after `after`, that holds the words. */
  async sees(
    where: Conversation,
    as: PersonId,
    what: {
      readonly after?: number;
      readonly contains?: string;
      readonly lacks?: string;
      readonly id?: string;
      readonly timeoutMs?: number;
    },
  ): Promise<MessageView> {
    const query = new URLSearchParams({ as, ...where, after: "0", timeoutMs: "20000" });
    for (const [key, value] of Object.entries(what)) query.set(key, String(value));
    const answer = await this.#call(waitAnswerSchema, "GET", `/api/wait?${query}`);
    const [message] = answer.messages;
    if (!message) {
      const world = await this.world(as);
      const shown = world.messages.slice(-4).map(({ plainText }) => plainText);
      throw new Error(`${as} does not see ${JSON.stringify(what)}; last messages: ${shown.join("\n---\n")}`);
    }
    return message;
  }

  /** Clicks a button by its title. */
  async click(
    where: Conversation,
    as: PersonId,
    click: {
      readonly on: MessageView;
      readonly action: string;
      readonly inputs?: Readonly<Record<string, unknown>>;
      readonly times?: number;
    },
  ) {
    return this.#call(actionAnswerSchema, "POST", "/api/actions", {
      ...where,
      as,
      messageId: click.on.id,
      action: click.action,
      inputs: click.inputs ?? {},
      times: click.times ?? 1,
    });
  }

  /** Rejects with a reason: a form on the card in Teams, a modal in Slack. */
  reject(where: Conversation, as: PersonId, on: MessageView, why: string): Promise<void> {
    return this.fill(where, as, { on, verb: "reject", text: why });
  }

  /** Fills in the form of a button and sends it; `form` is its place among the forms of the message. */
  async fill(
    where: Conversation,
    as: PersonId,
    asked: { readonly on: MessageView; readonly verb: string; readonly text: string; readonly form?: number },
  ): Promise<void> {
    const { verb, text } = asked;
    // Each person has a view of their own in Teams.
    const on = await this.message(as, asked.on.id);
    const button = on.actions.find((action) => action.verb.split(":")[0] === verb);
    if (where.platform === "teams") {
      const submit = on.actions.findLast((action) => action.verb === verb);
      const field = on.inputs[asked.form ?? 0];
      if (!submit || !field) throw new Error(`no form to ${verb} with: ${JSON.stringify(on.actions)}`);
      await this.click(where, as, { on, action: submit.key, inputs: { [field.id]: text } });
      return;
    }
    if (!button) throw new Error(`no button to ${verb} with: ${JSON.stringify(on.actions)}`);
    const clicked = await this.click(where, as, { on, action: button.key });
    const query = new URLSearchParams({ as, kind: "modal", after: String(clicked.seq), timeoutMs: "10000" });
    const { modals } = await this.#call(waitAnswerSchema, "GET", `/api/wait?${query}`);
    const modal = modals.at(-1);
    const input = modal?.inputs[0];
    if (!modal || !input) throw new Error("no modal opened");
    await this.#call(submitAnswerSchema, "POST", "/api/modals/submit", {
      modalId: modal.id,
      as,
      values: { [input.id]: text },
    });
  }

  world(as: PersonId) {
    return this.#call(worldAnswerSchema, "GET", `/api/world?as=${as}`);
  }

  /** What the person sees of one message now. */
  async message(as: PersonId, id: string): Promise<MessageView> {
    const found = (await this.world(as)).messages.find((message) => message.id === id);
    if (!found) throw new Error(`no message ${id}`);
    return found;
  }

  /** The stored flags of a site or slot in the local Azure. */
  async routing(label: string): Promise<Readonly<Record<string, boolean>>> {
    return (await this.#call(siteSchema, "GET", `/api/azure/sites/${label}`)).routing;
  }

  /** Changes a site behind the bot's back. */
  async drift(label: string, routing: Readonly<Record<string, boolean>>): Promise<void> {
    await this.#call(siteSchema, "PATCH", `/api/azure/sites/${label}`, { routing });
  }

  /** Changes anything else of a site behind the bot's back. */
  async change(label: string, order: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#call(siteSchema, "PATCH", `/api/azure/sites/${label}`, order);
  }

  /** Orders faults of the local Azure, instead of those ordered before. */
  async faults(orders: readonly unknown[]): Promise<void> {
    await this.#call(z.unknown(), "PUT", "/api/azure/faults", orders);
  }

  /** Takes actions out of every role of the local Azure. */
  async withholdActions(withheldActions: readonly string[]): Promise<void> {
    await this.#call(z.unknown(), "PATCH", "/api/azure/behaviour", { withheldActions });
  }

  /** The ARM requests about one site since a sequence number, oldest first. */
  async armRequests(label: string, after = 0): Promise<readonly ArmRequest[]> {
    const all = await this.#call(z.array(requestSchema), "GET", `/api/azure/requests?after=${after}`);
    return all.filter(({ surface, site }) => surface === "arm" && site === label);
  }

  async lastSequence(): Promise<number> {
    const all = await this.#call(z.array(requestSchema), "GET", "/api/azure/requests");
    return all.at(-1)?.sequence ?? 0;
  }

  botState() {
    return this.#call(botStateSchema, "GET", "/api/bot");
  }

  /** kill -9; the playground starts the bot again. */
  /** kill -9; resolves when the bot is back. */
  async kill(): Promise<void> {
    const { restarts } = await this.botState();
    await this.#call(botStateSchema, "POST", "/api/bot/kill");
    const deadline = performance.now() + 90_000;
    for (;;) {
      const now = await this.botState();
      if (now.state === "ready" && now.restarts > restarts) return;
      if (performance.now() > deadline) throw new Error(`the bot is not back: ${JSON.stringify(now)}`);
      await delay(100);
    }
  }

  async chatFaults(order: unknown): Promise<void> {
    await this.#call(z.unknown(), "POST", "/api/chat-faults", order);
  }
}
