import { describe, expect, test } from "vitest";
import { accountKey } from "../../src/domain/actor.ts";
import type { Policy } from "../../src/domain/change/approval-policy.ts";
import { directChat, type MemoryChat } from "../support/flow-world.ts";
import { inSlack, slackChannel, TwoChats } from "../support/two-chats.ts";

const wish = "route all traffic for app-x";
const wentTo = ({ posted }: MemoryChat) => posted.map(({ place }) => place.conversation);
const state = async (world: TwoChats) => (await world.store.requests.get("CR-1"))?.state;

/** Ben has no account in Slack, Ana none in Teams. */
class Apart extends TwoChats {
  override get policy(): Policy {
    const policy = super.policy;
    const kept = { ana: "slack", ben: "teams" } as const;
    return {
      ...policy,
      people: policy.people.map((person) =>
        person.id === "ana" || person.id === "ben"
          ? {
              ...person,
              accounts: person.accounts.filter(
                ({ platform }) => platform === kept[person.id === "ana" ? "ana" : "ben"],
              ),
            }
          : person,
      ),
    };
  }
}

describe("one request in both chats", () => {
  test("an approver in Slack and one in Teams make the quorum, and every card shows it", async () => {
    const world = new Apart();
    world.rule = { ...world.rule, quorum: 2 };
    await world.sayInSlack("robin", wish);
    expect(wentTo(world.slack)).toEqual([slackChannel.conversation]);
    expect(wentTo(world.chat)).toEqual(["direct:ben"]);

    await world.clickInSlack("ana", "approve", "CR-1");
    await world.run();
    const inTeams = () =>
      world.chat.posted.find(({ key }) => key.startsWith("CR-1:card"))?.views.at(-1)?.summary;
    expect(inTeams()).toContain("One approval by Ben Becker");
    await world.click("ben", "approve", "CR-1");
    await world.run();
    expect(await state(world)).toBe("confirmed");
    for (const shown of [inTeams(), world.slack.posted[0]?.views.at(-1)?.summary]) {
      expect(shown).toContain("Approved by Ana Alvarez and Ben Becker");
    }
    expect(world.slack.posted.at(-1)?.views[0]?.summary).toContain(
      "CR-1, Application traffic (Route All) on for app-x: Done.",
    );
  });

  test("one person in both chats is one approval", async () => {
    const world = new TwoChats();
    world.rule = { ...world.rule, quorum: 2 };
    await world.sayInSlack("robin", wish);
    await world.clickInSlack("ana", "approve", "CR-1");
    await world.click("ana", "approve", "CR-1");
    expect((await world.store.requests.get("CR-1"))?.approvals).toHaveLength(1);
    expect(await state(world)).toBe("pending");
  });

  test("what an unlisted account asked for is not approved by somebody who may be behind it", async () => {
    const world = new Apart();
    world.rule = { ...world.rule, request: ["*"] };
    await world.sayInSlack("stranger", wish);
    expect(await world.click("ben", "approve", "CR-1")).toMatchObject({
      kind: "notice",
      text: expect.stringContaining("I cannot tell you apart from whoever asked"),
    });
    await world.clickInSlack("ana", "approve", "CR-1");
    await world.run();
    expect(await state(world)).toBe("confirmed");
  });
});

test("an unlisted requester who is in a directory's group is told apart no better", async () => {
  class WithMember extends Apart {
    override get policy(): Policy {
      const policy = super.policy;
      const account = inSlack("stranger");
      const id = accountKey(account);
      return { ...policy, people: [...policy.people, { id, name: "Sam", accounts: [account] }] };
    }
  }
  const world = new WithMember();
  world.rule = { ...world.rule, request: ["*"] };
  await world.sayInSlack("stranger", wish);
  expect(await world.click("ben", "approve", "CR-1")).toMatchObject({
    text: expect.stringContaining("I cannot tell you apart"),
  });
});

describe("the cards that approvers get in their own chats", () => {
  test("by default none where they see it anyway", async () => {
    const world = new TwoChats();
    await world.say("robin", wish);
    expect(wentTo(world.chat)).toEqual(["19:on-call"]);
    expect(wentTo(world.slack)).toEqual([]);
  });

  test("all of them, and not the requester, when the rule says so or it was asked in a direct chat", async () => {
    const world = new TwoChats();
    world.rule = { ...world.rule, notify: "direct", approve: ["robin", "ana", "ben"] };
    await world.say("robin", wish);
    expect(wentTo(world.chat).toSorted()).toEqual(["19:on-call", "direct:ana", "direct:ben"]);
    const direct = new TwoChats();
    await direct.say("robin", wish, directChat);
    expect(wentTo(direct.chat).toSorted()).toEqual(["a:direct", "direct:ana", "direct:ben"]);
    await direct.click("ana", "approve", "CR-1");
    await direct.run();
    for (const { key, views } of direct.chat.posted) {
      if (key.startsWith("CR-1:card")) expect(views.at(-1)?.tone).toBe("good");
    }
  });

  test("none when the rule says so", async () => {
    const world = new TwoChats();
    world.rule = { ...world.rule, notify: "never" };
    await world.say("robin", wish, directChat);
    expect(wentTo(world.chat)).toEqual(["a:direct"]);
  });
});

test("the requester is told the outcome alone when the conversation is gone", async () => {
  const world = new TwoChats();
  await world.say("robin", wish);
  await world.click("ana", "reject", "CR-1", "not now");
  // The card and the message to the conversation.
  world.chat.results.push({ kind: "gone", why: "archived" }, { kind: "gone", why: "archived" });
  await world.run();
  const alone = world.chat.posted.find(({ place }) => place.conversation === "direct:robin");
  expect(alone?.views[0]?.summary).toContain("Rejected by Ana Alvarez");
});
