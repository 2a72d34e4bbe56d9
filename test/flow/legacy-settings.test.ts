import { describe, expect, test } from "vitest";
import { applyPlan } from "../../src/flow/apply-plan.ts";
import { FlowWorld } from "../support/flow-world.ts";
import {
  allFlagsOff,
  noLegacySettings,
  sampleSite,
  sampleTarget,
  unreadableLegacySettings,
} from "../support/observations.ts";

const appX = sampleTarget("app-x").resourceId;
const legacy = { ...noLegacySettings, WEBSITE_VNET_ROUTE_ALL: "on" } as const;
const context = { signal: new AbortController().signal, attempt: 1 };
const changed = (world: FlowWorld) =>
  world.routing.calls.flatMap(({ method }) => (method === "write" || method === "edit" ? [method] : []));

async function offApproved(): Promise<FlowWorld> {
  const world = new FlowWorld([
    sampleSite("app-x", { legacy, flags: { ...allFlagsOff, applicationTraffic: true } }),
  ]);
  await world.say("robin", "stop routing all traffic for app-x");
  await world.click("ana", "approve", "CR-1");
  return world;
}

describe("turning off what a legacy setting keeps on", () => {
  test("shows the removal as a line of its own, and the effective value after both", async () => {
    const world = await offApproved();
    const card = JSON.stringify(world.card("CR-1").blocks);
    expect(card).toContain("After the flags: remove ");
    expect(card).toContain("the site restarts");
    expect(card).toContain("az webapp config appsettings delete");
    expect(card).toContain('off"},{"kind":"plain","text":" · public');
  });

  test("writes the flags, then the setting, and confirms both", async () => {
    const world = await offApproved();
    await world.run();
    expect(changed(world)).toEqual(["write", "edit"]);
    expect(await world.store.requests.get("CR-1")).toMatchObject({
      state: "confirmed",
      outcomes: [{ kind: "confirmed" }, { kind: "confirmed" }],
    });
    expect(world.routing.site(appX).legacy.WEBSITE_VNET_ROUTE_ALL).toBe("absent");
  });

  test("a setting that cannot be removed is told apart from the flags, which were done", async () => {
    const world = await offApproved();
    world.routing.order.edit({
      result: {
        kind: "refused",
        failure: {
          code: "azure-denied",
          message: "Denied.",
          missingAction: "Microsoft.Web/sites/config/Write",
        },
      },
    });
    await world.run();
    expect(world.latest).toContain("1 of 2 steps done.");
    const told = JSON.stringify(world.shown.at(-1)?.blocks);
    expect(told).toContain("WEBSITE_VNET_ROUTE_ALL removed");
    expect(told).toContain("Microsoft.Web/sites/config/Write");
    expect(world.routing.site(appX).flags.applicationTraffic).toBe(false);
  });

  test("an accepted edit that does not read back is not success", async () => {
    const world = await offApproved();
    world.routing.order.edit({ result: { kind: "accepted", receipt: { status: 200 } }, apply: "nothing" });
    await world.run();
    expect(world.latest).toContain("Accepted but not applied");
  });

  test("that others changed in the same moment is said", async () => {
    const world = await offApproved();
    world.routing.order.edit({ result: { kind: "accepted", receipt: { status: 200, othersChanged: true } } });
    await world.run();
    expect(world.latest).toContain("Done.");
    expect(world.latest).toContain("Other app settings changed at the same moment");
  });

  test("a worker that dies after the edit: it is read back, not edited again", async () => {
    const world = await offApproved();
    world.routing.order.edit(() => {
      world.routing.editSettings(appX, { setting: "WEBSITE_VNET_ROUTE_ALL", to: "absent" });
      throw new Error("killed");
    });
    await expect(applyPlan(world.flow, "CR-1", context)).rejects.toThrow("killed");
    await world.run();
    expect(changed(world)).toEqual(["write", "edit"]);
    expect(world.latest).toContain("Done.");
  });

  test("only the setting is left: it alone is changed", async () => {
    const world = new FlowWorld([sampleSite("app-x", { legacy })]);
    await world.say("robin", "stop routing all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(changed(world)).toEqual(["edit"]);
    expect(world.latest).toContain("Done.");
  });
});

describe("what the traffic does after a change is not always certain", () => {
  test("turned off while the app settings are not readable: warned of before, and said with the confirmation", async () => {
    const on = { ...allFlagsOff, applicationTraffic: true };
    const world = new FlowWorld([sampleSite("app-x", { flags: on, legacy: unreadableLegacySettings })]);
    await world.say("robin", "stop routing application traffic for app-x");
    expect(JSON.stringify(world.card("CR-1").blocks)).toContain(
      "WEBSITE_VNET_ROUTE_ALL could not be read: where such an app setting is on, the traffic may stay in the virtual network",
    );
    await world.click("ana", "approve", "CR-1");
    await world.run();
    const certainly =
      "What the traffic does is not certain. Application traffic (Route All) of app-x: likely public";
    for (const said of [world.latest, world.card("CR-1").summary])
      expect(said).toContain(`Done. Approved by`);
    for (const said of [world.latest, world.card("CR-1").summary]) expect(said).toContain(certainly);
  });

  test("turned on while somebody takes the site out of its network: said with the confirmation", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    world.routing.order.write(() => {
      world.routing.change(sampleTarget("app-x").resourceId, { integration: { kind: "none" } });
      return { result: { kind: "accepted", receipt: { status: 200 } }, apply: "all" };
    });
    await world.run();
    expect(world.latest).toContain(
      "not certain. Application traffic (Route All) of app-x: no effect: not integrated (app-x is not joined to a virtual network).",
    );
  });

  test("turned on, or off without such a setting: it is, and nothing is said", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    await world.say("robin", "stop routing application traffic for app-x");
    await world.click("ana", "approve", "CR-2");
    await world.run();
    expect(world.shown.map(({ summary }) => summary).join()).not.toContain("not certain");
  });
});

describe("a legacy setting that is asked for by name", () => {
  test("is set, and the flags stay as they are", async () => {
    const world = new FlowWorld();
    await world.say("robin", "set WEBSITE_VNET_ROUTE_ALL=1 on app-x");
    expect(world.latest).toContain("WEBSITE_VNET_ROUTE_ALL set for app-x");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(changed(world)).toEqual(["edit"]);
    expect(world.routing.site(appX)).toMatchObject({
      legacy: { WEBSITE_VNET_ROUTE_ALL: "on" },
      flags: allFlagsOff,
    });
  });

  test("conflicts with an open request for the flag that it stands for", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x");
    await world.say("robin", "set WEBSITE_VNET_ROUTE_ALL=1 on app-x");
    expect(world.latest).toContain("CR-1 for app-x is open and asks for the same");
  });
});
