import { describe, expect, test } from "vitest";
import { renderView } from "../../src/adapters/slack/render-view.ts";
import { renderCard } from "../../src/adapters/teams/card/render-card.ts";
import { type FlagValues, type RoutingFlag, routingFlags } from "../../src/domain/routing/routing-flag.ts";
import type { SiteObservation } from "../../src/domain/routing/site-observation.ts";
import type { View } from "../../src/reply/view.ts";
import { FlowWorld } from "../support/flow-world.ts";
import { sampleSite } from "../support/observations.ts";

const portalUrl =
  "https://portal.azure.com/#resource/subscriptions/1/resourceGroups/rg-shop/providers/Microsoft.Web/sites/app-x/networkingHub";

const older = {
  generation: "legacy",
  apiVersion: "2023-12-01",
  flags: {
    applicationTraffic: false,
    imagePullTraffic: false,
    contentShareTraffic: false,
    backupRestoreTraffic: false,
  },
} as const satisfies Partial<SiteObservation> & { readonly flags: FlagValues };

/** The card of a request, and the message that confirms it. */
async function say(
  text: string,
  differences: Partial<SiteObservation> = {},
): Promise<{ readonly card: View; readonly confirmation: View }> {
  const world = new FlowWorld([sampleSite("app-x", { portalUrl, ...differences })]);
  await world.say("robin", text);
  const card = world.card("CR-1");
  await world.click("ana", "approve", "CR-1");
  await world.run();
  const confirmation = world.shown.find(({ title }) => title === "CR-1: confirmed");
  if (confirmation === undefined) throw new Error("not confirmed");
  return { card, confirmation };
}

const drawn: readonly (readonly [string, (view: View) => string])[] = [
  ["Teams", (view) => JSON.stringify(renderCard(view))],
  ["Slack", (view) => JSON.stringify(renderView(view))],
];

/** How each flag is asked for, what the older API calls it, and its box in the portal. */
const names: Record<
  RoutingFlag,
  { readonly ask: string; readonly older?: string; readonly portal?: string }
> = {
  allTraffic: { ask: "route everything for app-x" },
  applicationTraffic: {
    ask: "route all traffic for app-x",
    older: "vnetRouteAllEnabled",
    portal: "Outbound internet traffic",
  },
  imagePullTraffic: {
    ask: "turn on image pull over vnet for app-x",
    older: "vnetImagePullEnabled",
    portal: "Container image pull",
  },
  contentShareTraffic: {
    ask: "turn on content share over vnet for app-x",
    older: "vnetContentShareEnabled",
    portal: "Content storage",
  },
  backupRestoreTraffic: {
    ask: "turn on backup over vnet for app-x",
    older: "vnetBackupRestoreEnabled",
    portal: "Backup/restore",
  },
  managedIdentityTraffic: { ask: "turn on managed identity over vnet for app-x" },
};

describe.each(drawn)("in %s, card and confirmation", (_chat, draw) => {
  test.each(routingFlags)("of %s name both properties, the portal, and the same by hand", async (flag) => {
    const { ask, older: olderName, portal } = names[flag];
    const { card, confirmation } = await say(ask);
    for (const text of [draw(card), draw(confirmation)]) {
      expect(text).toContain(`outboundVnetRouting.${flag}`);
      expect(text).toContain(olderName ?? "not in the portal");
      expect(text).toContain(portal ?? "not in the portal");
      expect(text).toContain("networkingHub");
      expect(text).toContain(`--set properties.outboundVnetRouting.${flag}=true`);
    }
  });

  test("in a cloud with the older API, name its property first, and the command sets that", async () => {
    const { card, confirmation } = await say("route all traffic for app-x", older);
    for (const text of [draw(card), draw(confirmation)]) {
      expect(text.indexOf("vnetRouteAllEnabled")).toBeLessThan(text.indexOf("outboundVnetRouting"));
      expect(text).toContain("--api-version 2023-12-01 --set properties.vnetRouteAllEnabled=true");
    }
  });
});

describe("what the older API cannot say", () => {
  test.each(["route everything for app-x", "turn on managed identity over vnet for app-x"])(
    "%s is refused, with the reason and where it is written",
    async (text) => {
      const world = new FlowWorld([sampleSite("app-x", older)]);
      await world.say("robin", text);
      const said = world.shown.at(-1);
      if (said === undefined) throw new Error("nothing was said");
      for (const [, draw] of drawn) {
        expect(draw(said)).toContain("This cloud's API (2023-12-01) has no property for");
        expect(draw(said)).toContain("(App Service team, April 2024)");
      }
      expect(said.actions).toEqual([]);
    },
  );
});
