import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Conversation, Playground, slackChannel, teamsChannel } from "../support/playground.ts";

let playground: Playground;
beforeAll(async () => {
  playground = await Playground.start();
});
afterAll(() => playground?.stop());

const journeys = [
  { where: teamsChannel, site: "app-x", urgent: "shop-web", verdict: "justified", found: "justified" },
  {
    where: slackChannel,
    site: "shop-api",
    urgent: "app-y",
    verdict: "not-justified",
    found: "not justified",
  },
] as const;

/** The number of the request that a card is about. */
const idOf = ({ plainText }: { readonly plainText: string }) => /CR-\d+/.exec(plainText)?.[0] ?? "";

describe.each(journeys)("in $where.platform", ({ where, site, urgent, verdict, found }) => {
  test("a freeze holds an approved change until it is lifted, and the cards say so", async () => {
    const card = await playground.ask(
      where,
      "robin",
      `route all traffic for ${site}`,
      "Waiting for approval",
    );
    const id = idOf(card);
    await playground.ask(where, "robin", `freeze ${site}`, "not among those who may stop changes");
    await playground.ask(where, "ana", `freeze ${site} because of the sale`, `Stopped: changes of ${site}`);
    await playground.sees(where, "robin", { id: card.id, contains: "are stopped by Ana Alvarez" });

    const { seq } = await playground.click(where, "ben", { on: card, action: "Approve" });
    await playground.sees(where, "robin", { after: seq, contains: `${id} is approved and waits` });
    const waiting = await playground.sees(where, "robin", { id: card.id, contains: "It waits: changes of" });
    // Links of remarks are actions, too, without a title.
    const buttons = waiting.actions.map(({ title }) => title).filter((title) => title !== "");
    expect(buttons).toEqual(["Cancel request"]);
    const status = await playground.ask(where, "olga", `status of ${site}`, "Outbound routing of");
    expect(status.plainText).toContain("are stopped by Ana Alvarez");
    expect((await playground.routing(site)).applicationTraffic).toBe(false);

    const lifted = await playground.ask(
      where,
      "ana",
      `unfreeze ${site}`,
      `No longer stopped: changes of ${site}`,
    );
    await playground.sees(where, "robin", { after: lifted.seq, contains: `${id}: confirmed` });
    expect((await playground.routing(site)).applicationTraffic).toBe(true);
  });

  test("break glass: asked twice, written without approval, told to who was skipped, reviewed by another", async () => {
    const wish = `break glass: route all traffic for ${urgent} because checkout is down`;
    const question = await playground.ask(where, "robin", wish, "Break glass for");
    const id = idOf(question);
    expect(question.plainText).toContain("Ana Alvarez and Ben Becker would be skipped");
    expect((await playground.routing(urgent)).applicationTraffic).toBe(false);

    const yes = `Yes, break the glass for ${id}`;
    const { seq } = await playground.click(where, "robin", { on: question, action: yes });
    await playground.sees(where, "robin", { after: seq, contains: `${id}: confirmed` });
    expect((await playground.routing(urgent)).applicationTraffic).toBe(true);
    const direct: Conversation = { platform: where.platform, conversation: "direct" };
    for (const skipped of ["ana", "ben"] as const) {
      const alone = await playground.sees(direct, skipped, { after: seq, contains: `${id}: break glass` });
      expect(alone.plainText).toContain("checkout is down");
    }
    const asked = await playground.sees(where, "ana", { after: seq, contains: "whether it was justified" });
    await playground.ask(where, "ben", "pending", "written without approval by Robin Reyes");

    const form = verdict === "justified" ? 0 : 1;
    await playground.fill(where, "ana", { on: asked, verb: verdict, text: "Looked at it.", form });
    const told = await playground.sees(where, "robin", {
      after: asked.seq,
      contains: `by Robin Reyes ${found}`,
    });
    expect(told.plainText).toContain("Looked at it.");
    const reviewed = await playground.sees(where, "ben", { id: asked.id, contains: "Ana Alvarez found" });
    expect(reviewed.actions).toEqual([]);
  });
});
