import { describe, expect, test } from "vitest";
import { type ChannelBinding, homeOf } from "../../src/domain/channel-binding.ts";
import { isOwnSite } from "../../src/domain/own-site.ts";
import { sampleTarget } from "../support/observations.ts";

const onCall = { platform: "slack", tenant: "T1", conversation: "C1" } as const;
const bound = (binding: Partial<ChannelBinding>): ChannelBinding => ({
  channels: [onCall],
  subscriptions: ["*"],
  resourceGroups: ["*"],
  ...binding,
});
const target = sampleTarget("app-x", { resourceGroup: "RG-shop" });

describe("where a channel is at home", () => {
  test("nowhere, unless it is bound", () => {
    expect(homeOf([], onCall)).toBeUndefined();
    expect(homeOf([bound({})], { ...onCall, conversation: "C2" })).toBeUndefined();
    expect(homeOf([bound({})], { ...onCall, tenant: "T2" })).toBeUndefined();
    expect(homeOf([bound({})], { ...onCall, platform: "teams" })).toBeUndefined();
  });

  test("in groups and subscriptions whose names fit, by any of its bindings", () => {
    const isHome = (...bindings: readonly Partial<ChannelBinding>[]) =>
      homeOf(bindings.map(bound), onCall)?.(target);
    expect(isHome({ resourceGroups: ["rg-shop"] })).toBe(true);
    expect(isHome({ resourceGroups: ["rg-other"] })).toBe(false);
    expect(isHome({ subscriptions: ["prod*"] })).toBe(true);
    expect(isHome({ subscriptions: [target.subscriptionId] })).toBe(true);
    expect(isHome({ resourceGroups: ["rg-shop"], subscriptions: ["dev"] })).toBe(false);
    expect(isHome({ resourceGroups: ["rg-other"] }, { resourceGroups: ["rg-s*"] })).toBe(true);
  });

  test("a Teams channel needs no tenant, since its id is unique", () => {
    const channel = { platform: "teams", conversation: "19:a@thread.tacv2" } as const;
    expect(homeOf([bound({ channels: [channel] })], { ...channel, tenant: "t" })?.(target)).toBe(true);
  });
});

describe("the site that the bot runs on", () => {
  test.each([
    ["another name", { site: "app-y" }, false],
    ["its name", { site: "APP-X" }, true],
    ["its name in another group", { site: "app-x", resourceGroup: "rg-bots" }, false],
    ["its name in another subscription", { site: "app-x", subscriptionId: "other" }, false],
    ["all of it", { site: "app-x", resourceGroup: "rg-shop", subscriptionId: target.subscriptionId }, true],
  ])("%s", (_, own, expected) => {
    expect(isOwnSite(own, target)).toBe(expected);
    expect(isOwnSite(own, { ...target, slot: "staging" })).toBe(expected);
  });

  test("is none where it is not known", () => expect(isOwnSite(undefined, target)).toBe(false));
});
