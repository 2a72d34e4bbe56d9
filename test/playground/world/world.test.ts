import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { everybody } from "../../../src/playground/people.ts";
import { places } from "../../../src/playground/places.ts";
import { findActions, isSentToBot } from "../../../src/playground/world/clickable.ts";
import { World } from "../../../src/playground/world/world.ts";
import { keepWorldFile, readWorldFile } from "../../../src/playground/world/world-file.ts";
import { emptyWorld, type WorldChange } from "../../../src/playground/world/world-model.ts";
import { viewMessage } from "../../../src/playground/world/world-view.ts";

const now = () => new Date("2026-03-01T10:00:00Z");
const inTeams = { platform: "teams", conversation: "19:x@thread.v2", author: { kind: "bot" } } as const;
const text = (words: string) => ({ text: words, cards: [], blocks: [] });

test("an update is seen by everybody and ends what single people saw", () => {
  const world = new World(emptyWorld(), now);
  const card = { type: "AdaptiveCard", version: "1.5", body: [{ type: "TextBlock", text: "for Ana" }] };
  const message = world.post({ ...inTeams, id: "1", text: "first" });
  world.showInstead(message, "ana", [card]);
  expect(viewMessage(message, "ana")).toMatchObject({ ownView: true, plainText: "first\nfor Ana" });
  expect(viewMessage(message, "robin")).toMatchObject({ ownView: false, plainText: "first" });
  world.revise(message, text("second"));
  expect(viewMessage(message, "ana")).toMatchObject({ ownView: false, plainText: "second", revision: 1 });
  expect(message.earlier).toMatchObject([{ text: "first", revision: 0 }]);
  world.remove(message);
  expect(viewMessage(message, "ana")).toMatchObject({ deleted: true, plainText: "" });
});

test("a link in a text is no button; an action that opens a page is one", () => {
  const open = { type: "Action.OpenUrl", title: "Portal", url: "https://portal.azure.com" };
  const link = { type: "TextRun", text: "read on", selectAction: { ...open, title: "" } };
  const body = [{ type: "RichTextBlock", inlines: [link] }];
  expect(findActions([{ type: "AdaptiveCard", body }])).toEqual([]);
  expect(findActions([{ type: "AdaptiveCard", body, actions: [open] }])).toMatchObject([
    { clickable: { key: "0.actions.0", title: "Portal" } },
  ]);
});

test("every change has a number of its own, and a reset does not begin again", () => {
  const world = new World(emptyWorld(), now);
  const changes: WorldChange[] = [];
  const stop = world.listen((change) => changes.push(change));
  world.revise(world.post({ ...inTeams, id: "1" }), text("x"));
  world.note("bot", "something");
  world.reset();
  stop();
  world.note("bot", "unheard");
  expect(changes.map(({ kind, seq }) => [kind, seq])).toEqual([
    ["message", 1],
    ["message", 2],
    ["note", 3],
    ["reset", 4],
  ]);
  expect(world.state.messages).toEqual([]);
});

const hashes = ["a", "b", "c"].map((digit) => digit.repeat(64));
const told = (seq: number, hash = hashes[0] ?? "") => ({
  seq,
  hash,
  at: "2026-03-01T10:00:00.000Z",
  kind: "moved",
  request: "CR-1",
  from: "pending",
  to: "approved",
});

test("a record of the audit is kept once, by number; another one under its number is a contradiction", () => {
  const world = new World(emptyWorld(), now);
  const changes: WorldChange[] = [];
  world.listen((change) => changes.push(change));
  for (const seq of [2, 1, 2]) world.addAudit(told(seq));
  for (const hash of [hashes[1], hashes[1], hashes[0]]) world.addAudit(told(1, hash));
  expect(world.state.audit.map(({ seq, hash, otherHash }) => [seq, hash, otherHash])).toEqual([
    [1, hashes[0], hashes[1]],
    [2, hashes[0], null],
  ]);
  expect(changes.map((change) => change.kind === "audit" && change.record.seq)).toEqual([2, 1, 1]);
  world.reset();
  expect(world.state.audit).toEqual([]);
});

test("of a long audit the latest records are kept; an old line that is read again brings none back", () => {
  const world = new World(emptyWorld(), now);
  for (let seq = 1; seq <= 1002; seq += 1) world.addAudit(told(seq));
  const { seq } = world;
  world.addAudit(told(2));
  expect([world.state.audit.at(0)?.seq, world.state.audit.length, world.seq]).toEqual([3, 1000, seq]);
});

test("a file of before there was an audit or a journal is read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "routebot-world-"));
  const path = join(folder, "chats.json");
  const { audit: _, journal: __, ...before } = emptyWorld();
  await writeFile(path, JSON.stringify(before));
  expect(await readWorldFile(path)).toEqual(emptyWorld());
  await rm(folder, { recursive: true });
});

test("the file keeps everything, and one that cannot be read is an error", async () => {
  const folder = await mkdtemp(join(tmpdir(), "routebot-world-"));
  const path = join(folder, "chats.json");
  const world = new World(await readWorldFile(path), now);
  const file = keepWorldFile(path, world);
  world.post({ ...inTeams, id: "1", text: "kept" });
  world.addAudit(told(1));
  await file.close();
  expect(await readWorldFile(path)).toEqual(world.state);
  await writeFile(path, (await readFile(path, "utf8")).slice(0, 20));
  await expect(readWorldFile(path)).rejects.toThrow("--fresh");
  await rm(folder, { recursive: true });
});

test("people and places have ids of the platforms' forms, each once", () => {
  const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
  for (const { teams, slack } of everybody) {
    expect(teams.aadObjectId).toMatch(guid);
    expect(teams.mri).toMatch(/^29:1[A-Za-z0-9_-]+$/);
    expect(slack.userId).toMatch(/^U[A-Z0-9]{8}$/);
  }
  const ids = [
    ...everybody.flatMap(({ teams, slack }) => [teams.aadObjectId, teams.mri, teams.upn, slack.userId]),
    ...places.map(({ platform, id }) => `${platform} ${id}`),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

test("what can be read and clicked on a card is found wherever it stands", () => {
  const card = {
    type: "AdaptiveCard",
    version: "1.5",
    body: [
      {
        type: "Table",
        rows: [
          {
            type: "TableRow",
            cells: ["Image pull", "off", "on"].map((words) => ({
              type: "TableCell",
              items: [{ type: "TextBlock", text: words }],
            })),
          },
        ],
      },
      {
        type: "ActionSet",
        actions: [
          {
            type: "Action.ShowCard",
            title: "Reject",
            card: {
              type: "AdaptiveCard",
              body: [{ type: "Input.Text", id: "why", label: "Why?", isRequired: true }],
              actions: [
                {
                  type: "Action.Execute",
                  title: "Reject",
                  verb: "reject",
                  fallback: { type: "Action.Submit" },
                },
              ],
            },
          },
        ],
      },
    ],
  };
  const world = new World(emptyWorld(), now);
  const view = viewMessage(world.post({ ...inTeams, id: "1", cards: [card] }), "ana");
  expect(view.plainText).toBe("Image pull | off | on\n[Reject]\nWhy?\n[Reject]");
  expect(view.inputs).toEqual([{ id: "why", label: "Why?", type: "Input.Text", required: true }]);
  const sent = view.actions.filter(isSentToBot);
  expect(sent).toEqual([
    { key: "0.body.1.actions.0.card.actions.0", title: "Reject", type: "Action.Execute", verb: "reject" },
  ]);
});
