import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { RealPage } from "./support/real-page.ts";

/** Trouble that a visitor orders on the page, with the real bot behind it. */
let real: RealPage;
beforeAll(async () => {
  // Long enough to look several times, and no longer.
  vi.stubEnv("ROUTEBOT_VERIFY_WITHIN", "3s");
  real = await RealPage.start();
}, 120_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await real?.stop();
});
beforeEach(async () => {
  await real.call("DELETE", "/api/azure/faults");
  await real.call("DELETE", "/api/chat-faults");
  await real.open();
});
afterEach(() => real.close());

describe("trouble that is ordered on the page", () => {
  test.each([
    ["Busy", "turn on backup over vnet for shop-web", "confirmed"],
    ["Throttled", "turn on image pull for shop-feed", "confirmed"],
    ["Slow", "turn on backup over vnet for shop-feed", "confirmed"],
    ["Broken off", "turn on backup over vnet for shop-partner", "confirmed"],
    ["Ignored", "turn on backup over vnet for shop-reviews", "accepted but not applied"],
    ["Forbidden", "turn on backup over vnet for shop-reports", "not applied"],
    ["Teams breaks off", "turn on backup over vnet for shop-lab", "confirmed"],
  ])("Azure or Teams: %s", async (fault, text, end) => {
    await real.ask(text);
    await real.trouble(new RegExp(`^${fault}`));
    await real.page.getByRole("list", { name: "Ordered and not yet met" }).getByText(/×/).waitFor();
    await real.approveAndSee(end, 45_000);
    await real.page.getByText("× 1").waitFor({ state: "detached" });
    if (end !== "confirmed") await real.picture(`fault-${fault.toLowerCase()}`);
  });

  test.each([
    ["teams", "Teams away"],
    ["slack", "Slack away"],
  ] as const)(
    "a chat that is away gets its messages afterwards: %s",
    async (platform, fault) => {
      await real.go(platform, "on-call");
      const site = platform === "teams" ? "orders-api in rg-shop-dev" : "shop-web-dev";
      await real.ask(`turn on backup over vnet for ${site}`);
      await real.trouble(new RegExp(`^${fault}`));
      await real.page.getByText(new RegExp(`${platform}: unreachable, \\d+ s left`)).waitFor();
      await real.approveAndSee("confirmed", 60_000);
    },
    90_000,
  );

  test("Slack throttles", async () => {
    await real.go("slack", "on-call");
    await real.ask("turn on image pull for shop-web");
    await real.trouble(/^Slack throttles/);
    await real.approveAndSee("confirmed", 45_000);
  });

  test("a click twice counts once", async () => {
    await real.ask("turn on image pull for shop-images");
    await real.trouble(/^Click twice/);
    await real.page.getByRole("button", { name: /^Click twice/, pressed: true }).waitFor();
    await real.approveAndSee("confirmed");
    await real.page.getByRole("button", { name: /^Click twice/, pressed: false }).waitFor();
    const record = (await real.part("Changes")).locator(".record").first();
    await record.getByText("clicks Approve 2 times at once").waitFor();
    expect(await real.writesTo("shop-images")).toBe(1);
  });
});
