import { parseDocument } from "yaml";
import { z } from "zod";
import { variables } from "../../config/environment.ts";
import { didYouMean } from "../../config/nearest-name.ts";
import { AnswersRefused, type Asker, judgeBlank } from "./asker.ts";

export type FileAsker = Asker & {
  /** Answers that nobody asked for and that are environment variables: they are taken as they are. */
  extraVariables(): Readonly<Record<string, string>>;
  /** @throws AnswersRefused when an answer is wrong, missing or unknown; all of them are told. */
  refuseWrongAnswers(): void;
};

type Source = {
  /** YAML. */
  readonly text: string;
  /** Where secrets may come from that the file does not have, by the name of their variable. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly say: (text: string) => void;
};

const names: ReadonlySet<string> = new Set(variables.map(({ name }) => name));

/** Takes the answers from a file. A wrong one does not end the questions, so that all of them are told at once. */
export function createFileAsker({ text, environment, say }: Source): FileAsker {
  const problems: string[] = [];
  const answers = readAnswers(text, problems);
  const asked = new Set<string>();

  /** `undefined` when there is none. */
  const answerAt = (at: string): string | undefined => {
    asked.add(at);
    const value = answers.get(at) ?? (names.has(at) ? environment[at] : undefined);
    return value === "" ? undefined : value;
  };

  const hasAnswers = (under: string) => [...answers.keys()].some((name) => name.startsWith(under));

  return {
    async choose({ at, options, initial, implied }) {
      const answer =
        answerAt(at) ?? (implied !== undefined && hasAnswers(implied.by) ? implied.value : undefined);
      const option = options.find(({ value }) => value === (answer ?? initial));
      const known = options.map(({ value }) => value);
      if (option !== undefined) return option.value;
      // What comes after it would be asked by mistake.
      throw new AnswersRefused([
        ...problems,
        `${at}: is none of ${known.join(", ")}${didYouMean(answer ?? "", known)}; give one of them`,
      ]);
    },
    async write(blank) {
      const answer = (answerAt(blank.at) ?? "").trim();
      const wrong = judgeBlank(blank, answer);
      if (wrong === undefined) return answer === "" ? (blank.initial ?? "") : answer;
      const where =
        blank.secret === true ? "; it may be set as an environment variable of that name instead" : "";
      problems.push(
        answer === "" ? `${blank.at}: is missing (${blank.text})${where}` : `${blank.at}: ${wrong}`,
      );
      return answer;
    },
    async agree({ at, initial }) {
      const answer = answerAt(at);
      if (answer === undefined) return initial;
      if (answer === "true" || answer === "false") return answer === "true";
      problems.push(`${at}: is neither true nor false; give one of them`);
      return initial;
    },
    async another({ at, count }) {
      return hasAnswers(`${at}[${count}]`);
    },
    say,
    extraVariables: () =>
      Object.fromEntries([...answers].filter(([name]) => names.has(name) && !asked.has(name))),
    refuseWrongAnswers() {
      const unknown = [...answers.keys()].filter((name) => !asked.has(name) && !names.has(name));
      problems.push(
        ...unknown.map(
          (name) =>
            `${name}: is not asked for with these answers${didYouMean(name, [...asked, ...names])}; remove it`,
        ),
      );
      if (problems.length > 0) throw new AnswersRefused(problems);
    },
  };
}

/** The file's values by the names that questions have: `place`, `people[0].name`. */
function readAnswers(text: string, problems: string[]): ReadonlyMap<string, string> {
  const document = parseDocument(text);
  const [mistake] = document.errors;
  if (mistake !== undefined) {
    problems.push(`line ${mistake.linePos?.[0].line ?? 1}: is not valid YAML; mend it there`);
    return new Map();
  }
  const found = new Map<string, string>();
  const collect = (value: unknown, at: string): void => {
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) found.set(at, value.join(","));
    else if (Array.isArray(value))
      for (const [index, one] of value.entries()) collect(one, `${at}[${index}]`);
    else {
      const map = z.record(z.string(), z.unknown()).safeParse(value).data;
      if (map === undefined) found.set(at, value === null || value === undefined ? "" : String(value));
      else for (const [key, one] of Object.entries(map)) collect(one, at === "" ? key : `${at}.${key}`);
    }
  };
  const content: unknown = document.toJS({ maxAliasCount: 100 });
  if (content !== null && content !== undefined) collect(content, "");
  return found;
}
