import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RequestId } from "../../src/domain/change/change-request.ts";
import type { ClarifyCommand, PartialRequest } from "../../src/domain/command.ts";
import { answerMessage } from "../../src/flow/answer-message.ts";
import { handlers } from "../../src/flow/handlers.ts";
import { saysTheSame } from "../../src/flow/says-the-same.ts";
import { completions } from "../../src/flow/thread-context.ts";
import { channel, directChat, FlowWorld } from "../support/flow-world.ts";
import { sampleSite } from "../support/observations.ts";

const otherThread = { ...channel, thread: "2" };
const noThread = {
  platform: "teams",
  tenant: "tenant-1",
  kind: "group",
  conversation: "19:g",
  address: "{}",
} as const;

function world(): FlowWorld {
  return new FlowWorld([
    sampleSite("app-x"),
    sampleSite("app-x/staging"),
    sampleSite("app-y"),
    sampleSite("app-y/staging"),
  ]);
}

/** What the latest request asks for, and for which site. */
async function wish(made: FlowWorld, id: RequestId) {
  const entry = (await made.store.requests.get(id))?.plan.entries[0];
  return entry && { site: entry.target.site, slot: entry.target.slot, changes: entry.changes };
}

describe("in a thread about a site", () => {
  test('"turn it off again" is the flag that was turned on', async () => {
    const made = world();
    await made.say("robin", "enable image pull for app-x");
    await made.click("ana", "approve", "CR-1");
    await made.run();
    await made.say("robin", "turn it off again");
    expect(await wish(made, "CR-2")).toEqual({
      site: "app-x",
      slot: undefined,
      changes: { imagePullTraffic: false },
    });
  });

  test('"same for app-y" is the same change of another site', async () => {
    const made = world();
    await made.say("robin", "enable image pull for app-x");
    await made.say("ana", "same for app-y");
    expect(await wish(made, "CR-2")).toMatchObject({ site: "app-y", changes: { imagePullTraffic: true } });
    expect((await made.store.requests.get("CR-2"))?.requester.id).toBe("ana");
  });

  test("what is said before the answer is there leans on what was said last all the same", async () => {
    const made = world();
    await made.say("robin", "enable image pull for app-x");
    await made.send("robin", "same for app-y");
    await made.send("robin", "and the staging slot");
    // The first of the two cannot be dealt with yet; the second one waits for it, a stop does not.
    const { policy } = made.flow.directory;
    let broken = true;
    const directory = {
      ...made.flow.directory,
      policy: async () => {
        if (broken) throw new Error("the policy file cannot be read");
        return policy();
      },
    };
    await made.store.work.start(handlers({ ...made.flow, directory }));
    expect(await made.store.work.runNext()).toMatchObject({ result: { kind: "failed" } });
    expect(await made.store.work.runNext()).toBeUndefined();
    broken = false;
    await made.send("ana", "freeze all");
    await made.run();
    expect(await made.store.stops.active()).toHaveLength(1);
    made.clock.advance(1000);
    await made.run();
    expect(await wish(made, "CR-2")).toMatchObject({ site: "app-y", slot: undefined });
    expect(await wish(made, "CR-3")).toMatchObject({ site: "app-y", slot: "staging" });
  });

  test('"same for app-y" after what was only tried is only tried', async () => {
    const made = world();
    await made.say("robin", "what would happen if we enable image pull for app-x?");
    await made.say("robin", "same for app-y");
    expect(made.latest).toContain("Dry run");
    expect(made.latest).toContain("app-y");
    expect(await made.store.requests.listOpen({ limit: 5 })).toEqual([]);
  });

  test('"status" asks for the site of the thread, and so does "is it routed?"', async () => {
    const made = world();
    await made.say("robin", "enable image pull for app-x");
    for (const text of ["status", "Status?", "is it routed?", "status of it"]) {
      await made.say("olga", text);
      expect(made.shown.at(-1)?.title).toBe("Outbound routing of app-x");
    }
  });

  test("a request without a site is for that of the thread", async () => {
    const made = world();
    await made.say("robin", "status of app-x");
    await made.say("robin", "turn on image pull");
    expect(await wish(made, "CR-1")).toMatchObject({ site: "app-x", changes: { imagePullTraffic: true } });
  });

  test('"turn it off for app-y" is the flag of the thread, on the site that is named', async () => {
    const made = world();
    await made.say("robin", "enable image pull for app-x");
    await made.say("robin", "enable it for app-y too");
    expect(await wish(made, "CR-2")).toMatchObject({ site: "app-y", changes: { imagePullTraffic: true } });
  });

  test.each([
    "do the same for app-y",
    "can you do the same thing for app-y?",
    "please do the same for app-y too",
  ])("%s is the same change of another site", async (text) => {
    const made = world();
    await made.say("robin", "enable image pull for app-x");
    await made.say("robin", text);
    expect(await wish(made, "CR-2")).toMatchObject({ site: "app-y", changes: { imagePullTraffic: true } });
  });

  test.each(["reverse it", "please do the opposite", "take it off the vnet again"])(
    "%s turns the flag of the thread around",
    async (text) => {
      const made = world();
      await made.say("robin", "enable image pull for app-x");
      await made.click("ana", "approve", "CR-1");
      await made.run();
      await made.say("robin", text);
      expect(await wish(made, "CR-2")).toMatchObject({ site: "app-x", changes: { imagePullTraffic: false } });
    },
  );

  test('"the opposite for app-y" is the flag of the thread the other way round, on the site that is named', async () => {
    const made = world();
    await made.say("robin", "disable image pull for app-x");
    await made.say("robin", "the opposite for app-y");
    expect(made.latest).toContain("app-y");
    const open = await made.store.requests.listOpen({ limit: 5 });
    expect(open.map((request) => request.plan.entries[0]?.changes)).toContainEqual({
      imagePullTraffic: true,
    });
  });

  test('"put it back for app-y" does not say where it was, and is asked back', async () => {
    const made = world();
    await made.say("robin", "enable image pull for app-x");
    await made.say("robin", "put it back for app-y");
    expect((await made.store.requests.listOpen({ limit: 5 })).map(({ id }) => id)).toEqual(["CR-1"]);
  });

  test.each(["and the staging slot", "same for the staging slot", "also slot staging, please"])(
    "%s: a slot without its site is one of the site spoken of last",
    async (text) => {
      const made = world();
      await made.say("robin", "enable backup for app-y");
      await made.say("robin", "enable image pull for app-x");
      await made.say("robin", text);
      expect(await wish(made, "CR-3")).toEqual({
        site: "app-x",
        slot: "staging",
        changes: { imagePullTraffic: true },
      });
    },
  );

  test("so it is in what the parser hands on half understood", async () => {
    const made = world();
    await made.say("robin", "status of app-x");
    const said = { id: "m", place: channel, text: "and the staging slot" };
    const clarify: ClarifyCommand = {
      kind: "clarify",
      code: "missing-flag",
      question: "Which flag?",
      suggestions: [],
      partial: { targets: [{ slot: "staging" }] },
    };
    expect(await completions(made.flow, said, clarify)).toMatchObject([
      { kind: "status", targets: [{ name: "app-x", slot: "staging" }] },
    ]);
  });

  test("asks when two sites could be meant, and the choice is carried out", async () => {
    const made = world();
    await made.say("robin", "enable image pull for app-x");
    await made.say("robin", "enable image pull for app-y");
    await made.say("robin", "turn it off again");
    const asked = made.shown.at(-1);
    expect(asked?.summary).toContain("2 things were spoken of here");
    expect(asked?.actions.map(({ title }) => title)).toEqual([
      "1. disable image pull for app-y in resource group rg-shop",
      "2. disable image pull for app-x in resource group rg-shop",
      "None of these",
    ]);
    expect(await wish(made, "CR-3")).toBeUndefined();
    await made.click("ana", "approve", "CR-1");
    await made.run();
    await made.click("robin", "pick", asked?.actions[1]?.id ?? "");
    await made.run();
    expect(await wish(made, "CR-3")).toMatchObject({ site: "app-x", changes: { imagePullTraffic: false } });
  });

  test("asks when two flags could be meant", async () => {
    const made = world();
    await made.say("robin", "enable image pull for app-x");
    await made.say("robin", "enable backup for app-x");
    await made.say("robin", "turn it off again");
    expect(made.shown.at(-1)?.actions).toHaveLength(3);
  });

  test.each([
    "don't turn it off again",
    "should we turn it off again?",
    "we turned it off again",
    "> turn it off again",
    "the opposite for app-y",
    "reverse it for app-y",
    "route app-y",
    "not the staging slot",
    "the staging slot off",
    "staging",
    "turn off app-y",
    "take it off the vnet for app-y",
    "app-y directly to the internet",
    "I did the same for app-y",
    "same for app-y, not app-x",
    "same for app-y tomorrow",
    "turn it off again if it fails",
  ])("%s: asks for nothing", async (text) => {
    const made = world();
    await made.say("robin", "route all traffic for app-x");
    await made.say("robin", text);
    expect(await made.store.requests.listOpen({ limit: 5 })).toHaveLength(1);
  });

  test("a name that was not found is no subject", async () => {
    const made = world();
    await made.say("robin", "enable image pull for app-q");
    await made.say("robin", "turn it off again");
    expect(made.latest).toContain("For which app");
  });

  test("a message that is answered again after a crash is not its own subject", async () => {
    const made = world();
    await made.say("robin", "enable image pull for app-x");
    await made.say("robin", "enable image pull for app-y");
    const id = await made.send("robin", "status of app-x");
    made.routing.order.observe(() => {
      throw new Error("killed");
    });
    await expect(answerMessage(made.flow, id, AbortSignal.timeout(5_000))).rejects.toThrow("killed");
    await made.run();
    expect(made.shown.at(-1)?.title).toBe("Outbound routing of app-x");
  });
});

describe("elsewhere", () => {
  test("another thread, and a chat without threads, is about nothing", async () => {
    const made = world();
    await made.say("robin", "enable image pull for app-x");
    await made.say("robin", "turn it off again", otherThread);
    expect(made.latest).toContain("For which app");
    await made.say("robin", "enable backup for app-x", noThread);
    await made.say("robin", "turn it off again", noThread);
    expect(made.latest).toContain("For which app");
  });

  test("in a direct chat the last subject counts for ten minutes", async () => {
    const made = world();
    await made.say("robin", "status of app-x", { ...directChat, thread: "1" });
    await made.say("robin", "status of app-y", { ...directChat, thread: "2" });
    made.clock.advance(9 * 60_000);
    await made.say("robin", "enable image pull", { ...directChat, thread: "3" });
    expect(await wish(made, "CR-1")).toMatchObject({ site: "app-y" });
    made.clock.advance(11 * 60_000);
    await made.say("robin", "turn it off again", { ...directChat, thread: "4" });
    expect(made.latest).toContain("For which app");
  });
});

describe("what says the same", () => {
  const targets: PartialRequest = { targets: [{ name: "app-y" }] };
  test.each(["same for app-y", "and app-y", "App-Y too", "also for app-y, please", "do the same for app-y."])(
    "%s",
    (text) => expect(saysTheSame(text, targets)).toBe(true),
  );
  test.each([
    "app-y off",
    "not app-y",
    "same for app-y?",
    "app-y again",
    "same for app-y and app-z",
    "was app-y",
  ])("not: %s", (text) => expect(saysTheSame(text, targets)).toBe(false));
  test("a word more, whatever it is, and it no longer does", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{3,12}$/), (word) => {
        fc.pre(!saysTheSame(`and ${word} app-y`, targets));
        expect(saysTheSame(`same for app-y ${word}`, targets)).toBe(false);
        expect(saysTheSame(`${word} same for app-y`, targets)).toBe(false);
      }),
    );
  });
});
