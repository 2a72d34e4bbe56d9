import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";
import { type Line, type Replica, type Surroundings, startSurroundings } from "../support/served-bot.ts";

const metricsToken = "a-token-that-nobody-can-guess";
const stores = ["embedded", "postgres"] as const;

/** The variables that say where the bot keeps what it has to keep. */
async function storeOf(server: TestPostgres | undefined): Promise<Readonly<Record<string, string>>> {
  return server === undefined
    ? { ROUTEBOT_DATA_DIR: "data" }
    : { DATABASE_URL: await server.createDatabase() };
}

describe.each(stores)("one replica on the %s store", (kind) => {
  let server: TestPostgres | undefined;
  let surroundings: Surroundings;
  let bot: Replica;
  beforeAll(async () => {
    server = kind === "postgres" ? await startPostgres() : undefined;
    surroundings = await startSurroundings(await storeOf(server));
    bot = await surroundings.start({ ROUTEBOT_METRICS_TOKEN: metricsToken });
  });
  afterAll(async () => {
    await surroundings?.close();
    await server?.stop();
  });

  const about = (key: string, value: unknown) => bot.lines().filter((line) => line[key] === value);
  const seen = (fits: (line: Line) => boolean) =>
    expect.poll(() => bot.lines().find(fits), { timeout: 30_000 }).toBeDefined();

  test("one trace goes from the message to the write in Azure, and the number of the request finds everything", async () => {
    await surroundings.say(bot, "route all traffic for app-x");
    await seen((line) => line.event === "recorded" && line.kind === "opened");
    const opened = bot.lines().find((line) => line.event === "recorded" && line.kind === "opened");
    const request = opened?.request;
    const trace = opened?.trace;
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(opened?.inbound).toBeDefined();
    await surroundings.approve(bot, String(request));
    await seen((line) => line.event === "change-ended");

    const story = about("trace", trace);
    const arm = story.filter(({ event }) => event === "arm-request");
    expect(arm.map(({ method }) => method)).toContain("PATCH");
    expect(arm.filter((line) => line.method === "PATCH")).toEqual([
      expect.objectContaining({ request, status: 200, armRequestId: expect.any(String) }),
    ]);
    // What read the site for the plan belongs to the message, before there was a request.
    expect(arm.some((line) => line.inbound === opened?.inbound && line.request === undefined)).toBe(true);
    expect(story.find(({ event }) => event === "change-ended")).toMatchObject({
      request,
      state: "confirmed",
    });
    // The click is a story of its own, found by the number.
    const approval = about("request", request).find(
      (line) => line.kind === "approval" || line.to === "approved",
    );
    expect(approval?.trace).toMatch(/^[0-9a-f]{32}$/);
    expect(approval?.trace).not.toBe(trace);
    expect(approval?.inbound).toBeDefined();

    // Azure was given the trace as its correlation id, which its activity log then has.
    const guid = String(trace).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    expect(arm.every((line) => typeof line.armCorrelationId === "string")).toBe(true);
    expect(arm.map((line) => line.armCorrelationId)).toContain(guid);
  });

  test("metrics are for whoever shows the token, and tell what happened", async () => {
    const ask = (authorization?: string) =>
      fetch(`${bot.url}/metrics`, { headers: authorization === undefined ? {} : { authorization } });
    for (const wrong of [undefined, "Bearer wrong", metricsToken, `Basic ${metricsToken}`]) {
      const refused = await ask(wrong);
      expect(refused.status).toBe(401);
      expect(await refused.text()).not.toContain("routebot");
    }
    const text = await (await ask(`Bearer ${metricsToken}`)).text();
    const value = (line: string) =>
      Number(
        text
          .split("\n")
          .find((one) => one.startsWith(line))
          ?.split(" ")
          .at(-1),
      );
    expect(value('routebot_inbound_seconds_count{platform="slack",kind="message",result="accepted"}')).toBe(
      1,
    );
    expect(value('routebot_inbound_seconds_count{platform="slack",kind="click",result="card"}')).toBe(1);
    expect(value('routebot_acknowledgement_seconds_count{route="/slack/events",result="2xx"}')).toBe(2);
    expect(value('routebot_changes_ended_total{state="confirmed",outcome="none"}')).toBe(1);
    expect(value('routebot_arm_request_seconds_count{method="PATCH",urgency="change",result="2xx"}')).toBe(1);
    expect(value('routebot_routing_seconds_count{operation="verify",result="equal"}')).toBe(1);
    expect(value('routebot_audit_events_total{kind="opened"}')).toBe(1);
    expect(value('routebot_jobs_waiting{kind="apply"}')).toBe(0);
    expect(value("routebot_outbox_dead")).toBe(0);
    expect(value('routebot_ready{check="database"}')).toBe(1);
    expect(value("routebot_policy_edit_refused")).toBe(0);
    expect(value("process_resident_memory_bytes")).toBeGreaterThan(1e7);
    expect(text).toContain(`store="${kind}"`);
    expect(text).not.toContain("app-x");
  });

  test("readiness says what was found about each thing, without waiting for the sign-ins, or with", async () => {
    const known = await (await fetch(`${bot.url}/readyz?all`)).json();
    expect(known).toMatchObject({
      status: "ready",
      checks: {
        process: "in order",
        database: "in order",
        jobs: "in order",
        azure: "in order",
        slack: "in order",
      },
    });
  });

  test("a database that is away makes it not ready, and not unhealthy", async () => {
    // The embedded one cannot be away while the process lives.
    if (server === undefined) return;
    await server.stop();
    server = undefined;
    await expect.poll(async () => (await fetch(`${bot.url}/readyz`)).status, { timeout: 20_000 }).toBe(503);
    const answer = await (await fetch(`${bot.url}/readyz`)).json();
    expect(answer).toMatchObject({ status: "not ready", why: expect.stringContaining("database: ") });
    expect((await fetch(`${bot.url}/healthz`)).status).toBe(200);
  });
});

describe.each(stores)("a clean stop on the %s store", (kind) => {
  let server: TestPostgres | undefined;
  let surroundings: Surroundings;
  beforeAll(async () => {
    server = kind === "postgres" ? await startPostgres() : undefined;
    surroundings = await startSurroundings(await storeOf(server));
  });
  afterAll(async () => {
    await surroundings?.close();
    await server?.stop();
  });

  test("hands over a running change and messages that wait, within ten seconds; the next one goes on at once", async () => {
    const { azure } = surroundings;
    const first = await surroundings.start();
    await surroundings.say(first, "route all traffic for app-x");
    const line = (bot: Replica, fits: (line: Line) => boolean) =>
      expect.poll(() => bot.lines().find(fits), { timeout: 30_000 }).toBeDefined();
    await line(first, (one) => one.event === "recorded" && one.kind === "opened");
    const request = String(first.lines().find((one) => one.kind === "opened")?.request);

    // From here on Azure answers nothing: the change hangs in its write, the answers in their readings.
    azure.orderFaults([
      { match: { method: "PATCH" }, fault: { kind: "hang" }, times: 1 },
      { match: { method: "GET", site: "app-y" }, fault: { kind: "hang" }, times: 3 },
    ]);
    await surroundings.approve(first, request);
    await expect
      .poll(() => azure.requests().some(({ method, end }) => method === "PATCH" && end === "hung"), {
        timeout: 20_000,
      })
      .toBe(true);
    for (let message = 0; message < 3; message++) await surroundings.say(first, "status of app-y");

    const began = performance.now();
    first.process.signal("SIGTERM");
    const { code } = await first.process.ended;
    expect(code).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(first.lines().at(-1)).toMatchObject({ event: "stopped" });

    azure.orderFaults([]);
    const second = await surroundings.start();
    const ready = performance.now();
    await line(second, (one) => one.event === "change-ended" && one.request === request);
    const { slack } = surroundings;
    await expect
      .poll(() => slack.messages.filter(({ content }) => JSON.stringify(content).includes("app-y")).length, {
        timeout: 30_000,
      })
      .toBe(3);
    // A job whose worker died is taken over after ten seconds without a sign of life.
    expect(performance.now() - ready).toBeLessThan(9_000);
    const ended = second.lines().find((one) => one.event === "change-ended");
    expect(ended).toMatchObject({ state: "confirmed" });
    second.process.signal("SIGTERM");
    second.process.signal("SIGTERM");
    await second.process.ended;
  });
});
