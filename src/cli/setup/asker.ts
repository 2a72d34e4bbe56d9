/** `at` names the answer: in an answers file, and where something is said about it. */
export type Question = { readonly at: string; readonly text: string };

export type Choice<Value extends string> = Question & {
  readonly options: readonly { readonly value: Value; readonly label: string; readonly hint?: string }[];
  readonly initial: Value;
  /** What is meant by a file that has answers `by` this name and none to this question. */
  readonly implied?: { readonly by: string; readonly value: Value };
};

export type Blank = Question & {
  readonly hint?: string;
  /** What is meant when nothing is answered; "" where nothing may be answered. Without it there has to be an answer. */
  readonly initial?: string;
  /** Never shown, not even while it is typed. */
  readonly secret?: true;
  /** What is wrong with an answer, in one sentence; nothing when it will do. */
  readonly judge: (answer: string) => string | undefined;
};

/** Who answers: a person at a terminal, or a file. */
export type Asker = {
  choose<Value extends string>(choice: Choice<Value>): Promise<Value>;
  write(blank: Blank): Promise<string>;
  agree(question: Question & { readonly initial: boolean }): Promise<boolean>;
  /** Whether there is one more entry for the list `at`, which has `count` of them. */
  another(question: Question & { readonly count: number }): Promise<boolean>;
  say(text: string): void;
};

/** The person at the terminal has had enough: nothing is written. */
export class Cancelled extends Error {
  constructor() {
    super("Cancelled. Nothing was written.");
  }
}

/** The answers do not say what to ask next; the message says what is wrong with them. Nothing is written. */
export class AnswersRefused extends Error {
  constructor(problems: readonly string[]) {
    super(`The answers are not right:\n${problems.map((one) => `  ${one}`).join("\n")}`);
  }
}

/** What is wrong with an answer, in one sentence; nothing when it will do. */
export function judgeBlank({ initial, judge }: Blank, answer: string): string | undefined {
  if (answer !== "") return judge(answer);
  return initial === undefined ? "This cannot be left out." : undefined;
}
