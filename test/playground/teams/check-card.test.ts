import { describe, expect, test } from "vitest";
import { checkCard } from "../../../src/playground/teams/check-card.ts";

const card = (extra: object) => ({ type: "AdaptiveCard", version: "1.5", body: [], ...extra });
const body = (...elements: object[]) => card({ body: elements });

describe("checkCard", () => {
  test("takes a card as Teams bots send it", () => {
    const good = card({
      body: [
        { type: "TextBlock", text: "Route **all traffic**", wrap: true },
        { type: "FactSet", facts: [{ title: "Site", value: "app-x" }] },
        { type: "Input.Text", id: "reason", label: "Reason" },
      ],
      actions: [
        {
          type: "Action.Execute",
          title: "Approve",
          verb: "approve",
          data: { id: "1" },
          fallback: { type: "Action.Submit", title: "Approve", data: { id: "1" } },
        },
      ],
      refresh: { action: { type: "Action.Execute", verb: "refresh" }, userIds: ["29:1abc"] },
    });
    expect(checkCard(good)).toEqual([]);
  });

  test.each([
    ["another type", { type: "Card" }],
    ["no version", { type: "AdaptiveCard", body: [] }],
    ["a version that Teams does not render", card({ version: "1.6" })],
    ["an unknown element", body({ type: "TextBlok", text: "x" })],
    ["an unknown action", card({ actions: [{ type: "Action.Excute", title: "x" }] })],
    ["a wrong enum", body({ type: "TextBlock", text: "x", size: "huge" })],
    ["a text that is no text", body({ type: "TextBlock", text: 5 })],
    ["an input without an id", body({ type: "Input.Text" })],
    ["two inputs with one id", body({ type: "Input.Text", id: "a" }, { type: "Input.Text", id: "a" })],
    ["facts that are no list", body({ type: "FactSet", facts: "x" })],
    ["an Execute without a verb", card({ actions: [{ type: "Action.Execute", title: "x" }] })],
    [
      "a link that is not of the web",
      card({ actions: [{ type: "Action.OpenUrl", title: "x", url: "javascript:1" }] }),
    ],
    [
      "a refresh for an object id",
      card({ refresh: { action: { type: "Action.Execute", verb: "r" }, userIds: ["7c1d3a52"] } }),
    ],
    [
      "a refresh for more than 60 people",
      card({
        refresh: {
          action: { type: "Action.Execute", verb: "r" },
          userIds: Array.from({ length: 61 }, (_, index) => `29:${index}`),
        },
      }),
    ],
  ])("refuses %s", (_, bad) => {
    expect(checkCard(bad)).not.toEqual([]);
  });
});
