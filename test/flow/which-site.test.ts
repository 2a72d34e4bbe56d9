import { describe, expect, test } from "vitest";
import type { View } from "../../src/reply/view.ts";
import { channel, FlowWorld } from "../support/flow-world.ts";
import { sampleSite } from "../support/observations.ts";

const dev = { subscriptionId: "22222222-2222-4222-8222-222222222222", subscriptionName: "Development" };

/** `orders` in two groups that Robin may ask for, and in one that nobody may. */
function world(): FlowWorld {
  const made = new FlowWorld([
    sampleSite("app-x"),
    sampleSite("app-x/staging"),
    sampleSite("orders", { place: { resourceGroup: "rg-shop" } }),
    sampleSite("orders", { place: { resourceGroup: "rg-shop-eu" } }),
    sampleSite("orders", { place: { resourceGroup: "rg-secret" } }),
    sampleSite("app-secret", { place: { resourceGroup: "rg-secret" } }),
  ]);
  made.rule = { ...made.rule, sites: { ...made.rule.sites, resourceGroups: ["rg-shop*"] } };
  return made;
}

const titles = (view: View | undefined) => view?.actions.map(({ title }) => title) ?? [];
const idOf = (view: View | undefined, title: string) =>
  view?.actions.find((action) => action.title === title)?.id ?? "";
const place = async (made: FlowWorld) =>
  (await made.store.requests.get("CR-1"))?.plan.entries[0].target.resourceGroup;

describe("a name that several sites have", () => {
  const second = "2. orders in rg-shop-eu";

  test("is asked back with a button for each that the asker sees, and nothing is requested", async () => {
    const made = world();
    await made.say("robin", "route all traffic for orders because payments fail");
    const asked = made.shown.at(-1);
    expect(titles(asked)).toEqual(["1. orders in rg-shop", second, "None of these"]);
    expect(asked?.summary).not.toContain("secret");
    expect(await made.store.requests.listOpen({ limit: 5 })).toEqual([]);
  });

  test("the choice continues the same request, reason and all", async () => {
    const made = world();
    await made.say("robin", "route all traffic for orders because payments fail");
    const reply = await made.click("robin", "pick", idOf(made.shown.at(-1), second));
    expect(reply).toMatchObject({ kind: "card", forEverybody: true });
    await made.run();
    expect(await place(made)).toBe("rg-shop-eu");
    expect((await made.store.requests.get("CR-1"))?.reason).toBe("payments fail");
    expect(made.chat.posted.at(-1)?.place).toEqual(channel);
    expect(made.writes).toBe(0);
  });

  test("only the person who was asked chooses, once, and while it is open", async () => {
    const made = world();
    await made.say("robin", "route all traffic for orders");
    const asked = made.shown.at(-1);
    expect(await made.click("ana", "pick", idOf(asked, second))).toEqual({
      kind: "notice",
      text: "This question is for Robin Reyes.",
    });
    const clicks = await Promise.all([
      made.click("robin", "pick", idOf(asked, second)),
      made.click("robin", "pick", idOf(asked, "1. orders in rg-shop")),
    ]);
    expect(clicks.map(({ kind }) => kind).toSorted()).toEqual(["card", "notice"]);
    expect(await made.click("robin", "pick", idOf(asked, second))).toMatchObject({ kind: "notice" });
    await made.run();
    expect(await made.store.requests.listOpen({ limit: 5 })).toHaveLength(1);

    await made.say("robin", "enable image pull for orders");
    made.clock.advance(made.flow.limits.promptWithinMs);
    const late = await made.click("robin", "pick", idOf(made.shown.at(-1), second));
    expect(late).toMatchObject({ kind: "notice", text: expect.stringContaining("no longer open") });
  });

  test("none of these does nothing", async () => {
    const made = world();
    await made.say("robin", "route all traffic for orders");
    const asked = made.shown.at(-1);
    const reply = await made.click("robin", "dismiss", idOf(asked, "None of these"));
    expect(reply).toMatchObject({ kind: "card", view: { summary: "Nothing was done." } });
    expect(await made.click("robin", "pick", idOf(asked, second))).toMatchObject({ kind: "notice" });
    await made.run();
    expect(await made.store.requests.listOpen({ limit: 5 })).toEqual([]);
  });

  test("buttons that are none of ours do nothing", async () => {
    const made = world();
    await made.say("robin", "route all traffic for orders");
    const [prompt] = idOf(made.shown.at(-1), second).split(".");
    for (const target of ["", "x", "x.0", `${prompt}.9`, `${prompt}`, `${prompt}.1.1`]) {
      expect(await made.click("robin", "pick", target)).toMatchObject({ kind: "notice" });
    }
    expect(await made.click("robin", "confirm", `${prompt}`)).toMatchObject({ kind: "notice" });
    await made.run();
    expect(await made.store.requests.listOpen({ limit: 5 })).toEqual([]);
  });

  test("is the one that the asker alone sees, and of those that nobody shows them no name is said", async () => {
    const made = world();
    made.rule = { ...made.rule, sites: { ...made.rule.sites, resourceGroups: ["rg-shop"] } };
    await made.say("robin", "route all traffic for orders");
    expect(await place(made)).toBe("rg-shop");
    await made.say("olga", "status of orders");
    expect(made.latest).toContain('Several sites fit "orders"');
    expect(titles(made.shown.at(-1))).toEqual([]);
    expect(JSON.stringify(made.shown.at(-1))).not.toContain("rg-");
  });

  test("a status is chosen in the same way", async () => {
    const made = world();
    await made.say("robin", "status of orders");
    await made.click("robin", "pick", idOf(made.shown.at(-1), second));
    await made.run();
    expect(JSON.stringify(made.shown.at(-1))).toContain("rg-shop-eu");
    expect(made.shown.at(-1)?.title).toBe("Outbound routing of orders");
  });
});

describe("a name that no site has", () => {
  test("did you mean: offers what is near and never takes it by itself", async () => {
    const made = world();
    await made.say("robin", "route all traffic for app-xx");
    expect(made.latest).toContain('I know no site "app-xx". Did you mean');
    expect(await made.store.requests.listOpen({ limit: 5 })).toEqual([]);
    await made.click("robin", "pick", idOf(made.shown.at(-1), "1. app-x in rg-shop"));
    await made.run();
    expect(made.card("CR-1").title).toContain("for app-x");
  });

  test("names that the asker does not see are not suggested", async () => {
    const made = world();
    await made.say("robin", "route all traffic for app-secrets");
    expect(made.latest).not.toContain("app-secret ");
    expect(titles(made.shown.at(-1))).toEqual([]);
    await made.say("olga", "status of app-xx");
    expect(titles(made.shown.at(-1))).toEqual([]);
    expect(made.latest).not.toContain("app-x ");
  });
});

describe("a channel that is bound to a group", () => {
  test("a name is looked for there first; elsewhere when it is not there; a group that is said counts", async () => {
    const made = world();
    made.channels = [
      {
        channels: [{ platform: "teams", conversation: channel.conversation }],
        subscriptions: ["*"],
        resourceGroups: ["rg-shop-eu"],
      },
    ];
    await made.say("robin", "route all traffic for orders");
    expect(await place(made)).toBe("rg-shop-eu");
    await made.say("robin", "status of app-x");
    expect(made.shown.at(-1)?.title).toBe("Outbound routing of app-x");
    await made.say("robin", "status of orders in rg-shop");
    expect(JSON.stringify(made.shown.at(-1))).toContain('"rg-shop"');
    await made.say("robin", "status of orders", { ...channel, conversation: "19:elsewhere" });
    expect(titles(made.shown.at(-1))).toHaveLength(3);
  });
});

describe("all apps of a group", () => {
  test("more than one request may name are refused with the number", async () => {
    const sites = Array.from({ length: 26 }, (_, index) => sampleSite(`site-${index}`));
    const made = new FlowWorld(sites);
    await made.say("robin", "route all traffic for all apps in rg-shop");
    expect(made.latest).toContain("There are 26 sites in resource group rg-shop");
    expect(made.latest).toContain("25 at most");
  });

  test("the only app of a group is that app", async () => {
    const made = world();
    await made.say("robin", "route all traffic for all apps in rg-shop-eu");
    expect(await place(made)).toBe("rg-shop-eu");
  });

  test("a group with sites that the asker may not see is not called all", async () => {
    const made = world();
    await made.say("robin", "route all traffic for all apps in rg-secret");
    expect(made.latest).toContain("Not all sites in resource group rg-secret are yours to ask for");
    expect(made.latest).not.toContain("app-secret");
  });

  test("a group that is in two subscriptions is asked back", async () => {
    const made = new FlowWorld([sampleSite("a"), sampleSite("b", { place: dev })]);
    await made.say("robin", "route all traffic for all apps in rg-shop");
    expect(titles(made.shown.at(-1))).toEqual([
      "1. rg-shop in Development",
      "2. rg-shop in Production",
      "None of these",
    ]);
    await made.click("robin", "pick", idOf(made.shown.at(-1), "1. rg-shop in Development"));
    await made.run();
    expect(made.card("CR-1").title).toContain("for b");
  });

  test("an unknown group has none", async () => {
    const made = world();
    await made.say("robin", "route all traffic for all apps in rg-none");
    expect(made.latest).toContain("I know no site in resource group rg-none");
  });
});

describe("the site that the bot runs on", () => {
  const own = { site: "App-X", resourceGroup: "rg-shop" };

  test("is not changed, its slots neither, unless the rule says so; its status is told", async () => {
    const made = world();
    made.ownSite = own;
    await made.say("robin", "route all traffic for app-x");
    expect(made.latest).toContain("app-x is the site that I run on");
    await made.say("robin", "route all traffic for app-x/staging");
    expect(made.latest).toContain("app-x/staging is the site that I run on");
    await made.say("robin", "status of app-x");
    expect(made.shown.at(-1)?.title).toBe("Outbound routing of app-x");
    made.rule = { ...made.rule, ownSite: true };
    await made.say("robin", "route all traffic for app-x");
    expect(made.card("CR-1").title).toContain("app-x");
  });

  test("is another one when its group is another one", async () => {
    const made = world();
    made.ownSite = { ...own, resourceGroup: "rg-bots" };
    await made.say("robin", "route all traffic for app-x");
    expect(made.card("CR-1").title).toContain("app-x");
  });
});
