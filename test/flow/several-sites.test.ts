import { describe, expect, test } from "vitest";
import type { ChangeRequest } from "../../src/domain/change/change-request.ts";
import type { Failure } from "../../src/domain/failure.ts";
import { applyPlan } from "../../src/flow/apply-plan.ts";
import { FlowWorld } from "../support/flow-world.ts";
import { allFlagsOff, sampleSite, sampleTarget } from "../support/observations.ts";

const [appX, appY, appZ] = ["app-x", "app-y", "app-z"].map((name) => sampleTarget(name).resourceId);
if (!appX || !appY || !appZ) throw new Error("three sites");
const busy: Failure = { code: "azure-busy", message: "Busy." };
const denied: Failure = { code: "azure-denied", message: "Denied." };
const context = { signal: new AbortController().signal, attempt: 1 };

function world3(): FlowWorld {
  return new FlowWorld([sampleSite("app-x"), sampleSite("app-y"), sampleSite("app-z")]);
}

async function approved(text = "route all traffic for app-x, app-y and app-z"): Promise<FlowWorld> {
  const world = world3();
  await world.say("robin", text);
  await world.click("ana", "approve", "CR-1");
  return world;
}

async function ended(world: FlowWorld, id: `CR-${number}` = "CR-1"): Promise<ChangeRequest> {
  for (let round = 0; round < 80; round++) {
    await world.run();
    const request = await world.store.requests.get(id);
    if (request && !["pending", "approved", "applying", "verifying"].includes(request.state)) return request;
    const due = world.store.work.nextDue;
    if (!due) throw new Error(`stuck in ${request?.state}`);
    world.clock.advance(Math.max(due.getTime() - world.clock.now().getTime(), 1));
  }
  throw new Error("does not end");
}

const written = (world: FlowWorld) =>
  world.routing.calls.flatMap((call) => (call.method === "write" ? [call.resourceId] : []));
const text = (world: FlowWorld, title: string) =>
  JSON.stringify(world.shown.find((view) => view.title === title)?.blocks);

describe("asking for several sites", () => {
  test("makes one request with one card that shows all of them in order", async () => {
    const world = world3();
    await world.say("robin", "route all traffic for app-z, app-x");
    const [request, ...others] = await world.store.requests.listOpen({ limit: 5 });
    expect(others).toEqual([]);
    expect(request?.plan.entries.map(({ target }) => target.site)).toEqual(["app-z", "app-x"]);
    const card = JSON.stringify(world.card("CR-1").blocks);
    expect(card).toMatch(/1\. .*app-z.*2\. .*app-x/);
    expect(card).toContain(`--ids ${appX}`);
  });

  test("all of a group are its sites", async () => {
    const world = world3();
    await world.say("robin", "route all traffic for all apps in resource group rg-shop");
    const [request] = await world.store.requests.listOpen({ limit: 5 });
    expect(request?.plan.entries.map(({ target }) => target.site)).toEqual(["app-x", "app-y", "app-z"]);
  });

  test("a site that is so already is left out; one that cannot be changed refuses all", async () => {
    const some = new FlowWorld([
      sampleSite("app-x", { flags: { ...allFlagsOff, applicationTraffic: true } }),
      sampleSite("app-y"),
    ]);
    await some.say("robin", "route all traffic for app-x and app-y");
    const [request] = await some.store.requests.listOpen({ limit: 5 });
    expect(request?.plan.entries.map(({ target }) => target.site)).toEqual(["app-y"]);
    const none = new FlowWorld([sampleSite("app-x"), sampleSite("app-y", { integration: { kind: "none" } })]);
    await none.say("robin", "route all traffic for app-x and app-y");
    expect(none.latest).toContain("app-y is not joined to a virtual network");
    expect(none.latest).toContain(
      "None of the 2 sites was asked for because of it. To change the others, name them.",
    );
    expect(await none.store.requests.listOpen({ limit: 5 })).toEqual([]);
  });

  test("a site that the policy does not cover refuses all", async () => {
    const world = new FlowWorld([
      sampleSite("app-x"),
      sampleSite("app-y", { place: { resourceGroup: "rg-secret" } }),
    ]);
    await world.say("robin", "route all traffic for app-x and app-y");
    expect(world.latest).toContain("No rule of the policy covers app-y");
  });

  test("an open request for any of them refuses the same wish", async () => {
    const world = world3();
    await world.say("robin", "route all traffic for app-y");
    await world.say("robin", "route all traffic for app-x and app-y");
    expect(world.latest).toContain("CR-1 for app-y is open and asks for the same");
  });
});

describe("applying several sites", () => {
  test("goes in the order shown, and confirms each by its reading", async () => {
    const world = await approved();
    const request = await ended(world);
    expect(request.state).toBe("confirmed");
    expect(written(world)).toEqual([appX, appY, appZ]);
    for (const site of [appX, appY, appZ])
      expect(world.routing.site(site).flags.applicationTraffic).toBe(true);
    const told = text(world, "CR-1: confirmed");
    for (const name of ["app-x", "app-y", "app-z"]) expect(told).toContain(name);
  });

  test("stops at the first that fails, and tells what was done and what was not begun", async () => {
    const world = await approved();
    world.routing.order.write({ result: { kind: "accepted", receipt: { status: 200 } }, apply: "all" });
    world.routing.order.write({ result: { kind: "refused", failure: denied } });
    const request = await ended(world);
    expect(request).toMatchObject({
      state: "failed",
      outcomes: [{ kind: "confirmed" }, { kind: "not-applied" }],
    });
    expect(written(world)).toEqual([appX, appY]);
    expect(world.latest).toContain("1 of 3 steps done.");
    expect(world.latest).not.toContain("Nothing was changed");
    const told = text(world, "CR-1: partly done");
    expect(told).toContain("not begun");
  });

  test("when the first fails nothing was changed, and that is said", async () => {
    const world = await approved();
    world.routing.order.write({ result: { kind: "refused", failure: denied } });
    await ended(world);
    expect(world.latest).toContain("Nothing was changed.");
    expect(written(world)).toEqual([appX]);
  });

  test("any site that changed before the first write makes all of it stale", async () => {
    const world = await approved();
    world.routing.setFlags(appZ, { imagePullTraffic: true });
    expect(await ended(world)).toMatchObject({
      state: "stale",
      why: expect.stringContaining("app-z changed"),
    });
    expect(written(world)).toEqual([]);
  });

  test("a later site that changed in between is skipped and told; the others are done", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      world.routing.setFlags(appY, { imagePullTraffic: true });
      return { result: { kind: "accepted", receipt: { status: 200 } } };
    });
    const request = await ended(world);
    expect(request).toMatchObject({
      state: "failed",
      outcomes: [{ kind: "confirmed" }, { kind: "skipped" }, { kind: "confirmed" }],
    });
    expect(written(world)).toEqual([appX, appZ]);
    expect(world.latest).toContain("2 of 3 steps done.");
    expect(world.latest).toContain("app-y changed after the plan was made");
    expect(world.routing.site(appY).flags.applicationTraffic).toBe(false);
  });

  test("a worker that dies at the second site: the next one goes on there, and writes no site twice", async () => {
    const world = await approved();
    world.routing.order.write({ result: { kind: "accepted", receipt: { status: 200 } } });
    world.routing.order.write(() => {
      world.routing.setFlags(appY, { applicationTraffic: true });
      throw new Error("killed");
    });
    await expect(applyPlan(world.flow, "CR-1", context)).rejects.toThrow("killed");
    expect(await world.store.requests.get("CR-1")).toMatchObject({
      state: "applying",
      outcomes: [{ kind: "confirmed" }],
    });
    expect((await ended(world)).state).toBe("confirmed");
    expect(written(world)).toEqual([appX, appY, appZ]);
  });

  test("busy at the second site is asked again there", async () => {
    const world = await approved();
    world.routing.order.write({ result: { kind: "accepted", receipt: { status: 200 } } });
    world.routing.order.write({ result: { kind: "refused", failure: busy } });
    expect((await ended(world)).state).toBe("confirmed");
    expect(written(world)).toEqual([appX, appY, appY, appZ]);
  });

  test("an approver who loses the right stops the sites that are left", async () => {
    const world = await approved();
    world.routing.order.write(() => {
      world.rule = { ...world.rule, approve: ["ben"] };
      return { result: { kind: "accepted", receipt: { status: 200 } } };
    });
    expect(await ended(world)).toMatchObject({
      state: "failed",
      outcomes: [{ kind: "confirmed" }, { kind: "not-applied" }],
    });
    expect(written(world)).toEqual([appX]);
  });

  test("requests that share a site never are in work together, and go in the order of their approval", async () => {
    const world = world3();
    await world.say("robin", "route all traffic for app-x and app-y");
    await world.say("robin", "enable backup/restore over vnet for app-z and app-y");
    await world.click("ana", "approve", "CR-1");
    world.clock.advance(60_000);
    await world.click("ana", "approve", "CR-2");
    // The second one's worker is the first to wake up.
    expect(await applyPlan(world.flow, "CR-2", context)).toMatchObject({ kind: "again" });
    expect((await ended(world, "CR-1")).state).toBe("confirmed");
    // Its plan for app-y is out of date, and with it all of it.
    expect((await ended(world, "CR-2")).state).toBe("stale");
    expect(written(world)).toEqual([appX, appY]);
  });
});

describe("several rules", () => {
  test("whoever decides must be allowed to for each site; too few are refused at once", async () => {
    const world = new FlowWorld([
      sampleSite("app-x"),
      sampleSite("app-y", { place: { resourceGroup: "rg-other" } }),
    ]);
    const { rules, people } = world.policy;
    const other = {
      ...world.rule,
      name: "other",
      sites: { ...world.rule.sites, resourceGroups: ["rg-other"] },
    };
    let approvers = ["ben"];
    Object.defineProperty(world, "policy", {
      get: () => ({ version: "p", people, rules: [...rules, { ...other, approve: approvers }] }),
    });
    await world.say("robin", "route all traffic for app-x and app-y");
    await world.click("ana", "approve", "CR-1");
    expect((await world.store.requests.get("CR-1"))?.state).toBe("pending");
    await world.click("ben", "approve", "CR-1");
    expect((await world.store.requests.get("CR-1"))?.state).toBe("approved");
    approvers = ["olga"];
    await world.say("robin", "enable backup/restore over vnet for app-x and app-y");
    expect(world.latest).toContain("Too few people may decide for all of these sites together");
  });
});
