import fc from "fast-check";
import { expect, test } from "vitest";
import { renderView } from "../../src/adapters/slack/render-view.ts";
import { renderCard } from "../../src/adapters/teams/card/render-card.ts";
import { csvRow } from "../../src/cli/audit/csv.ts";
import type { View } from "../../src/reply/view.ts";
import { readMessage } from "../adapters/slack/read-message.ts";
import { buttonsOf, visibleText } from "../support/adaptive-card.ts";
import { chainOf } from "../support/audit-samples.ts";
import { parserFindings } from "../support/card-parser.ts";
import { channel, directChat, FlowWorld, people, type Who } from "../support/flow-world.ts";
import { sampleSite } from "../support/observations.ts";

/**
 * Words of others on their whole way: display names, reasons, names of subscriptions, regions and plans, through requests, decisions,
 * refusals and histories, to what both chats and the audit show. Each result is read by a reader that shares no code with what drew it.
 */

const hostile = fc
  .array(
    fc.constantFrom(
      ..."abc 1<>&*_~`|[](){}#@!:;,.'\"\\/$=+-\n\r\t",
      ...[
        "<!channel>",
        "<@U0ANA>",
        "<https://evil.example|click>",
        "&lt;!here&gt;",
        "<at>Ana</at>",
        "@everyone",
        ":fire:",
      ],
      ...[
        "[portal](https://evil.example)",
        "{{DATE(2020-01-01T00:00:00Z)}}",
        "$(injected)",
        "=HYPERLINK(1)",
        "`code`",
        "CR-1",
      ],
      ...[
        "\u202e",
        "\u2066",
        "\u200b",
        "\u2028",
        "\u0000",
        "\u001b[31m",
        "\u009b2J",
        "\ud83d",
        "approved by Ana Alvarez",
      ],
    ),
    { minLength: 1, maxLength: 10 },
  )
  .map((parts) => parts.join(""));

type Words = Readonly<
  Record<"requester" | "decider" | "outsider" | "reason" | "subscription" | "region" | "sku", string>
>;
const words: fc.Arbitrary<Words> = fc.record({
  requester: hostile,
  decider: hostile,
  outsider: hostile,
  reason: hostile,
  subscription: hostile,
  region: hostile,
  sku: hostile,
});

async function everythingShown(
  said: Words,
): Promise<{ readonly views: readonly View[]; readonly world: FlowWorld }> {
  const world = new FlowWorld([
    sampleSite("app-x", {
      place: { subscriptionName: said.subscription },
      location: said.region,
      sku: said.sku,
    }),
    sampleSite("app-y", { place: { subscriptionName: said.subscription } }),
  ]);
  let count = 0;
  const names: Readonly<Partial<Record<Who, string>>> = {
    robin: said.requester,
    ana: said.decider,
    olga: said.outsider,
  };
  const as = (who: Who) => ({ ...people[who], displayName: names[who] ?? who });
  const next = () => `n${++count}`;
  const replies: View[] = [];
  const say = async (who: Who, text: string, place = channel) => {
    await world.receive({ kind: "message", id: next(), actor: as(who), place, text });
    await world.run();
  };
  const click = async (who: Who, verb: "approve" | "reject", input?: string) => {
    const base = { kind: "click", id: next(), actor: as(who), place: channel, verb, target: "CR-1" } as const;
    const reply = await world.receive({ ...base, ...(input === undefined ? {} : { input }) });
    if ("view" in reply && reply.view) replies.push(reply.view);
    await world.run();
  };
  await say("robin", `route all traffic for app-x because ${said.reason}`);
  if (!world.chat.posted.some(({ key }) => key === "CR-1:card"))
    await say("robin", "route all traffic for app-x");
  await click("olga", "approve");
  await click("ana", "reject", `Because ${said.reason}`);
  await say("robin", "history of CR-1");
  await say("robin", "status of app-x");
  await say("ana", "pending");
  await say("ana", `reject CR-1 because ${said.reason}`, directChat);
  await say("olga", `${said.reason} app-x`);
  return { views: [...world.chat.posted.flatMap(({ views }) => views), ...replies], world };
}

const ourIds = /^(CR-\d+|id-\d+(\.\d+)?)$/;

function elements(node: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(node)) return node.flatMap(elements);
  if (typeof node !== "object" || node === null) return [];
  return [{ ...node }, ...Object.values(node).flatMap(elements)];
}

test("in Teams they are words: no element, link, mention or button of their making", async () => {
  await fc.assert(
    fc.asyncProperty(words, async (said) => {
      for (const view of (await everythingShown(said)).views) {
        const card: unknown = JSON.parse(JSON.stringify(renderCard(view)));
        expect(parserFindings(card)).toEqual([]);
        const all = elements(card);
        expect(
          all.filter(({ type }) => type === "TextBlock" || type === "FactSet" || type === "Image"),
        ).toEqual([]);
        expect(
          all.filter(({ url }) => url !== undefined && !String(url).startsWith("https://portal.azure.com/")),
        ).toEqual([]);
        expect(JSON.stringify(card)).not.toContain('"mention"');
        expect(visibleText(card)).not.toMatch(/\{\{|\]\(|[\u202a-\u202e\u2066-\u2069]/);
        for (const { data, card: form } of buttonsOf(card))
          if (!form) expect(String(data?.id)).toMatch(ourIds);
      }
    }),
    { numRuns: 25 },
  );
});

test("in Slack they notify, link and format nothing", async () => {
  await fc.assert(
    fc.asyncProperty(words, async (said) => {
      for (const view of (await everythingShown(said)).views) {
        const { parsed, links, buttons } = readMessage(renderView(view));
        expect(parsed).toEqual([]);
        for (const { url } of links) expect(url).toMatch(/^https:\/\/portal\.azure\.com\//);
        for (const { value } of buttons) expect(value).toMatch(ourIds);
      }
    }),
    { numRuns: 25 },
  );
});

test("in the audit they are what was said, one row each, and they approve nothing", async () => {
  await fc.assert(
    fc.asyncProperty(words, async (said) => {
      const { world } = await everythingShown(said);
      expect(world.writes).toBe(0);
      expect(world.store.events.filter(({ kind }) => kind === "approval")).toEqual([]);
      for (const record of chainOf(world.store.events)) {
        const row = csvRow(record);
        expect(row.match(/"(?:[^"]|"")*"(?:,|\r\n$)/g)).toHaveLength(16);
        expect(
          [...row.slice(0, -2)].filter(
            (one) => /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(one) && one !== "\t",
          ),
        ).toEqual([]);
      }
      const rejected = world.store.events.find(({ to }) => to === "rejected");
      expect(rejected?.person?.name).toBe(said.decider);
    }),
    { numRuns: 15 },
  );
});
