import { describe, expect, test } from "vitest";
import { renderView } from "../../src/adapters/slack/render-view.ts";
import { renderCard } from "../../src/adapters/teams/card/render-card.ts";
import { defaultLimits } from "../../src/flow/flow.ts";
import { checkBlocks } from "../../src/playground/slack/block-kit.ts";
import { FlowWorld } from "../support/flow-world.ts";
import { sampleSite } from "../support/observations.ts";

/** As many sites as one request may have, with names as long as they get in practice. */
const names = Array.from(
  { length: defaultLimits.maxSites },
  (_, index) => `contoso-checkout-api-${index + 10}`,
);

async function request(): Promise<FlowWorld> {
  const world = new FlowWorld(
    names.map((name) =>
      sampleSite(name, {
        managedIdentity: true,
        portalUrl: `https://portal.azure.com/#resource/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-shop/providers/Microsoft.Web/sites/${name}/networkingHub`,
      }),
    ),
  );
  await world.say("robin", "route all traffic for all apps in resource group rg-shop");
  return world;
}

describe("the largest request", () => {
  test.each(["Teams", "Slack"])(
    "shows every site on the card in %s: nobody approves what was left out",
    async (chat) => {
      const view = (await request()).card("CR-1");
      const message = renderView(view);
      const text = JSON.stringify(chat === "Teams" ? renderCard(view) : message);
      for (const name of names) expect(text).toContain(name);
      expect(checkBlocks(message.blocks, () => "b")).toMatchObject({ ok: true });
    },
  );

  test("is told site by site at its end", async () => {
    const world = await request();
    await world.click("ana", "approve", "CR-1");
    await world.run();
    const view = world.shown.find(({ title }) => title === "CR-1: confirmed");
    if (!view) throw new Error("not confirmed");
    for (const text of [JSON.stringify(renderCard(view)), JSON.stringify(renderView(view))]) {
      for (const name of names) expect(text).toContain(name);
    }
  });
});
