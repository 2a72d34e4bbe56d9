import { describe, expect, test } from "vitest";
import { parseCommand } from "../../src/command/parse.ts";
import { channel, FlowWorld, type Who } from "../support/flow-world.ts";
import { sampleSite } from "../support/observations.ts";

const sites = () => [
  sampleSite("shop-web"),
  sampleSite("billing", { place: { resourceGroup: "rg-billing" } }),
  sampleSite("aa-secret", { place: { resourceGroup: "rg-secret" } }),
];

function world(): FlowWorld {
  const made = new FlowWorld(sites());
  made.rule = { ...made.rule, sites: { ...made.rule.sites, resourceGroups: ["rg-shop", "rg-billing"] } };
  made.channels = [
    {
      channels: [{ platform: "teams", conversation: channel.conversation }],
      subscriptions: ["*"],
      resourceGroups: ["rg-shop"],
    },
  ];
  return made;
}

async function help(made: FlowWorld, who: Who, text = "help"): Promise<string> {
  await made.say(who, text);
  return made.latest;
}

describe("help", () => {
  test("is written with a site of this channel that the asker sees", async () => {
    const made = world();
    expect(await help(made, "robin")).toContain("route all traffic for shop-web");
    await made.say("robin", "help", { ...channel, conversation: "19:unbound" });
    expect(made.latest).toContain("route all traffic for billing");
    expect(made.latest).not.toContain("secret");
  });

  test("shows each person what they may do", async () => {
    const made = world();
    const [robin, ana, ben, olga] = [
      await help(made, "robin"),
      await help(made, "ana"),
      await help(made, "ben"),
      await help(made, "olga"),
    ];
    expect(robin).toContain("You may ask for changes; others approve them.");
    expect(robin).not.toMatch(/(?<!who can )approve CR-12/);
    expect(ana).toContain("You may ask for changes, and approve those of others.");
    expect(ben).toContain("approve CR-12");
    expect(ben).not.toContain("route all traffic for");
    expect(olga).toContain("You may look;");
    expect(olga).toContain("status of app-x");
    expect(olga).not.toContain("shop-web");
  });

  test("of freezes says whether one is on, also to whoever may order none", async () => {
    const made = world();
    await made.say("robin", "is there a freeze?");
    expect(made.latest).toMatch(/^No freeze is on that you may see\./);
    await made.say("ana", "freeze all because of the sale");
    await made.say("robin", "are changes frozen?");
    expect(made.latest).toMatch(/^All changes are stopped by Ana Alvarez .*the sale/);
    await made.say("ana", "why is it frozen?");
    const asked = JSON.stringify(made.shown.at(-1)?.blocks);
    expect(asked).toContain("All changes are stopped by Ana Alvarez");
    expect(asked).toContain("freeze changes for");
  });

  test("comes without a site when Azure does not say", async () => {
    const made = world();
    made.routing.order.find({ kind: "failed", failure: { code: "azure-unreachable", message: "Away." } });
    expect(await help(made, "robin")).toContain("route all traffic for app-x");
  });
});

describe("a text that is not understood", () => {
  test.each(["blorp", "rout trafic", "make it so number one"])(
    "%s: at most three suggestions, that parse",
    async (text) => {
      const made = world();
      await made.say("robin", text);
      const list = made.shown.at(-1)?.blocks.find((block) => block.kind === "list");
      const suggested =
        list?.items.map((item) => (typeof item === "string" ? item : (item[0]?.text ?? ""))) ?? [];
      expect(suggested.length).toBeGreaterThan(0);
      expect(suggested.length).toBeLessThanOrEqual(3);
      for (const one of suggested) {
        expect(one).not.toContain("app-x");
        expect(["clarify", "unknown"]).not.toContain(parseCommand(one).command.kind);
      }
    },
  );

  test("a site that was named is not replaced by another", async () => {
    const made = world();
    await made.say("robin", "don't route all traffic for app-x");
    expect(made.latest).toContain("app-x");
    expect(made.latest).not.toContain("shop-web");
  });
});
