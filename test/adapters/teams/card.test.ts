import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cardBytes, maxCardBytes, renderCard } from "../../../src/adapters/teams/card/render-card.ts";
import type { Block, Span, View } from "../../../src/reply/view.ts";
import { buttonsOf, press, visibleText } from "../../support/adaptive-card.ts";
import { parserFindings } from "../../support/card-parser.ts";
import { views } from "../../support/views.ts";

type Json = Readonly<Record<string, unknown>>;
const plain = (view: View): Json => JSON.parse(JSON.stringify(renderCard(view)));

/** Every object in a card that has a `type`. */
function elements(node: unknown): Json[] {
  if (Array.isArray(node)) return node.flatMap(elements);
  if (typeof node !== "object" || node === null) return [];
  const below = Object.values(node).flatMap(elements);
  return "type" in node ? [{ ...node }, ...below] : below;
}

/** All that a card of ours may be made of. `TextBlock` and `FactSet` are not: Teams takes their texts for Markdown. */
const elementTypes = new Set([
  "AdaptiveCard",
  "Container",
  "ColumnSet",
  "Column",
  "RichTextBlock",
  "TextRun",
  "Table",
  "TableRow",
  "TableCell",
  "ActionSet",
  "Input.Text",
  "Action.Execute",
  "Action.Submit",
  "Action.ShowCard",
  "Action.OpenUrl",
]);

/** What the parser does not look at. */
function ownFindings(card: Json): string[] {
  const found = elements(card);
  const findings: string[] = [];
  for (const { type } of found) {
    if (!elementTypes.has(String(type))) findings.push(`unexpected ${type}`);
  }
  const inputs = found.filter(({ type }) => type === "Input.Text").map(({ id }) => id);
  if (inputs.some((id) => typeof id !== "string" || id === "")) findings.push("an input without id");
  if (new Set(inputs).size !== inputs.length) findings.push("two inputs with one id");
  for (const block of found.filter(({ type }) => type === "RichTextBlock")) {
    if (!Array.isArray(block.inlines) || block.inlines.length === 0) findings.push("a text without runs");
  }
  for (const table of found.filter(({ type }) => type === "Table")) {
    const { columns, rows } = table;
    if (!Array.isArray(columns) || !Array.isArray(rows)) findings.push("a table without columns or rows");
    else if (rows.some(({ cells }) => cells.length !== columns.length)) findings.push("a ragged table");
  }
  for (const { type, fallback, verb, data } of found) {
    if (type !== "Action.Execute") continue;
    const submit = elements(fallback)[0];
    if (JSON.stringify(submit?.data) !== JSON.stringify({ verb, ...(typeof data === "object" && data) })) {
      findings.push("a button whose fallback does something else");
    }
  }
  for (const { type, url } of found) {
    if (type === "Action.OpenUrl" && !String(url).startsWith("https://")) findings.push(`a link to ${url}`);
  }
  return findings;
}

describe("the Adaptive Card of a view", () => {
  describe.each(Object.entries(views))("%s", (name, view) => {
    it("is drawn as on file", async () => {
      await expect(`${JSON.stringify(renderCard(view), null, 2)}\n`).toMatchFileSnapshot(
        `../../golden/teams/${name}.json`,
      );
    });

    it("is right for Microsoft's parser and by our own rules, and small enough", () => {
      const card = plain(view);
      expect(parserFindings(card)).toEqual([]);
      expect(ownFindings(card)).toEqual([]);
      expect(card.version).toBe("1.5");
      expect(cardBytes(renderCard(view))).toBeLessThanOrEqual(maxCardBytes);
    });
  });

  it("is looked at by a parser that finds mistakes", () => {
    expect(parserFindings({ type: "AdaptiveCard", version: "1.5", body: [{ type: "NoSuch" }] })).not.toEqual(
      [],
    );
    expect(ownFindings({ type: "AdaptiveCard", body: [{ type: "TextBlock", text: "x" }] })).not.toEqual([]);
    expect(
      ownFindings({ type: "ActionSet", actions: [{ type: "Input.Text" }, { type: "Input.Text" }] }),
    ).not.toEqual([]);
  });

  it("carries a verb and one opaque id per button, in both forms, and asks for the reason in a form", () => {
    const card = plain(views["approval-request"]);
    expect(buttonsOf(card).map(({ type, title }) => [type, title])).toEqual([
      ["Action.Execute", "Approve"],
      ["Action.ShowCard", "Reject"],
      ["Action.Execute", "Cancel"],
    ]);
    expect(press(card, { verb: "approve", id: "9Yl3vX0qk2mB7nT4" })).toMatchObject({
      data: { id: "9Yl3vX0qk2mB7nT4" },
      fallback: {
        type: "Action.Submit",
        title: "Approve",
        data: { verb: "approve", id: "9Yl3vX0qk2mB7nT4" },
      },
    });
    expect(elements(card).find(({ type }) => type === "Input.Text")).toMatchObject({
      label: "Why?",
      isRequired: true,
      maxLength: 300,
    });
  });

  it("tells its tone by a mark and not by colour alone", () => {
    const titles = (["waiting", "good", "bad", "attention"] as const).map(
      (tone) => visibleText(plain({ ...views.sentence, tone, title: "T" })).split("\n", 1)[0],
    );
    expect(new Set(titles).size).toBe(4);
  });

  it("links only to https addresses, and keeps the words of others", () => {
    const urls = [
      "javascript:alert(1)",
      "http://x.example",
      "https://user:pw@x.example",
      "data:text/html,x",
      "//x",
      "",
    ];
    const text: Span[] = urls.map((url, index) => ({ kind: "link", text: `words ${index}. `, url }));
    const card = plain({ ...views.sentence, blocks: [{ kind: "paragraph", text }] });
    expect(elements(card).filter(({ type }) => type === "Action.OpenUrl")).toEqual([]);
    for (const index of urls.keys()) expect(visibleText(card)).toContain(`words ${index}. `);
  });

  it("says how much it left out, and keeps title and buttons", () => {
    const text = visibleText(plain(views.oversized));
    expect(text).toContain("Status of 300 sites");
    const shown = text.split("site-number-").length - 1;
    expect(shown).toBeGreaterThan(20);
    expect(text).toContain(`… ${300 - shown} more not shown here`);
    expect(text).toContain("Ask for one site to see all of its flags.");
    expect(buttonsOf(plain(views.oversized)).map(({ title }) => title)).toEqual(["Close"]);
  });
});

/** Text with a liking for what Markdown, mentions, templates and bidirectional text are made of. */
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        ..."\\`*_{}[]()#+-.!|~<>&:/\n\r\t 1a",
        "](",
        "{{DATE(2020-01-01T00:00:00Z)}}",
        "{{TIME(",
        "{{{",
        "<at>Bo</at>",
        "https://evil.example",
        "\u202e",
        "\u2066",
        "\u200b",
        "\u2060",
        "\u2028",
        "\u0000",
        "\ud83d",
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join("")),
);
const span: fc.Arbitrary<Span> = fc.oneof(
  text.map((words): Span => ({ kind: "plain", text: words })),
  text.map((words): Span => ({ kind: "strong", text: words })),
  text.map((words): Span => ({ kind: "code", text: words })),
  fc.tuple(text, text).map(([words, url]): Span => ({ kind: "link", text: words, url })),
);
const spans = fc.oneof(text, fc.array(span, { maxLength: 4 }));
const block: fc.Arbitrary<Block> = fc.oneof(
  spans.map((words): Block => ({ kind: "paragraph", text: words })),
  fc
    .array(fc.record({ label: text, value: spans }), { maxLength: 4 })
    .map((facts): Block => ({ kind: "facts", facts })),
  fc
    .tuple(fc.array(text, { minLength: 2, maxLength: 2 }), fc.array(fc.tuple(spans, spans), { maxLength: 4 }))
    .map(([columns, rows]): Block => ({ kind: "table", columns, rows })),
  spans.map((words): Block => ({ kind: "notes", notes: [{ level: "warning", text: words }] })),
  fc.array(spans, { maxLength: 4 }).map((items): Block => ({ kind: "list", items })),
  text.map((words): Block => ({ kind: "code", text: words })),
);
const view: fc.Arbitrary<View> = fc.record({
  tone: fc.constantFrom("neutral", "waiting", "good", "bad", "attention"),
  title: text,
  blocks: fc.array(block, { maxLength: 6 }),
  actions: fc
    .array(
      fc.record({
        verb: fc.constantFrom("approve", "cancel"),
        id: fc.constant("id-1"),
        title: text,
        form: fc.option(
          fc.record({
            title: text,
            label: text.map((words) => `Why ${words}`),
            submit: text,
            required: fc.boolean(),
            maxLength: fc.constant(100),
          }),
          { nil: undefined },
        ),
      }),
      { maxLength: 3 },
    )
    .map((actions) => actions.map(({ form, ...action }) => (form ? { ...action, form } : action))),
  summary: text,
});

describe("whatever people type", () => {
  it("makes a valid card with no element, link, function or hidden text of their making", () => {
    fc.assert(
      fc.property(view, (any) => {
        const card = plain(any);
        expect(parserFindings(card)).toEqual([]);
        expect(ownFindings(card)).toEqual([]);
        for (const { text: words, inlines } of elements(card)) {
          if (words !== undefined) expect(words).not.toMatch(dangerous);
          for (const inline of Array.isArray(inlines) ? inlines : []) {
            if (typeof inline === "string") expect(inline).not.toMatch(dangerous);
          }
        }
        for (const { title, label } of elements(card))
          expect(`${title ?? ""}${label ?? ""}`).not.toMatch(dangerous);
        expect(card.speak).not.toMatch(/[<>&]/);
        expect(JSON.stringify(card).isWellFormed()).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("is shown as it was typed, but for breaks of lines and characters that cannot be seen", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii", maxLength: 200 }), (words) => {
        const shown = visibleText(plain({ ...views.sentence, blocks: [{ kind: "paragraph", text: words }] }));
        expect(shown.replaceAll("\u2060", "")).toBe(`${words === "" ? " " : words}\n`);
      }),
    );
  });

  it("fits, however long it is, and never loses a button", () => {
    const long = fc.nat({ max: 15_000 }).map((length) => "w".repeat(length));
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            long.map((words): Block => ({ kind: "paragraph", text: words })),
            long.map((words): Block => ({ kind: "code", text: words })),
            fc.nat({ max: 500 }).map((count): Block => ({ kind: "list", items: Array(count).fill("item") })),
            fc.tuple(fc.nat({ max: 200 }), long).map(
              ([count, words]): Block => ({
                kind: "table",
                columns: ["a", "b"],
                rows: Array(count).fill([words, "x"]),
              }),
            ),
          ),
          { maxLength: 8 },
        ),
        (blocks) => {
          const any = { ...views["approval-request"], blocks };
          const card = renderCard(any);
          expect(cardBytes(card)).toBeLessThanOrEqual(maxCardBytes);
          expect(buttonsOf(JSON.parse(JSON.stringify(card)))).toHaveLength(3);
          expect(ownFindings(plain(any))).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });
});

/** A masked link, a computed date, a turned direction of writing, or a control character within a line. */
const dangerous = /\]\(|\{\{|[[\p{Cc}\p{Cf}]--[\n\u200c\u200d\u2060]]/v;
