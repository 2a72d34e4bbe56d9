import { expect, test } from "vitest";
import { sparing } from "../../src/flow/spare-conversations.ts";
import type { Place } from "../../src/ports/chat.ts";
import { MemoryChat, TestClock } from "../support/flow-world.ts";
import { views } from "../support/views.ts";

const placeOf = (conversation: string): Place => ({
  ...{ platform: "teams", tenant: "T", kind: "channel", conversation, address: "{}" },
});
const view = views.sentence;

test("a throttled conversation is left alone as long as the platform wants, and no other one is held up", async () => {
  const clock = new TestClock();
  const chat = new MemoryChat();
  const spared = sparing(chat, clock);
  const post = (conversation: string) => spared.post({ place: placeOf(conversation), view, key: "k" });
  chat.results.push({ kind: "retry", afterMs: 7_000, why: "429", throttled: true });
  expect(await post("busy")).toMatchObject({ kind: "retry", afterMs: 7_000 });
  clock.advance(2_000);
  expect(await post("busy")).toMatchObject({ kind: "retry", afterMs: 5_000 });
  expect(await spared.update({ place: placeOf("busy"), ref: "0", view })).toMatchObject({ kind: "retry" });
  expect(chat.posted).toHaveLength(0);
  expect(await post("quiet")).toMatchObject({ kind: "sent" });
  clock.advance(5_000);
  expect(await post("busy")).toMatchObject({ kind: "sent" });
  expect(chat.posted.map(({ place }) => place.conversation)).toEqual(["quiet", "busy"]);
});

test("one message that did not get through holds up no other one", async () => {
  const clock = new TestClock();
  const chat = new MemoryChat();
  const spared = sparing(chat, clock);
  chat.results.push({ kind: "retry", afterMs: 60_000, why: "no connection" });
  const post = () => spared.post({ place: placeOf("one"), view, key: "k" });
  expect(await post()).toMatchObject({ kind: "retry" });
  expect(await post()).toMatchObject({ kind: "sent" });
});
