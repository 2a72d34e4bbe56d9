import { expect, test } from "vitest";
import { readableMessage } from "../../../src/cli/tour/readable-message.ts";

const run = (text: string) => ({ type: "RichTextBlock", inlines: [{ type: "TextRun", text }] });

test("a message without parts is its text", () => {
  expect(readableMessage({ text: "one\ntwo", parts: [], buttons: [] })).toBe("one\ntwo");
});

test("an Adaptive Card reads as on the screen: facts beside each other, tables aligned, buttons once", () => {
  const card = {
    type: "AdaptiveCard",
    body: [
      { type: "Container", items: [run("Title")] },
      { type: "RichTextBlock", inlines: [{ type: "TextRun", text: "Waiting. " }, "One approval."] },
      {
        type: "ColumnSet",
        columns: [
          { type: "Column", items: [run("Site")] },
          { type: "Column", items: [run("app-x")] },
        ],
      },
      {
        type: "Table",
        rows: [
          { type: "TableRow", cells: [{ items: [run("Traffic")] }, { items: [run("Now")] }] },
          { type: "TableRow", cells: [{ items: [run("All")] }, { items: [run("off")] }] },
        ],
      },
      {
        type: "ActionSet",
        actions: [{ type: "Action.ShowCard", title: "Reject", card: { body: [run("Why?")] } }],
      },
    ],
  };
  expect(
    readableMessage({ text: "", parts: [card], buttons: ["Approve", "Reject", "Reject"] }).split("\n"),
  ).toEqual([
    "Title",
    "Waiting. One approval.",
    "Site: app-x",
    "Traffic  Now",
    "All      off",
    "[Approve] [Reject]",
  ]);
});

test("Block Kit reads as on the screen", () => {
  const blocks = [
    { type: "header", text: { type: "plain_text", text: "Title" } },
    {
      type: "rich_text",
      elements: [
        {
          type: "rich_text_section",
          elements: [
            { type: "text", text: "Done. " },
            { type: "text", text: "Yes." },
          ],
        },
        {
          type: "rich_text_list",
          style: "bullet",
          elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "one" }] }],
        },
        { type: "rich_text_preformatted", elements: [{ type: "text", text: "a  b\nc  d" }] },
      ],
    },
    { type: "actions", elements: [{ type: "button", text: { type: "plain_text", text: "Approve" } }] },
  ];
  expect(readableMessage({ text: "notification", parts: blocks, buttons: ["Approve"] }).split("\n")).toEqual([
    "Title",
    "Done. Yes.",
    "• one",
    "a  b",
    "c  d",
    "[Approve]",
  ]);
});
