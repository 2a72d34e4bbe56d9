import { describe, expect, test } from "vitest";
import type { Platform } from "../../src/domain/actor.ts";
import { type Told, tellPeople } from "../../src/flow/tell-people.ts";
import type { Chat } from "../../src/ports/chat.ts";
import { note } from "../../src/reply/answers.ts";
import { channel, FlowWorld, MemoryChat, type Who } from "../support/flow-world.ts";

const view = note("neutral", "CR-1 was put through without you.");
const about = channel;
const inSlack = { platform: "slack", tenant: "T1", user: "UANA" } as const;

/** Both chats; Ana has accounts in both, Ben in Teams, Cleo in Slack alone. */
function worldWithBothChats() {
  const world = new FlowWorld();
  const slack = new MemoryChat("slack");
  const chats = new Map<Platform, Chat>([
    ["teams", world.chat],
    ["slack", slack],
  ]);
  const { policy } = world;
  const [robin, ...others] = policy.people;
  const flow = {
    ...world.flow,
    chats,
    directory: {
      ...world.flow.directory,
      policy: async () => ({
        ...policy,
        people: [
          ...(robin ? [robin] : []),
          ...others.map((one) => (one.id === "ana" ? { ...one, accounts: [...one.accounts, inSlack] } : one)),
          { id: "cleo", name: "Cleo Chang", accounts: [{ ...inSlack, user: "UCLEO" }] },
        ],
      }),
    },
  };
  return { world, slack, flow };
}

function person(id: Who | "cleo" | "nobody"): Told {
  return { id, name: id };
}

async function tell(
  { world, flow }: ReturnType<typeof worldWithBothChats>,
  persons: readonly Told[],
  key = "note",
) {
  const owed = await tellPeople(flow, { key, about, persons, view });
  await flow.requests.record({ events: [], owed, jobs: [] });
  await world.run(flow);
}

const conversations = ({ posted }: MemoryChat) => posted.map(({ place }) => place.conversation);

describe("telling people, each alone", () => {
  test("everybody hears it once, on the platform of the conversation where they have an account there", async () => {
    const both = worldWithBothChats();
    await tell(both, [person("ana"), person("ben"), person("cleo"), person("ana")]);
    await tell(both, [person("ana")]);
    expect(conversations(both.world.chat).toSorted()).toEqual(["direct:ana", "direct:ben"]);
    expect(conversations(both.slack)).toEqual(["direct:UCLEO"]);
    expect(both.world.shown.map(({ summary }) => summary)).toEqual([view.summary, view.summary]);
  });

  test("an account that is known without the policy is used", async () => {
    const both = worldWithBothChats();
    const account = { platform: "teams", tenant: "tenant-1", user: "stranger" } as const;
    await tell(both, [{ id: "teams:tenant-1/stranger", name: "Sam", account }]);
    expect(conversations(both.world.chat)).toEqual(["direct:stranger"]);
  });

  test("who has no account anywhere is named in the conversation", async () => {
    const both = worldWithBothChats();
    await tell(both, [person("nobody"), person("ben")]);
    const said = both.world.chat.posted.find(({ place }) => place.conversation === about.conversation);
    expect(said?.views[0]?.summary).toBe(
      "I have no way to write to nobody directly. For them: CR-1 was put through without you.",
    );
  });

  test("who cannot be reached is named in the conversation, once, and nothing is tried for ever", async () => {
    const both = worldWithBothChats();
    both.world.chat.unreachable.add("ben");
    await tell(both, [person("ben")]);
    expect(both.world.chat.posted.map(({ place }) => place.conversation)).toEqual([about.conversation]);
    expect(both.world.latest).toBe(
      "I cannot write to ben directly in Teams. For them: CR-1 was put through without you.",
    );
    expect((await both.flow.outbox.get("note:to:ben"))?.dead).toBe(true);
  });

  test("a chat that is away is tried again, also while it is opened", async () => {
    const both = worldWithBothChats();
    both.world.chat.openings.push({ kind: "retry", afterMs: 30_000, why: "429" });
    await tell(both, [person("ben")]);
    expect(both.world.chat.posted).toEqual([]);
    both.world.clock.advance(30_000);
    await both.world.run(both.flow);
    expect(conversations(both.world.chat)).toEqual(["direct:ben"]);
  });
});

describe("a card for one person alone", () => {
  test("follows its request like every other card", async () => {
    const world = new FlowWorld();
    await world.say("robin", "route all traffic for app-x");
    const to = { account: { platform: "teams", tenant: "tenant-1", user: "ben" }, name: "Ben" } as const;
    const card = { kind: "card", key: "CR-1:card:to:ben", place: about, request: "CR-1", to } as const;
    await world.flow.requests.record({ events: [], owed: [card], jobs: [] });
    await world.run();
    expect(world.chat.posted.at(-1)?.place.conversation).toBe("direct:ben");
    await world.click("ana", "approve", "CR-1");
    await world.run();
    expect(world.chat.posted.find(({ key }) => key === card.key)?.views.at(-1)?.tone).toBe("good");
    expect(await world.flow.requests.originOf("CR-1")).toEqual(about);
  });

  test("that cannot be delivered is said in the conversation of the request", async () => {
    const world = new FlowWorld();
    world.chat.unreachable.add("ben");
    await world.say("robin", "route all traffic for app-x");
    const to = { account: { platform: "teams", tenant: "tenant-1", user: "ben" }, name: "Ben" } as const;
    const card = { kind: "card", key: "CR-1:card:to:ben", place: about, request: "CR-1", to } as const;
    await world.flow.requests.record({ events: [], owed: [card], jobs: [] });
    await world.run();
    expect(world.latest).toBe("I cannot write to Ben directly in Teams, so the card of CR-1 is not there.");
  });
});
