import { describe, expect, test } from "vitest";
import { readInvokeAnswer } from "../../../src/playground/teams/invoke-answer.ts";

const answered = (body: unknown, status = 200) =>
  readInvokeAnswer({ kind: "answered", status, headers: {}, body: JSON.stringify(body) });
const cardType = "application/vnd.microsoft.card.adaptive";
const card = { type: "AdaptiveCard", version: "1.5", body: [] };

describe("the answer to an invoke", () => {
  test("a card, a text or an error", () => {
    expect(answered({ statusCode: 200, type: cardType, value: card })).toEqual({ kind: "card", card });
    const text = { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "Done" };
    expect(answered(text)).toEqual({ kind: "text", text: "Done" });
    const error = {
      statusCode: 400,
      type: "application/vnd.microsoft.error",
      value: { code: "X", message: "No" },
    };
    expect(answered(error)).toEqual({ kind: "error", code: "X", message: "No" });
  });

  test.each([
    ["another HTTP status", answered({ statusCode: 200, type: cardType, value: card }, 500)],
    ["an empty body", answered("")],
    ["the card alone", answered(card)],
    [
      "a misspelt type",
      answered({ statusCode: 200, type: "application/vnd.microsoft.adaptive.card", value: card }),
    ],
    [
      "a card that Teams would not take",
      answered({ statusCode: 200, type: cardType, value: { ...card, version: "2.0" } }),
    ],
    ["silence", readInvokeAnswer({ kind: "no-answer", reason: "timeout" })],
  ])("%s is an error on the person's screen", (_, reply) => {
    expect(reply.kind).toBe("unusable");
  });
});
