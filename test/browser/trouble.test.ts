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
    ["Throttled", "turn on image pull for shop-feed", "confirmed"],
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

  test("Azure busy for one site is asked again later; another one goes on meanwhile, however slow", async () => {
    await real.ask("turn on backup over vnet for shop-web");
    await real.trouble(/^Busy/);
    const ordered = real.page.getByRole("list", { name: "Ordered and not yet met" });
    await ordered.getByText("Azure: busy × 1").waitFor();
    await real.approveLast();
    await real.page.getByText("Azure: busy × 1").waitFor({ state: "detached" });
    await real.become("Robin");
    await real.ask("turn on image pull for shop-partner");
    await real.trouble(/^Slow/);
    await ordered.getByText("Azure: slow × 1").waitFor();
    await real.approveAndSee("confirmed");
    await real.seeEnd("confirmed", { site: "shop-web" });
    expect(await real.writesTo("shop-web")).toBe(2);
  });

  test("chats that are away get their messages afterwards", async () => {
    await real.ask("turn on backup over vnet for orders-api in rg-shop-dev");
    await real.go("slack", "on-call");
    await real.ask("turn on backup over vnet for shop-web-dev");
    for (const platform of ["Teams", "Slack"]) {
      await real.trouble(new RegExp(`^${platform} away`));
      const left = new RegExp(`${platform.toLowerCase()}: unreachable, \\d+ s left`);
      await real.page.getByText(left).waitFor();
    }
    await real.approveLast();
    await real.go("teams", "on-call");
    await real.approveLast();
    for (const platform of ["teams", "slack"] as const) {
      await real.go(platform, "on-call");
      await real.seeEnd("confirmed", { timeout: 60_000 });
    }
  }, 90_000);

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
