import { describe, expect, test } from "vitest";
import { renderView } from "../../../src/adapters/slack/render-view.ts";
import { renderCard } from "../../../src/adapters/teams/card/render-card.ts";
import type { ChangeRequest } from "../../../src/domain/change/change-request.ts";
import { isOpen, readCard, requestNamedIn } from "../../../src/playground/journal/read-card.ts";
import { World } from "../../../src/playground/world/world.ts";
import { emptyWorld, jsonObjectSchema, type Message } from "../../../src/playground/world/world-model.ts";
import { changeRequestCard } from "../../../src/reply/change-request-card.ts";
import type { View } from "../../../src/reply/view.ts";
import { approved, cancelled, pending } from "../../contract/change-requests-samples.ts";

/** The journal reads what the bot's cards say; these are the bot's real cards, as both chats get them. */

const objects = (parts: unknown) => jsonObjectSchema.array().parse(JSON.parse(JSON.stringify(parts)));

function posted(platform: "teams" | "slack", view: View): Message {
  const world = new World(emptyWorld(), () => new Date());
  const content =
    platform === "teams"
      ? { cards: objects([renderCard(view)]), text: view.summary }
      : { blocks: objects(renderView(view).blocks), text: view.summary };
  return world.post({ platform, conversation: "c", id: "1", author: { kind: "bot" }, ...content });
}

const waiting = pending(7);
const withdrawn = cancelled(waiting);

/** Requests in the states that need nothing of Azure; the page's tests see the others happen. */
const requests: readonly ChangeRequest[] = [
  waiting,
  approved(waiting),
  withdrawn,
  { ...withdrawn, state: "rejected", why: "not tonight" },
  { ...withdrawn, state: "expired", limit: "decide" },
  { ...withdrawn, state: "stale", why: "A flag was changed." },
];

describe.each(["teams", "slack"] as const)("in %s", (platform) => {
  test.each(requests)("the card of a $state request is read", (request) => {
    const reading = readCard(posted(platform, changeRequestCard(request)));
    expect(reading).toMatchObject({ request: "CR-7", state: request.state });
    expect(reading?.title).toBe(
      "All traffic (application and configuration) on, WEBSITE_VNET_ROUTE_ALL removed for shop-web",
    );
    expect(isOpen(request.state)).toBe(["pending", "approved"].includes(request.state));
  });

  test("words that nobody foresaw are shown as they are, and the request counts as open", () => {
    const view = {
      ...changeRequestCard(waiting),
      blocks: [{ kind: "paragraph", text: "On its way." }],
    } as const;
    const reading = readCard(posted(platform, view));
    expect(reading).toMatchObject({ state: "other", words: "On its way." });
    expect(isOpen(reading?.state ?? "")).toBe(true);
  });

  test("other messages about a request are not its card", () => {
    const view = { ...changeRequestCard(waiting), title: "Approve CR-7?" };
    expect(readCard(posted(platform, view))).toBeUndefined();
    expect(
      readCard({ ...posted(platform, changeRequestCard(waiting)), deletedAt: "2026-11-22T12:00:00Z" }),
    ).toBe(undefined);
  });
});

test("a request is found in the words of a message that names it", () => {
  expect(requestNamedIn("Approve CR-12?")).toBe("CR-12");
  expect(requestNamedIn("ACR-12, CR-")).toBeUndefined();
});
