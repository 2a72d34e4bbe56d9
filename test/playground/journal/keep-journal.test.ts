import { beforeEach, expect, test } from "vitest";
import type { AzureEvent } from "../../../src/playground/azure/admin/events.ts";
import type { LoggedRequest } from "../../../src/playground/azure/log/request-log.ts";
import { type Journal, keepJournal } from "../../../src/playground/journal/keep-journal.ts";
import { World } from "../../../src/playground/world/world.ts";
import { emptyWorld, type Message } from "../../../src/playground/world/world-model.ts";

let world: World;
let journal: Journal;
let tellAzure: (event: AzureEvent) => void;
beforeEach(() => {
  world = new World(emptyWorld(), () => new Date("2026-11-22T12:00:00Z"));
  journal = keepJournal(world, (listener) => {
    tellAzure = listener;
    return () => undefined;
  });
});

const place = { platform: "teams", conversation: "c" } as const;
const bot = { kind: "bot" } as const;
const cards = (words: string, title = "⏳ CR-1: Application traffic on for app-x") => [
  {
    body: [
      { type: "TextBlock", text: title },
      { type: "TextBlock", text: words },
    ],
  },
];
const seen = () => world.state.journal.map(({ kind, person, text }) => [kind, person, text]);

function asked(): Message {
  world.post({ ...place, id: "0", author: { kind: "person", person: "ben" }, text: "good evening" });
  world.post({ ...place, id: "1", author: { kind: "person", person: "robin" }, text: "route it" });
  world.post({ ...place, id: "2", author: { kind: "person", person: "ben" }, text: "what is this?" });
  return world.post({ ...place, id: "3", thread: "1", author: bot, cards: cards("Waiting for approval.") });
}

const armRequest = (differences: Partial<LoggedRequest>): AzureEvent => ({
  kind: "request",
  request: {
    sequence: 1,
    time: "2026-11-22T12:00:00Z",
    durationMs: 1,
    surface: "arm",
    method: "PATCH",
    path: "/",
    query: "",
    apiVersion: null,
    route: "sites/patch",
    site: "app-x",
    status: 200,
    end: "answered",
    principal: "routing",
    fault: null,
    requestId: "r",
    clientRequestId: null,
    requestBody: null,
    responseBody: null,
    ...differences,
  },
});

test("a request is asked for, decided, written and confirmed", () => {
  const card = asked();
  tellAzure(armRequest({ method: "GET", route: "sites/get" }));
  journal.clicking({ message: card, as: "robin", title: "Approve", times: 1 })({ kind: "text", text: "no" });
  journal.clicking({ message: card, as: "ana", title: "Approve", times: 2 })({ kind: "acknowledged" });
  tellAzure(armRequest({ status: null, end: "hung", fault: "hang" }));
  tellAzure(armRequest({ method: "POST", route: "sites/app-settings/list" }));
  tellAzure(armRequest({ site: "app-y" }));
  tellAzure(armRequest({ surface: "authority" }));
  world.note("bot", "The bot ended (SIGKILL).", "problem");
  world.revise(card, { text: "", blocks: [], cards: cards("Done. Read back.") });
  // A copy elsewhere that is redrawn later changes nothing.
  world.post({ ...place, id: "4", author: bot, cards: cards("Waiting for approval.") });
  tellAzure(armRequest({}));
  world.note("bot", "The bot is back.");
  expect(seen()).toEqual([
    ["asked", "robin", "route it"],
    ["card", null, "Waiting for approval."],
    ["click", "robin", "clicks Approve"],
    ["click", "robin", "is told: no"],
    ["click", "ana", "clicks Approve 2 times at once"],
    ["azure", null, "PATCH app-x: no answer (hung), ordered trouble: hang"],
    ["azure", null, "POST app-x app-settings/list: 200"],
    ["bot", null, "The bot ended (SIGKILL)."],
    ["card", null, "Done. Read back."],
  ]);
  expect(world.state.journal.filter(({ problem }) => problem)).toHaveLength(2);
});

test("a card that is drawn again with the same words is no news; a form counts as a click", () => {
  const card = asked();
  world.revise(card, { text: "", blocks: [], cards: cards("Waiting for approval.") });
  const view = { title: { type: "plain_text", text: "Reject CR-1" } };
  journal.submitting({ view, as: "ana", values: { reason: "not tonight" } });
  expect(seen().slice(2)).toEqual([["click", "ana", "sends the form: not tonight"]]);
});

test("the end of a temporary change was asked for by nobody, and what Azure is asked for it is seen", () => {
  const card = asked();
  world.revise(card, { text: "", blocks: [], cards: cards("Done. Read back.") });
  const title = "⏳ CR-2: End of CR-1, Application traffic off for app-x";
  world.post({ ...place, id: "5", thread: "1", author: bot, cards: cards("Approved. With CR-1.", title) });
  tellAzure(armRequest({}));
  expect(seen().slice(3)).toEqual([
    ["card", null, "Approved. With CR-1."],
    ["azure", null, "PATCH app-x: 200"],
  ]);
});

test("a request that a button makes is asked for by whoever pressed it, and not by an older message", () => {
  const card = asked();
  world.revise(card, { text: "", blocks: [], cards: cards("Done. Read back.") });
  journal.clicking({ message: card, as: "ana", title: "Undo CR-1", times: 1 })({ kind: "acknowledged" });
  const title = "⏳ CR-2: Undo of CR-1 for app-x";
  world.post({ ...place, id: "5", thread: "1", author: bot, cards: cards("Waiting for approval.", title) });
  expect(seen().slice(4)).toEqual([
    ["asked", "ana", "by the button Undo CR-1"],
    ["card", null, "Waiting for approval."],
  ]);
});

test("what names no request is not written down", () => {
  const message = world.post({ ...place, id: "1", author: bot, text: "Which one?" });
  journal.clicking({ message, as: "ana", title: "This one", times: 1 })({ kind: "text", text: "thanks" });
  journal.submitting({ view: {}, as: "ana", values: {} });
  world.note("bot", "The bot ended.", "problem");
  expect(seen()).toEqual([]);
});
