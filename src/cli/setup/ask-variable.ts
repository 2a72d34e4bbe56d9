import { environmentSchema, type VariableName, variables } from "../../config/environment.ts";
import type { Asker } from "./asker.ts";
import { judgeBy } from "./judge-answer.ts";

/** Environment variables by name, as in a `.env` file. */
export type EnvironmentFile = Readonly<Record<string, string>>;

type Wording = {
  readonly text: string;
  readonly hint?: string;
  /** What is meant when nothing is answered; "" where the variable may be left out. */
  readonly initial?: string;
};

const secrets: ReadonlySet<string> = new Set(
  variables.filter(({ secret }) => secret === true).map(({ name }) => name),
);

export function isSecret(name: string): boolean {
  return secrets.has(name);
}

/** Asks for the value of a variable, judged as the start would judge it; what is there already is the default. */
export async function askVariable(
  ask: Asker,
  known: EnvironmentFile,
  { name, ...wording }: Wording & { readonly name: VariableName },
): Promise<EnvironmentFile> {
  const initial = known[name] ?? wording.initial;
  const answer = await ask.write({
    at: name,
    ...wording,
    ...(initial !== undefined && { initial }),
    ...(isSecret(name) && { secret: true }),
    judge: (value) => judgeBy(environmentSchema.shape[name], value),
  });
  return answer === "" ? {} : { [name]: answer };
}
