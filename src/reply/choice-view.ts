import type { Text, View } from "./view.ts";
import { code, plain, utcTime } from "./words.ts";

export type ChoiceQuestion = {
  readonly question: string;
  /** `id` is what the button carries; `where` tells choices of one name apart. */
  readonly choices: readonly { readonly id: string; readonly label: string; readonly where?: string }[];
  readonly dismissId: string;
  /** Who was asked. */
  readonly name: string;
  readonly until: Date;
  /** What to write when the right one is not among them. */
  readonly hint?: string;
};

/** Asks one person which of several is meant, with a button for each. */
export function choiceView(asked: ChoiceQuestion): View {
  const { question, choices, dismissId, name, until, hint } = asked;
  const number = (index: number) => (choices.length > 1 ? `${index + 1}. ` : "");
  return {
    tone: "attention",
    blocks: [
      { kind: "paragraph", text: question },
      {
        kind: "list",
        items: choices.map(
          ({ label, where }, index): Text => [
            plain(number(index)),
            code(label),
            ...(where === undefined ? [] : [plain(` ${where}`)]),
          ],
        ),
      },
      ...(hint === undefined ? [] : [{ kind: "paragraph", text: hint } as const]),
      {
        kind: "paragraph",
        text: `Nothing was done yet. ${name} can choose until ${utcTime(until)}.`,
      },
    ],
    actions: [
      ...choices.map(
        ({ id, label }, index) => ({ verb: "pick", id, title: `${number(index)}${label}` }) as const,
      ),
      {
        verb: "dismiss",
        id: dismissId,
        title: choices.length > 1 ? "None of these" : "No",
      },
    ],
    summary: [
      question,
      choices.map(({ label, where }) => (where === undefined ? label : `${label} ${where}`)).join(", or "),
    ].join(" "),
  };
}
