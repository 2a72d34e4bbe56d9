import { expect, test } from "vitest";
import type { SiteObservation } from "../../src/domain/routing/site-observation.ts";
import { handlers } from "../../src/flow/handlers.ts";
import { runSurvey } from "../../src/flow/run-survey.ts";
import type { ShareRequest } from "../../src/ports/chat.ts";
import { plainText } from "../../src/reply/words.ts";
import { channel, FlowWorld, MemoryChat } from "../support/flow-world.ts";
import { allFlagsOff, noLegacySettings, sampleSite } from "../support/observations.ts";

const on = { ...allFlagsOff, applicationTraffic: true };
const everything = { ...allFlagsOff, allTraffic: true };

function shop(count: number, differences: (index: number) => Partial<SiteObservation> = () => ({})) {
  return Array.from({ length: count }, (_, index) =>
    sampleSite(`app-${String(index).padStart(3, "0")}`, differences(index)),
  );
}

/** Everything that a view says. */
function textOf(view: FlowWorld["shown"][number] | undefined): string {
  if (!view) return "";
  const blocks = view.blocks.flatMap((block): readonly string[] => {
    switch (block.kind) {
      case "paragraph":
        return [plainText(block.text)];
      case "facts":
        return block.facts.map(({ label, value }) => `${label}: ${plainText(value)}`);
      case "table":
        return block.rows.map((row) => row.map(plainText).join(" | "));
      case "notes":
        return block.notes.map(({ text }) => plainText(text));
      case "list":
        return block.items.map(plainText);
      case "code":
        return [block.text];
      default:
        return block satisfies never;
    }
  });
  return [view.title ?? "", ...blocks].join("\n");
}

test("which sites fail the policies, from lists alone, in one message that becomes the result", async () => {
  const world = new FlowWorld([
    sampleSite("app-on", { flags: on }),
    sampleSite("app-all", { flags: everything }),
    sampleSite("app-off"),
    sampleSite("app-off/staging", { flags: everything }),
    sampleSite("app-alone", { integration: { kind: "none" } }),
  ]);
  await world.say("robin", "audit rg-shop");
  expect(world.chat.posted).toHaveLength(1);
  const text = textOf(world.shown[0]);
  expect(text).toContain("Outbound routing in resource group rg-shop");
  expect(text).toContain("3 of 5 sites do not comply with Azure's built-in routing policies.");
  expect(text).toContain("app-on | rg-shop | configuration | application");
  expect(text).toContain("app-off | rg-shop | application, configuration | likely nothing");
  expect(text).toContain("app-alone | rg-shop | application, configuration | nothing: not integrated");
  expect(text).not.toContain("app-all");
  expect(text).toContain("Without integration: 1 of 5");
  expect(text).toContain("App settings were not read");
  expect(world.routing.calls.map(({ method }) => method)).toEqual(["list"]);
});

test("which sites do not route a flag, over everything; slots and foreign sites are not among them", async () => {
  const world = new FlowWorld([
    sampleSite("app-off"),
    sampleSite("app-on", { flags: on }),
    sampleSite("app-on/staging"),
    sampleSite("secret-site", { place: { resourceGroup: "rg-secret" } }),
  ]);
  await world.say("robin", "which apps do not route all traffic");
  const text = textOf(world.shown[0]);
  expect(text).toContain("1 of 2 sites does not route application traffic (route all)");
  expect(text).toContain("Slots are not among them");
  expect(text).not.toContain("secret");
});

test("who may see nothing is shown nothing, not even how much there is", async () => {
  const world = new FlowWorld(shop(30));
  await world.say("olga", "list all apps");
  expect(textOf(world.shown[0])).toContain("There is no site that you may request or approve changes for.");
  expect(textOf(world.shown[0])).not.toMatch(/30|app-0/);
  expect(world.chat.posted).toHaveLength(1);
});

test("a right that is taken away in the middle ends what is seen there", async () => {
  const world = new FlowWorld(shop(30));
  world.routing.order.list(async () => {
    const page = await new FlowWorld(shop(30)).routing.listPage({ scopes: [] });
    world.rule = { ...world.rule, request: [], approve: [] };
    return page;
  });
  await world.say("robin", "list all apps");
  expect(textOf(world.shown[0])).toContain("There is no site");
});

test("legacy settings are read only when they are asked for, and that is said before", async () => {
  const world = new FlowWorld([
    sampleSite("app-new"),
    sampleSite("app-old", { legacy: { ...noLegacySettings, WEBSITE_VNET_ROUTE_ALL: "on" } }),
    sampleSite("app-odd", { legacy: { ...noLegacySettings, WEBSITE_CONTENTOVERVNET: "on-likely" } }),
  ]);
  await world.say("robin", "which sites in rg-shop use legacy settings");
  const [first] = world.chat.posted[0]?.views ?? [];
  expect(textOf(first)).toContain("one request a site");
  const text = textOf(world.shown[0]);
  expect(text).toContain("2 of 3 sites have a legacy routing setting among their app settings.");
  expect(text).toContain("app-old | rg-shop | WEBSITE_VNET_ROUTE_ALL on | application (likely)");
  expect(text).toContain("app-odd | rg-shop | WEBSITE_CONTENTOVERVNET looks on");
  expect(world.routing.calls.filter(({ method }) => method === "read-legacy")).toHaveLength(3);
});

test("app settings that cannot be read anywhere are not asked for site by site", async () => {
  const legacy = {
    WEBSITE_VNET_ROUTE_ALL: "unknown",
    WEBSITE_PULL_IMAGE_OVER_VNET: "unknown",
    WEBSITE_CONTENTOVERVNET: "unknown",
  } as const;
  const world = new FlowWorld(shop(80, () => ({ legacy })));
  await world.say("robin", "which sites use legacy settings");
  expect(textOf(world.shown[0])).toContain(
    "The app settings of 80 sites could not be read, so legacy settings there are not known",
  );
  const asked = world.routing.calls.filter(({ method }) => method === "read-legacy").length;
  expect(asked).toBeLessThan(40);
});

test("many sites: the first ones, how many more, and the rest in further messages where a chat takes no file", async () => {
  const world = new FlowWorld(shop(200));
  await world.say("robin", "list all apps");
  const [result, ...parts] = world.shown;
  expect(textOf(result)).toContain("… and 185 more.");
  expect(result?.summary).toContain("app-014 and 185 more");
  expect(parts).toHaveLength(6);
  expect(textOf(parts[0])).toContain("Sites 16 to 35 of 200 not compliant");
  expect(textOf(parts.at(-1))).toContain("85 more sites are not shown");
});

class FileChat extends MemoryChat {
  readonly files: ShareRequest[] = [];
  answer: "sent" | "refused" = "sent";
  readonly share = async (request: ShareRequest) => {
    if (this.answer === "refused") return { kind: "refused", why: "missing_scope" } as const;
    this.files.push(request);
    return { kind: "sent", ref: "file" } as const;
  };
}

test("where the chat takes files, every site is in one; its cells are no formulas", async () => {
  const hostile = sampleSite("app-zzz", {
    place: { resourceGroup: "rg-shop", subscriptionName: '=HYPERLINK("https://evil.example","x")' },
  });
  const world = new FlowWorld([...shop(40, (index) => (index % 2 ? { flags: everything } : {})), hostile]);
  const chat = new FileChat();
  const flow = { ...world.flow, chats: new Map([["teams", chat] as const]) };
  await runIn(world, flow, "list all apps");
  expect(chat.posted).toHaveLength(1);
  const [file] = chat.files;
  expect(file?.name).toBe("routing-2026-11-22T1400Z.csv");
  const lines = Buffer.from(file?.content ?? [])
    .toString("utf8")
    .split("\r\n");
  expect(lines).toHaveLength(43);
  expect(lines[0]).toMatch(/^\ufeff"site","resourceGroup","subscription"/);
  expect(lines[1]).toMatch(
    /^"app-000","rg-shop","Production","West Europe","PremiumV3","regional","yes","off"/,
  );
  expect(lines[41]).toContain(`"'=HYPERLINK(""https://evil.example"",""x"")"`);
});

test("an installation that may not share files gets messages instead", async () => {
  const world = new FlowWorld(shop(40));
  const chat = new FileChat();
  chat.answer = "refused";
  const flow = { ...world.flow, chats: new Map([["teams", chat] as const]) };
  await runIn(world, flow, "list all apps");
  expect(chat.posted).toHaveLength(3);
  expect(textOf(chat.posted[1]?.views.at(-1))).toContain("Sites 16 to 35 of 40");
});

async function runIn(world: FlowWorld, flow: FlowWorld["flow"], text: string): Promise<void> {
  await world.send("robin", text);
  await world.store.work.start(handlers(flow));
  await world.store.work.runAll();
}

test("Azure that is away for a while is waited for; progress is said meanwhile", async () => {
  const world = new FlowWorld(shop(30));
  const failed = {
    kind: "failed",
    failure: { code: "azure-throttled", message: "Slow down.", retryAfterMs: 7_000 },
  } as const;
  world.routing.order.list(async () => {
    world.clock.advance(6_000);
    return (await new FlowWorld(shop(30)).routing.listPage({ scopes: [] })) satisfies object;
  });
  world.routing.order.list(failed);
  await world.say("robin", "list all apps");
  expect(textOf(world.shown[0])).toContain("10 so far, 10 of them not compliant");
  world.clock.advance(7_000);
  await world.run();
  expect(textOf(world.shown[0])).toContain("30 of 30 sites");
});

test("Azure that stays away ends it: nothing is concluded from a part", async () => {
  const world = new FlowWorld(shop(30));
  const failure = { code: "azure-unreachable", message: "Azure could not be reached." } as const;
  for (let times = 0; times < 100; times++) world.routing.order.list({ kind: "failed", failure });
  await world.say("robin", "list all apps");
  for (let times = 0; times < 70; times++) {
    world.clock.advance(5_000);
    await world.run();
  }
  expect(textOf(world.shown[0])).toContain("Azure could not be reached. No site was read.");
  expect(world.shown[0]?.tone).toBe("bad");
});

test("a missing right ends it at once, with its name", async () => {
  const world = new FlowWorld(shop(3));
  const failure = { code: "azure-denied", message: "lacks the permission X/read." } as const;
  world.routing.order.list({ kind: "failed", failure });
  await world.say("robin", "list all apps");
  expect(textOf(world.shown[0])).toContain("lacks the permission X/read.");
});

test("a list that cannot be gone on with begins anew, and counts nothing twice", async () => {
  const world = new FlowWorld(shop(30));
  const first = await new FlowWorld(shop(30)).routing.listPage({ scopes: [] });
  world.routing.order.list(first);
  world.routing.order.list({ kind: "expired" });
  await world.say("robin", "list all apps");
  expect(textOf(world.shown[0])).toContain("30 of 30 sites");
});

test("a group that is not there is said", async () => {
  const world = new FlowWorld(shop(3));
  await world.say("robin", "audit rg-nowhere");
  expect(world.latest).toContain("I know no resource group rg-nowhere");
});

test("killed between two pages, whoever takes over goes on behind the last one", async () => {
  const world = new FlowWorld(shop(45));
  world.routing.order.list(() => {
    // Long enough for the page to be kept at once.
    world.clock.advance(6_000);
    return new FlowWorld(shop(45)).routing.listPage({ scopes: [] });
  });
  world.routing.order.list(() => Promise.reject(new Error("the process was killed")));
  await expect(world.say("robin", "list all apps")).rejects.toThrow("survey failed");
  const before = world.routing.calls.length;
  world.clock.advance(60_000);
  await world.run();
  expect(textOf(world.shown[0])).toContain("45 of 45 sites");
  // Four more pages of ten: the first is not read again.
  expect(world.routing.calls.length - before).toBe(4);
  const rows: string[] = [];
  const file = world.store.deliveries.map(({ owed }) => owed).find(({ kind }) => kind === "file");
  if (file?.kind !== "file") throw new Error("no file was owed");
  for await (const part of world.store.surveys.rows(file.survey))
    rows.push(...part.map(({ label }) => label));
  expect(new Set(rows).size).toBe(45);
  expect(rows).toHaveLength(45);
});

test("overtaken by one that had lost the job and stops: whoever has the job goes on, and the audit is not left behind", async () => {
  const world = new FlowWorld(shop(45));
  const page = () => new FlowWorld(shop(45)).routing.listPage({ scopes: [] });
  await world.send("robin", "list all apps");
  await world.store.work.start(handlers(world.flow));
  await world.store.work.runNext("handle-message");
  const job = world.store.work.waiting.map((one) => one.job).find((one) => one.kind === "survey");
  if (job?.kind !== "survey") throw new Error("no survey was begun");
  world.routing.order.list(async () => {
    world.routing.order.list(() => {
      // Long enough for the page to be kept at once.
      world.clock.advance(6_000);
      return page();
    });
    world.routing.order.list(() => Promise.reject(new Error("the job was taken over")));
    const context = { signal: new AbortController().signal, attempt: 1 };
    await expect(runSurvey(world.flow, job.survey, context)).rejects.toThrow("taken over");
    return page();
  });
  await world.run();
  world.clock.advance(60_000);
  await world.run();
  expect(textOf(world.shown[0])).toContain("45 of 45 sites");
});

test("killed while app settings are read, no site is asked twice but those of one step", async () => {
  const world = new FlowWorld(shop(10));
  const { readLegacy } = world.routing;
  let reads = 0;
  const routing = {
    ...world.routing,
    readLegacy: async (...args: Parameters<typeof readLegacy>) => {
      reads += 1;
      if (reads === 3) throw new Error("the process was killed");
      return readLegacy(...args);
    },
  };
  const flow = { ...world.flow, routing };
  await runIn(world, flow, "which sites use legacy settings");
  world.clock.advance(60_000);
  await world.store.work.runAll();
  expect(textOf(world.shown[0])).toContain("0 of 10 sites have a legacy routing setting");
});

test("two workers on one survey: the second does nothing more", async () => {
  const world = new FlowWorld(shop(30));
  const { runSurvey } = await import("../../src/flow/run-survey.ts");
  let other: Promise<unknown> | undefined;
  world.routing.order.list(async () => {
    const id = world.store.deliveries[0]?.owed.key.replace(":progress", "") ?? "";
    const context = { signal: new AbortController().signal, attempt: 2 };
    other = runSurvey(world.flow, id, context);
    await other;
    return new FlowWorld(shop(30)).routing.listPage({ scopes: [] });
  });
  await world.say("robin", "list all apps");
  expect(textOf(world.shown[0])).toContain("30 of 30 sites");
  expect(world.chat.posted.filter(({ key }) => key.endsWith(":progress"))).toHaveLength(1);
});

test("sites that are named one by one are answered as a status", async () => {
  const world = new FlowWorld();
  await world.say("robin", "audit app-x", channel);
  expect(world.latest).toContain("Outbound routing of app-x");
});

test("the status of several sites is one table", async () => {
  const world = new FlowWorld([
    sampleSite("app-x", { flags: on }),
    sampleSite("app-y", { legacy: { ...noLegacySettings, WEBSITE_PULL_IMAGE_OVER_VNET: "on" } }),
    sampleSite("app-z", { integration: { kind: "none" }, flags: everything }),
  ]);
  await world.say("robin", "status of all apps in rg-shop");
  const view = world.shown[0];
  expect(view?.blocks.filter(({ kind }) => kind === "table")).toHaveLength(1);
  const text = textOf(view);
  expect(text).toContain("Outbound routing of 3 sites");
  expect(text).toContain("app-x | rg-shop | application");
  expect(text).toContain("app-y | rg-shop | image pull (likely)");
  expect(text).toContain("app-z | rg-shop | nothing: not integrated (stored on: everything)");
  expect(text).toContain("Legacy app settings are set on app-y");
});

test("a site that cannot be read does not hide the others", async () => {
  const world = new FlowWorld();
  world.routing.order.observe({
    kind: "failed",
    failure: { code: "azure-denied", message: "Routebot's identity may not do this." },
  });
  await world.say("robin", "status of app-x and app-y");
  const text = textOf(world.shown[0]);
  expect(text).toContain("app-x: Routebot's identity may not do this.");
  expect(text).toContain("app-y | rg-shop | nothing");
});
