/**
 * Text as Teams is to show it: the characters that were typed and nothing else. All text of a card goes through here.
 *
 * A card's words are drawn in `RichTextBlock`, whose runs are no Markdown in Teams (only `TextBlock`, `Fact.title` and
 * `Fact.value` are: learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format). So nothing has to be
 * escaped, which clients would undo in different ways. What is left:
 * - `{{DATE(…)}}` and `{{TIME(…)}}` are computed in every text; a word joiner between the braces leaves them as they are.
 * - Should a client take a run for Markdown after all, no link may hide its target: a word joiner parts `](`.
 * - Characters that turn the direction of writing, or cannot be seen, could make a text read as something else.
 * - Lines could imitate other parts of the card.
 */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(lineBreaks, " ")
    .replaceAll("\t", " ")
    .replaceAll(unseen, "")
    .replaceAll(/\{(?=\{)/g, `{${wordJoiner}`)
    .replaceAll("](", `]${wordJoiner}(`);
}

const wordJoiner = "\u2060";
const lineBreaks = /[\t ]*[\r\n\v\f\u0085\u2028\u2029]+[\t ]*/g;
/** Controls, marks of writing direction and characters without width; not the joiners that emoji and some scripts need. */
const unseen = /[[\p{Cc}\p{Cf}]--[\u200c\u200d]]/gv;

/** At most `length` characters, and a sign that there was more. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}
