import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formOfButton, modalOf } from "../../../src/adapters/slack/form.ts";
import { renderNotice, renderView } from "../../../src/adapters/slack/render-view.ts";
import { clean, clip, escapeText, escapeWithin, typedText } from "../../../src/adapters/slack/text.ts";
import { type Block, type Span, type Text, type View, verbs } from "../../../src/reply/view.ts";
import { views } from "../../support/views.ts";
import { readMessage, readModal } from "./read-message.ts";

const golden = (name: string) => `../../golden/slack/${name}.json`;
const asJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Text made of what means something to Slack, besides anything else. */
const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        "<!channel>",
        "<!here>",
        "<@U0ANA>",
        "<#C0ONCALL>",
        "<!subteam^S1>",
        "<https://evil.example|shop-web>",
        "https://evil.example",
        "&",
        "<",
        ">",
        "&lt;!channel&gt;",
        "*",
        "_",
        "~",
        "`",
        "```",
        "\n",
        "\t",
        "\u202e",
        "\ud83d",
        "👩‍🚀",
        ":fire:",
        " ",
        "word",
        "\u0000",
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join("")),
  fc
    .tuple(fc.constantFrom("&", "x", "👩‍🚀", "<!here> "), fc.integer({ min: 100, max: 5000 }))
    .map(([unit, times]) => unit.repeat(times)),
);
const span: fc.Arbitrary<Span> = fc.oneof(
  fc.record({ kind: fc.constantFrom("plain" as const, "strong" as const, "code" as const), text: nasty }),
  fc.record({
    kind: fc.constant("link" as const),
    text: nasty,
    url: fc.oneof(fc.webUrl({ validSchemes: ["https", "http"] }), fc.constant("javascript:alert(1)"), nasty),
  }),
);
const text: fc.Arbitrary<Text> = fc.oneof(nasty, fc.array(span, { maxLength: 6 }));
const many = { maxLength: 40 };
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant("paragraph" as const), text }),
  fc.record({
    kind: fc.constant("facts" as const),
    facts: fc.array(fc.record({ label: nasty, value: text }), many),
  }),
  fc.record({
    kind: fc.constant("table" as const),
    columns: fc.array(nasty, { minLength: 1, maxLength: 5 }),
    rows: fc.array(fc.array(text, { maxLength: 5 }), many),
  }),
  fc.record({
    kind: fc.constant("notes" as const),
    notes: fc.array(
      fc.record({ level: fc.constantFrom("info" as const, "warning" as const, "refusal" as const), text }),
      many,
    ),
  }),
  fc.record({ kind: fc.constant("list" as const), items: fc.array(text, many) }),
  fc.record({ kind: fc.constant("code" as const), text: nasty }),
);
const form = fc.record({
  title: nasty,
  label: nasty,
  submit: nasty,
  required: fc.boolean(),
  maxLength: fc.integer({ min: 1, max: 5000 }),
});
const action = fc.record(
  {
    verb: fc.constantFrom(...verbs),
    id: fc.stringMatching(/^[\w-]{1,64}$/),
    title: nasty,
    style: fc.constantFrom("primary" as const, "danger" as const),
    form,
  },
  { requiredKeys: ["verb", "id", "title"] },
);
const view: fc.Arbitrary<View> = fc.record(
  {
    tone: fc.constantFrom(
      "neutral" as const,
      "waiting" as const,
      "good" as const,
      "bad" as const,
      "attention" as const,
    ),
    title: nasty,
    blocks: fc.array(block, { maxLength: 30 }),
    actions: fc.array(action, { maxLength: 30 }),
    summary: nasty,
  },
  { requiredKeys: ["tone", "blocks", "actions", "summary"] },
);

function linkSpansOf(node: unknown): Extract<Span, { kind: "link" }>[] {
  if (typeof node !== "object" || node === null) return [];
  if ("kind" in node && node.kind === "link" && "url" in node && "text" in node) {
    return [{ kind: "link", url: String(node.url), text: String(node.text) }];
  }
  return Object.values(node).flatMap(linkSpansOf);
}

describe("a view in Slack", () => {
  it.each(Object.entries(views))("%s looks as agreed", async (name, one) => {
    const message = renderView(one);
    readMessage(message);
    await expect(asJson(message)).toMatchFileSnapshot(golden(name));
  });

  it("keeps within Slack's limits, whatever the view", () => {
    fc.assert(
      fc.property(view, (one) => void readMessage(renderView(one))),
      { numRuns: 150 },
    );
  });

  it("never notifies anybody, links or formats because of what somebody typed", () => {
    fc.assert(
      fc.property(view, (one) => {
        const { parsed, links } = readMessage(renderView(one));
        expect(parsed).toEqual([]);
        const ours = linkSpansOf(one).map(({ url }) => URL.parse(url)?.href);
        for (const { url } of links) expect(ours).toContain(url);
      }),
      { numRuns: 150 },
    );
  });

  it("shows every word of a view that fits", () => {
    const { shown } = readMessage(renderView(views.hostile));
    const paragraph = views.hostile.blocks[0];
    const words =
      paragraph?.kind === "paragraph" && typeof paragraph.text !== "string" ? paragraph.text[0]?.text : "";
    expect(shown).toContain(words);
    expect(shown).toContain("dropped");
  });

  it("says the tone by a mark before the title, else before the first words, or alone where there are none", () => {
    const first = (tone: View["tone"], title?: string, blocks: View["blocks"] = views.sentence.blocks) => {
      const view = { ...views.sentence, tone, blocks, ...(title ? { title } : {}) };
      return readMessage(renderView(view)).shown.split("\n")[0];
    };
    expect(first("bad", "Failed")).toBe("❌ Failed");
    expect(first("neutral", "Status")).toBe("Status");
    expect(first("waiting")).toBe("⏳ shop-web already routes all traffic. There is nothing to change.");
    expect(first("waiting", undefined, [{ kind: "list", items: ["one"] }])).toBe("⏳");
    expect(first("neutral")).toBe("shop-web already routes all traffic. There is nothing to change.");
  });

  it("shortens the longest part and says how much is missing, and keeps the rest", () => {
    const { shown, buttons } = readMessage(renderView(views.oversized));
    const left = Number(/… (\d+) more rows not shown\./.exec(shown)?.[1]);
    const rows = shown.match(/site-number-\d+-/g)?.length ?? 0;
    expect(rows).toBeGreaterThan(40);
    expect(rows + left).toBe(300);
    expect(shown).toContain("Ask for one site to see all of its flags.");
    expect(buttons).toHaveLength(1);
  });

  it("aligns a table that fits a phone, and lists the rows of a wider one", () => {
    const table = (rows: string[][]): View => ({
      ...views.sentence,
      blocks: [{ kind: "table", columns: ["Flag", "Now"], rows }],
    });
    expect(
      readMessage(
        renderView(
          table([
            ["allTraffic", "on"],
            ["x", "off"],
          ]),
        ),
      ).shown,
    ).toBe("Flag        Now\nallTraffic  on\nx           off");
    const wide = "a-name-that-takes-more-than-a-phone-is-wide";
    expect(readMessage(renderView(table([[wide, "on"]]))).shown).toBe(`${wide} · Now: on`);
  });

  it("counts action ids that would be the same, and hides no more than it says", () => {
    const actions = Array.from({ length: 27 }, (_, i) => ({
      verb: "confirm" as const,
      id: `p${i}`,
      title: `Site ${i}`,
    }));
    const { buttons, shown } = readMessage(renderView({ ...views.sentence, actions }));
    expect(buttons.map(({ actionId }) => actionId).slice(0, 3)).toEqual([
      "confirm",
      "confirm:2",
      "confirm:3",
    ]);
    expect(buttons).toHaveLength(25);
    expect(shown).toContain("… 2 more buttons not shown.");
  });

  it("shows the summary where there is nothing else, and not as markup", () => {
    const bare: View = { tone: "neutral", blocks: [], actions: [], summary: "*All* is <well>" };
    expect(readMessage(renderView(bare))).toMatchObject({ shown: "*All* is <well>", parsed: [] });
  });

  it("draws a notice", () => {
    expect(readMessage(renderNotice("<!here> *no*"))).toMatchObject({ shown: "<!here> *no*", parsed: [] });
  });
});

describe("a button's form", () => {
  const context = {
    v: 1,
    verb: "reject",
    target: "id",
    address: { v: 1, team: "T1", channel: "C1", thread: "1.1" },
  } as const;

  it("comes back from the button's row as it was", async () => {
    const { buttons } = readMessage(renderView(views["approval-request"]));
    const forms = buttons.map(({ blockId = "", actionId }) => formOfButton(blockId, actionId));
    const [approve, reject, cancel] = forms;
    expect([approve, cancel]).toEqual([undefined, undefined]);
    expect(reject).toEqual(views["approval-request"].actions[1]?.form);
    if (reject) await expect(asJson(modalOf(reject, context))).toMatchFileSnapshot(golden("reject-form"));
  });

  it("can be opened whatever its words", () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 5 }), (actions) => {
        const { buttons } = readMessage(renderView({ ...views.sentence, actions }));
        for (const [index, { form: wanted }] of actions.entries()) {
          const { blockId = "", actionId = "" } = buttons[index] ?? {};
          const found = formOfButton(blockId, actionId);
          expect(found === undefined).toBe(wanted === undefined);
          if (found) readModal(modalOf(found, context));
        }
      }),
      { numRuns: 150 },
    );
  });

  it("is not read from a row that somebody else made", () => {
    for (const id of ["", "b1", "form reject", "form reject {}", 'form reject ["a"]', "form approve []"]) {
      expect(formOfButton(id, "reject")).toBeUndefined();
    }
  });
});

describe("text", () => {
  it("comes back from Slack's escaping as it was typed", () => {
    fc.assert(
      fc.property(nasty, (typed) => {
        expect(typedText(escapeText(typed))).toBe(typed);
      }),
    );
  });

  it("is cut within its limit and never inside a character", () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 200 }), (typed, max) => {
        const cut = clip(clean(typed), max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut.isWellFormed()).toBe(true);
        const escaped = escapeWithin(typed, max);
        expect(escaped.length).toBeLessThanOrEqual(max);
        expect(escaped).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
      }),
    );
  });

  it("loses what would make it read differently from what it says", () => {
    expect(clean("a\u0000b\u202ec\ud800\r\nd\u2066")).toBe("abc\ufffd\nd");
  });
});
