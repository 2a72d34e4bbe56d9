import { beforeEach, describe, expect, test } from "vitest";
import { stepUpDoor } from "../../src/flow/step-up-door.ts";
import type { Reply } from "../../src/ports/chat.ts";
import type { StepUpDoor } from "../../src/ports/step-ups.ts";
import { people, type Who } from "../support/flow-world.ts";
import { MemorySignIn } from "../support/fresh-sign-in.ts";
import { inSlack, TwoChats } from "../support/two-chats.ts";

const minute = 60_000;
let world: TwoChats;
let signIn: MemorySignIn;
let door: StepUpDoor;

beforeEach(async () => {
  world = new TwoChats();
  world.rule = { ...world.rule, stepUp: true };
  signIn = new MemorySignIn();
  Object.assign(world.flow, { signIn });
  door = stepUpDoor(world.flow, signIn);
  await world.say("robin", "route all traffic for app-x");
});

const request = async () => {
  const found = await world.store.requests.get("CR-1");
  if (!found) throw new Error("no CR-1");
  return found;
};
const idOf = (reply: Reply): string => {
  if (reply.kind !== "notice" || !reply.link) throw new Error(`no link: ${JSON.stringify(reply)}`);
  return new URL(reply.link.url).searchParams.get("id") ?? "";
};
const signsIn = (who: Who, ago = 0) => {
  signIn.result = () => ({
    kind: "signed-in",
    account: people[who].account,
    at: new Date(world.clock.now().getTime() - ago),
  });
};
/** Opens the link and comes back from the directory. */
async function open(id: string) {
  const started = await door.start(id);
  if (started.kind === "page") return started.page;
  return door.finish({ query: `code=c&state=${started.state}`, browser: started.state });
}
const codes = () =>
  world.store.events.flatMap(({ kind, details }) => (kind === "refused" ? [details.code] : []));
const nothingCounted = async () => {
  expect((await request()).approvals).toEqual([]);
  expect(world.writes).toBe(0);
};

describe("an approval under a rule with step-up", () => {
  test("waits, visibly, and counts once the approver has signed in", async () => {
    const clicked = await world.click("ana", "approve", "CR-1");
    expect(clicked).toMatchObject({
      text: "Your approval of CR-1 counts once you have signed in again, before 2026-11-22 14:10 UTC.",
      link: { text: "Sign in to approve CR-1" },
    });
    await world.run();
    await nothingCounted();
    expect(JSON.stringify(world.card("CR-1"))).toContain(
      "Ana Alvarez's approval waits for their sign-in, until 2026-11-22 14:10 UTC",
    );
    signsIn("ana", minute);
    expect(await open(idOf(clicked))).toEqual({
      approved: true,
      text: "Ana Alvarez approved CR-1 (Application traffic (Route All) on for app-x). You can close this page.",
    });
    await world.run();
    expect((await request()).state).toBe("confirmed");
    expect((await request()).approvals).toMatchObject([
      { person: { id: "ana" }, surface: "button", signedIn: { account: people.ana.account } },
    ]);
    const kinds = world.store.events.map(({ kind }) => kind);
    expect(kinds.slice(0, 3)).toEqual(["opened", "sign-in-asked", "approval"]);
    expect(world.store.events[2]?.details).toMatchObject({
      stepUp: "teams:tenant-1/ana",
      authTime: "2026-11-22T13:59:00.000Z",
    });
  });

  test("its link is on no card but the approver's own", async () => {
    const clicked = await world.click("ana", "approve", "CR-1");
    const shown = async (who: Who) =>
      JSON.stringify(
        await world.receive({
          kind: "viewed",
          id: who,
          actor: people[who],
          place: {
            platform: "teams",
            tenant: "tenant-1",
            kind: "channel",
            conversation: "19:on-call",
            address: "{}",
          },
          target: "CR-1",
        }),
      );
    await world.run();
    expect(await shown("ana")).toContain(idOf(clicked));
    for (const other of ["ben", "robin", "olga"] as const) {
      expect(await shown(other)).toContain("Ana Alvarez's approval waits");
      expect(await shown(other)).not.toContain("step-up/start");
    }
    expect(JSON.stringify(world.chat.posted)).not.toContain("step-up/start");
    expect(JSON.stringify(world.store.events)).not.toContain(idOf(clicked));
  });

  test("by text, the question stays open and gives the same link again", async () => {
    await world.say("ana", "approve CR-1");
    const [yes] = world.shown.at(-1)?.actions ?? [];
    const first = idOf(await world.click("ana", "confirm", yes?.id ?? ""));
    expect(idOf(await world.click("ana", "confirm", yes?.id ?? ""))).toBe(first);
    signsIn("ana");
    expect((await open(first)).approved).toBe(true);
    expect((await request()).approvals).toMatchObject([{ surface: "text" }]);
  });

  test("given in Slack, counts with the Teams account of the same person", async () => {
    const clicked = await world.clickInSlack("ana", "approve", "CR-1");
    signsIn("ana");
    expect((await open(idOf(clicked))).approved).toBe(true);
    expect((await request()).approvals[0]?.account).toEqual(inSlack("ana"));
  });

  test("two of two, one at a time", async () => {
    world.rule = { ...world.rule, quorum: 2 };
    const [ana, ben] = [
      await world.click("ana", "approve", "CR-1"),
      await world.click("ben", "approve", "CR-1"),
    ];
    signsIn("ana");
    await open(idOf(ana));
    expect((await request()).state).toBe("pending");
    await world.run();
    expect(JSON.stringify(world.card("CR-1"))).not.toContain("Ana Alvarez's approval waits");
    expect(JSON.stringify(world.card("CR-1"))).toContain("Ben Becker's approval waits");
    signsIn("ben");
    await open(idOf(ben));
    await world.run();
    expect((await request()).state).toBe("confirmed");
  });
});

describe("nothing is counted", () => {
  let link: string;
  beforeEach(async () => {
    link = idOf(await world.click("ana", "approve", "CR-1"));
    signsIn("ana");
  });

  test("for somebody else who signs in, and the approver still can", async () => {
    signsIn("ben");
    expect((await open(link)).text).toBe(
      "The account that signed in is not one of Ana Alvarez's, so nothing was approved.",
    );
    await nothingCounted();
    expect(codes()).toEqual(["sign-in-of-another"]);
    signsIn("ana");
    expect((await open(link)).approved).toBe(true);
  });

  test("for a sign-in of more than five minutes ago, or of the future", async () => {
    signsIn("ana", 5 * minute + 1);
    expect((await open(link)).text).toContain("more than 5 minutes old");
    signsIn("ana", -2 * minute);
    expect((await open(link)).text).toContain("did not confirm");
    signIn.result = { kind: "stale" };
    expect((await open(link)).text).toContain("more than 5 minutes old");
    signIn.result = { kind: "failed", why: "no" };
    expect((await open(link)).approved).toBe(false);
    await nothingCounted();
    expect(codes()).toEqual(Array(4).fill("sign-in-failed"));
  });

  test("after ten minutes, also when they end during the sign-in", async () => {
    signIn.result = () => {
      world.clock.advance(10 * minute);
      return { kind: "signed-in", account: people.ana.account, at: world.clock.now() };
    };
    expect((await open(link)).text).toContain("time to sign in for CR-1 is over");
    expect(await open(link)).toMatchObject({ approved: false, text: expect.stringContaining("ran out") });
    await nothingCounted();
    expect(codes()).toEqual(["prompt-expired"]);
  });

  test("by a replay, by a sign-in that another one replaced, in another browser, or for an unknown link", async () => {
    const first = await door.start(link);
    const second = await door.start(link);
    if (first.kind !== "sign-in" || second.kind !== "sign-in") throw new Error("no sign-in");
    const back = (state: string, browser: string | undefined = state) =>
      door.finish({ query: `code=c&state=${state}`, browser });
    expect((await back(first.state)).approved).toBe(false);
    expect((await door.finish({ query: `code=c&state=${second.state}`, browser: undefined })).approved).toBe(
      false,
    );
    expect((await back(second.state, first.state)).text).toContain("not begun in this browser");
    expect((await door.finish({ query: "", browser: "" })).approved).toBe(false);
    expect((await open("guessed")).approved).toBe(false);
    await nothingCounted();
    expect((await back(second.state)).approved).toBe(true);
    const { approvals } = await request();
    expect((await back(second.state)).approved).toBe(false);
    expect((await open(link)).approved).toBe(false);
    expect((await request()).approvals).toEqual(approvals);
  });

  test("once the right, the account or the rule is gone, and the request ended", async () => {
    world.rule = { ...world.rule, approve: ["ben"] };
    expect((await open(link)).text).toContain("not an approver");
    await nothingCounted();
    expect(codes()).toEqual(["not-an-approver"]);
    await world.run();
    expect(JSON.stringify(world.card("CR-1"))).not.toContain("waits for their sign-in");

    world.rule = { ...world.rule, approve: ["ana", "ben"] };
    const again = idOf(await world.click("ana", "approve", "CR-1"));
    await world.click("robin", "cancel", "CR-1");
    expect((await open(again)).text).toContain("cancelled");
    await nothingCounted();
  });

  test("of two that race with one sign-in's step-up, but one", async () => {
    const started = await door.start(link);
    if (started.kind !== "sign-in") throw new Error("no sign-in");
    const query = `code=c&state=${started.state}`;
    const pages = await Promise.all([1, 2, 3].map(() => door.finish({ query, browser: started.state })));
    expect(pages.filter(({ approved }) => approved)).toHaveLength(1);
    expect((await request()).approvals).toHaveLength(1);
  });

  test("while Entra ID cannot be reached, and it can be tried again", async () => {
    signIn.reachable = false;
    expect((await open(link)).text).toContain("could not be reached");
    signIn.reachable = true;
    expect((await open(link)).approved).toBe(true);
  });
});

describe("refused at the click", () => {
  test("where nobody can sign in", async () => {
    Object.assign(world.flow, { signIn: undefined });
    expect(await world.click("ana", "approve", "CR-1")).toMatchObject({
      kind: "notice",
      text: expect.stringContaining("not set up (ROUTEBOT_STEPUP_CLIENT_ID)"),
    });
    await nothingCounted();
    expect(codes()).toEqual(["sign-in-impossible"]);
  });

  test("for somebody without a Teams account", async () => {
    const policy = world.policy;
    world.flow.directory.policy = async () => ({
      ...policy,
      people: policy.people.map((one) => ({
        ...one,
        accounts: one.accounts.filter(({ platform }) => one.id !== "ana" || platform === "slack"),
      })),
    });
    expect(await world.clickInSlack("ana", "approve", "CR-1")).toMatchObject({
      text: expect.stringContaining("no Teams account of yours"),
    });
    await nothingCounted();
  });

  test("for whoever may not approve at all, before any sign-in", async () => {
    for (const who of ["robin", "olga"] as const) {
      expect(await world.click(who, "approve", "CR-1")).not.toHaveProperty("link");
    }
    expect(await world.store.stepUps.waiting("CR-1")).toEqual([]);
  });

  test("when the glass is to be broken", async () => {
    world.rule = { ...world.rule, breakGlass: ["robin"] };
    await world.say("robin", "break glass: route all traffic for app-y because checkout is down");
    expect(world.latest).toContain("not among those who may have changes written without approval");
  });
});

test("approvals from before the rule asked for it do not count for the write", async () => {
  world.rule = { ...world.rule, stepUp: false };
  await world.click("ana", "approve", "CR-1");
  world.rule = { ...world.rule, stepUp: true };
  await world.run();
  expect((await request()).state).toBe("stale");
  expect(world.writes).toBe(0);
});
