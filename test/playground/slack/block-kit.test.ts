import { describe, expect, test } from "vitest";
import { checkBlocks, checkView } from "../../../src/playground/slack/block-kit.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
const button = (extra: object = {}) => ({ type: "button", text: plain("Go"), action_id: "go", ...extra });
const newId = () => "id";

describe("checkBlocks", () => {
  test("takes what bots send, and names blocks and elements that have no id", () => {
    const blocks = [
      { type: "header", text: plain("Title") },
      section("*x*"),
      { type: "section", fields: [plain("a"), plain("b")], accessory: { type: "button", text: plain("Go") } },
      { type: "context", elements: [{ type: "mrkdwn", text: "x" }] },
      { type: "divider" },
      { type: "actions", block_id: "mine", elements: [button({ style: "primary", value: "r-1" })] },
    ];
    const checked = checkBlocks(blocks, newId);
    expect(checked).toMatchObject({ ok: true });
    if (!checked.ok) return;
    expect(checked.blocks.map(({ block_id }) => block_id)).toEqual(["id", "id", "id", "id", "id", "mine"]);
    expect(checked.blocks[2]).toMatchObject({ accessory: { action_id: "id" } });
  });

  test.each([
    ["an unknown block", [{ type: "sektion" }]],
    ["an unknown property", [{ ...section("x"), colour: "red" }]],
    ["a section without words", [{ type: "section" }]],
    ["an empty text", [section("")]],
    ["a text of more than 3000", [section("x".repeat(3001))]],
    ["a header in mrkdwn", [{ type: "header", text: { type: "mrkdwn", text: "x" } }]],
    ["a header of more than 150", [{ type: "header", text: plain("x".repeat(151)) }]],
    [
      "a button text of more than 75",
      [{ type: "actions", elements: [button({ text: plain("x".repeat(76)) })] }],
    ],
    [
      "a button value of more than 2000",
      [{ type: "actions", elements: [button({ value: "x".repeat(2001) })] }],
    ],
    ["a style that does not exist", [{ type: "actions", elements: [button({ style: "positive" })] }]],
    ["more than 25 actions", [{ type: "actions", elements: Array.from({ length: 26 }, () => button()) }]],
    ["more than 10 fields", [{ type: "section", fields: Array.from({ length: 11 }, () => plain("x")) }]],
    ["more than 50 blocks", Array.from({ length: 51 }, () => ({ type: "divider" }))],
    [
      "a block id used twice",
      [
        { type: "divider", block_id: "a" },
        { type: "divider", block_id: "a" },
      ],
    ],
  ])("refuses %s", (_, blocks) => {
    expect(checkBlocks(blocks, newId)).toMatchObject({ ok: false, error: "invalid_blocks" });
  });

  test("refuses blocks that are too long together", () => {
    const blocks = Array.from({ length: 5 }, () => section("x".repeat(2900)));
    expect(checkBlocks(blocks, newId)).toMatchObject({ ok: false, error: "msg_blocks_too_long" });
  });
});

describe("checkView", () => {
  const input = {
    type: "input",
    label: plain("Why?"),
    element: { type: "plain_text_input", action_id: "t" },
  };
  const view = { type: "modal", title: plain("T"), submit: plain("OK"), blocks: [input] };

  test("takes a form", () => {
    expect(checkView(view, newId)).toMatchObject({ ok: true });
  });

  test.each([
    ["a title of more than 24", { ...view, title: plain("x".repeat(25)) }],
    ["inputs without a submit button", { ...view, submit: undefined }],
    ["metadata of more than 3000", { ...view, private_metadata: "x".repeat(3001) }],
    ["no blocks", { ...view, blocks: [] }],
  ])("refuses %s", (_, bad) => {
    expect(checkView(bad, newId)).toMatchObject({ ok: false });
  });
});
