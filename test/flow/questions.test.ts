import { describe, expect, test } from "vitest";
import { channel, directChat, FlowWorld, otherChannel } from "../support/flow-world.ts";
import { sampleSite } from "../support/observations.ts";

/** Two sites that the rule covers, and one of another group that only Olga may see. */
class World extends FlowWorld {
  override get policy() {
    const { rule } = this;
    const secret = {
      ...rule,
      name: "secret",
      sites: { ...rule.sites, resourceGroups: ["rg-secret"] },
      request: ["olga"],
      approve: [],
    };
    return { ...super.policy, rules: [rule, secret] };
  }
}
const newWorld = () =>
  new World([
    sampleSite("app-x"),
    sampleSite("app-y"),
    sampleSite("vault", { place: { resourceGroup: "rg-secret" } }),
  ]);

/** CR-1 for app-x asked for by Robin here, CR-2 for app-y asked for by Ana elsewhere, CR-3 for vault by Olga. */
async function threeOpen(): Promise<World> {
  const world = newWorld();
  await world.say("robin", "route all traffic for app-x because of ticket 7");
  await world.say("ana", "route all traffic for app-y", otherChannel);
  await world.say("olga", "route all traffic for vault", otherChannel);
  return world;
}

const listsOf = (world: FlowWorld) =>
  (world.shown.at(-1)?.blocks ?? []).flatMap((block) => {
    if (block.kind === "paragraph") return [JSON.stringify(block.text)];
    return block.kind === "list" ? block.items.map((item) => JSON.stringify(item)) : [];
  });

describe("pending", () => {
  test("in a channel: what was asked for there, then what was asked for elsewhere; who can decide sees so", async () => {
    const world = await threeOpen();
    await world.say("ben", "pending");
    expect(world.shown.at(-1)?.title).toBe("2 open requests");
    expect(listsOf(world)).toEqual([
      expect.stringContaining("Asked for here"),
      expect.stringContaining("CR-1"),
      expect.stringContaining("Asked for elsewhere"),
      expect.stringContaining("CR-2"),
    ]);
    expect(world.latest.match(/you can decide/g)).toHaveLength(2);
    await world.say("ana", "pending", otherChannel);
    expect(listsOf(world)[1]).toContain("CR-2");
    expect(world.latest).toMatch(/CR-2 [^;]*UTC;? CR-1 .*you can decide$/);
  });

  test("in one's own chat with the bot: all in one list", async () => {
    const world = await threeOpen();
    await world.say("ben", "what's waiting for approval?", directChat);
    expect(listsOf(world)).toEqual([expect.stringContaining("CR-1"), expect.stringContaining("CR-2")]);
  });

  test.each(["pending", "what is waiting for approval?", "pending approvals", "anything to approve?"])(
    "%s: is about no site of that name",
    async (text) => {
      const world = await threeOpen();
      await world.say("ben", text);
      expect(world.shown.at(-1)?.title).toBe("2 open requests");
    },
  );

  test("mine, and those for a site or a group", async () => {
    const world = await threeOpen();
    await world.say("ana", "my pending requests");
    expect(world.shown.at(-1)?.title).toBe("One open request");
    expect(world.latest).toContain("CR-2");
    await world.say("ben", "my pending requests");
    expect(world.latest).toBe("No request of yours is open.");
    await world.say("ben", "pending for app-x");
    expect(world.latest).toContain("CR-1");
    expect(world.latest).not.toContain("CR-2");
    await world.say("ben", "pending in rg-shop");
    expect(world.shown.at(-1)?.title).toBe("2 open requests");
    await world.say("ben", "pending for app-z");
    expect(world.latest).toContain("Nothing is open that you may see");
  });

  test("a site that one may not see is neither shown nor counted", async () => {
    const world = await threeOpen();
    await world.say("ben", "pending for vault");
    expect(world.latest).toContain("Nothing is open that you may see");
    await world.say("olga", "pending");
    expect(world.shown.at(-1)?.title).toBe("One open request");
    expect(world.latest).toContain("CR-3");
    expect(world.latest).not.toContain("app-x");
  });

  test("of many, the oldest are shown and it says that there are more", async () => {
    const sites = Array.from({ length: 23 }, (_, index) => sampleSite(`site-${index}`));
    const world = new FlowWorld(sites);
    for (const { target } of sites) await world.say("robin", `route all traffic for ${target.site}`);
    await world.say("robin", "my pending requests");
    expect(world.shown.at(-1)?.title).toBe("The oldest 20 open requests");
    expect(world.latest).toContain("There are more. Name a site or a resource group");
    await world.say("ben", "pending");
    expect(world.shown.at(-1)?.title).toBe("The oldest 10 open requests");
  });
});

describe("history", () => {
  /** CR-1 confirmed, CR-2 rejected, CR-3 of a site that others do not see. */
  async function past(): Promise<World> {
    const world = await threeOpen();
    await world.click("olga", "approve", "CR-1");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    await world.click("ben", "reject", "CR-2", "not during the sale");
    await world.run();
    return world;
  }

  test("of a request: everything that happened, with who and from where, and Azure's ids", async () => {
    const world = await past();
    await world.say("robin", "history of CR-1");
    expect(world.shown.at(-1)?.title).toBe("History of CR-1");
    for (const part of [
      "Robin Reyes asked for it (Teams, text)",
      "Olga Outsider wanted to approve it and was refused, not-an-approver (Teams, button)",
      "Ana Alvarez approved it, 1 of 1 (Teams, button)",
      "Routebot began to apply it",
      "Azure answered 200 to the write, request ",
      "read back and confirmed",
    ]) {
      expect(world.latest).toContain(part);
    }
    await world.say("robin", "who approved CR-2?");
    expect(world.latest).toContain("Ben Becker rejected it: not during the sale (Teams, button)");
  });

  test("of a request that one may not see, or that there never was: the same answer", async () => {
    const world = await past();
    await world.say("robin", "history of CR-3");
    const hidden = world.latest;
    await world.say("robin", "history of CR-9");
    expect(world.latest.replaceAll("CR-9", "CR-3")).toBe(hidden);
    expect(hidden).toContain("I know no change request CR-3");
  });

  test("of a site, also when it is gone from Azure; of a group; lately", async () => {
    const world = await past();
    const calls = world.routing.calls.length;
    await world.say("ben", "history of app-x");
    expect(world.shown.at(-1)?.title).toBe("Requests for app-x");
    expect(world.latest).toMatch(/CR-1 .*confirmed 2026.*asked by Robin Reyes, approved by Ana Alvarez/);
    expect(world.latest).not.toContain("CR-2");
    await world.say("ben", "history of all apps in rg-shop");
    expect(world.latest).toMatch(/CR-2.*CR-1/);
    await world.say("ben", "recent changes");
    expect(world.shown.at(-1)?.title).toBe("Latest requests");
    expect(world.latest).toMatch(/CR-2 .*rejected by Ben Becker.*CR-1/);
    expect(world.latest).not.toContain("vault");
    await world.say("ben", "history of app-z");
    expect(world.latest).toBe("Requests for app-z: none that you may see.");
    expect(world.routing.calls).toHaveLength(calls);
  });

  test("of a person: by name, first name, mention or me; what somebody tried in vain is not theirs", async () => {
    const world = await past();
    await world.say("robin", "what did Ben change?");
    expect(world.shown.at(-1)?.title).toBe("Requests with Ben Becker");
    expect(world.latest).toContain("CR-2");
    expect(world.latest).not.toContain("CR-1");
    await world.say("ana", "my changes");
    expect(world.latest).toMatch(/Requests with you: CR-2.*CR-1/);
    await world.say("robin", "history of ben");
    expect(world.shown.at(-1)?.title).toBe("Requests with Ben Becker");
    await world.say("robin", "what did olga change?");
    expect(world.latest).toBe("Requests with Olga Outsider: none that you may see.");
    await world.say("robin", "changes by zoe");
    expect(world.latest).toBe("I know nobody called zoe.");
  });

  test("of many, the latest are shown", async () => {
    const sites = Array.from({ length: 12 }, (_, index) => sampleSite(`site-${index}`));
    const world = new FlowWorld(sites);
    for (const { target } of sites) await world.say("robin", `route all traffic for ${target.site}`);
    await world.say("ben", "show recent changes", channel);
    expect(world.shown.at(-1)?.blocks[0]).toMatchObject({ items: { length: 10 } });
    expect(JSON.stringify(world.shown.at(-1)?.blocks[1])).toContain("There are older ones");
    expect(world.latest).not.toContain("site-0");
  });
});
