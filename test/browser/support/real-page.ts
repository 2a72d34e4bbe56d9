import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { z } from "zod";
import { type Playground, startPlayground } from "../../../src/playground/playground.ts";
import { launchBrowser } from "../../support/browser.ts";

const artifacts = "test/artifacts/browser";
const requestsSchema = z.array(z.object({ method: z.string(), site: z.string().nullable() }));
const siteSchema = z.object({ routing: z.record(z.string(), z.boolean()) });

/** The playground with the real bot, and its page in a real browser. */
export class RealPage {
  readonly playground: Playground;
  readonly #browser: Browser;
  readonly #data: string;
  #context: BrowserContext | undefined;
  #complaints: string[] = [];
  page: Page;

  private constructor(playground: Playground, browser: Browser, data: string, page: Page) {
    this.playground = playground;
    this.#browser = browser;
    this.#data = data;
    this.page = page;
  }

  static async start(): Promise<RealPage> {
    mkdirSync(artifacts, { recursive: true });
    const data = await mkdtemp(join(tmpdir(), "routebot-page-"));
    const main = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));
    const ports = { page: 0, bot: 0, azure: 0 };
    const [playground, browser] = await Promise.all([
      startPlayground({ main, dataDirectory: data, ports }),
      launchBrowser(),
    ]);
    const first = await browser.newPage();
    const real = new RealPage(playground, browser, data, first);
    await first.close();
    return real;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.playground.close();
    await rm(this.#data, { recursive: true, force: true });
  }

  /** A first visit, with nothing remembered by the browser. */
  async open(colorScheme: "light" | "dark" = "light"): Promise<void> {
    const viewport = { width: 1440, height: 900 };
    this.#context = await this.#browser.newContext({ viewport, colorScheme, locale: "en-GB" });
    this.page = await this.#context.newPage();
    const { page } = this;
    this.#complaints = [];
    const complain = (text: string) => this.#complaints.push(text);
    page.on("console", (message) => message.type() === "error" && complain(message.text()));
    page.on("pageerror", ({ message }) => complain(message));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.origin !== new URL(this.playground.pageUrl).origin) complain(`asked ${url}`);
    });
    await page.goto(this.playground.pageUrl);
    await page.getByText("Routebot is ready").waitFor();
    await page.locator(".site").first().waitFor({ state: "attached" });
  }

  /** Neither errors, nor anything that the content security policy stopped, nor a request to elsewhere. */
  async close(): Promise<void> {
    await this.#context?.close();
    expect(this.#complaints).toEqual([]);
  }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.playground.pageUrl}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  /** The first person's conversation. */
  get chat(): Locator {
    return this.page.locator("#conversation");
  }

  /** The second person's conversation. */
  get side(): Locator {
    return this.page.locator("#side");
  }

  async become(name: string): Promise<void> {
    await this.page.getByRole("radio", { name: new RegExp(name) }).check();
    await this.page.locator("#conversation:not([aria-busy])").waitFor();
  }

  async go(platform: "teams" | "slack", name: string): Promise<void> {
    const list = this.page.locator(`.places [data-platform=${platform}]`);
    await list.getByRole("button", { name: new RegExp(`^${name}`) }).click();
  }

  /** Writes as the first person, and returns the thread that comes of it, once its card has a button with this name. */
  async ask(text: string, button = "Cancel request"): Promise<Locator> {
    const field = this.chat.getByRole("textbox", { name: /^Message/ });
    await field.fill(text);
    await field.press("Enter");
    const thread = this.chat.locator(".thread").filter({ hasText: text }).last();
    await thread.getByRole("button", { name: button, exact: true }).first().waitFor();
    return thread;
  }

  async part(name: "Sites" | "ARM requests" | "Changes" | "Trouble"): Promise<Locator> {
    await this.page.getByRole("tab", { name }).click();
    return this.page.getByRole("tabpanel", { name });
  }

  async trouble(name: RegExp): Promise<void> {
    const panel = await this.part("Trouble");
    await panel.getByRole("button", { name }).click();
  }

  /** How many writes the local Azure was asked for, about one site. */
  async writesTo(site: string): Promise<number> {
    const all = requestsSchema.parse(await this.call("GET", "/api/azure/requests"));
    return all.filter((one) => one.method === "PATCH" && one.site === site).length;
  }

  async routing(site: string): Promise<Record<string, boolean>> {
    return siteSchema.parse(await this.call("GET", `/api/azure/sites/${site}`)).routing;
  }

  /** Approves as Ana what Robin has just asked for, and waits until the thread says how it ended. */
  async approveAndSee(title: string, timeout = 30_000): Promise<void> {
    await this.approveLast();
    await this.seeEnd(title, { timeout });
  }

  /** Approves as Ana what Robin has just asked for, in the conversation that is shown. */
  async approveLast(): Promise<void> {
    await this.become("Ana");
    const thread = this.chat.locator(".thread").last();
    await thread.getByRole("button", { name: "Approve", exact: true }).first().click();
  }

  /** Waits until a thread of the conversation that is shown says how its request ended: the last, or the one with `site`. */
  async seeEnd(
    title: string,
    { site, timeout = 30_000 }: { site?: string; timeout?: number },
  ): Promise<void> {
    const threads = this.chat.locator(".thread").filter(site === undefined ? {} : { hasText: site });
    await threads
      .last()
      .getByText(new RegExp(`CR-\\d+: ${title}`))
      .waitFor({ timeout });
  }

  /** Waits until this is shown in the upper half of the conversation. */
  async seeAtTop(what: Locator): Promise<void> {
    const offset = async () => {
      const [shown, log] = [await what.first().boundingBox(), await this.chat.locator(".log").boundingBox()];
      if (!shown || !log) return Number.NaN;
      return (shown.y - log.y) / log.height;
    };
    await expect.poll(offset).toBeGreaterThanOrEqual(0);
    await expect.poll(offset).toBeLessThan(0.5);
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: join(artifacts, `${name}.png`) });
  }
}
