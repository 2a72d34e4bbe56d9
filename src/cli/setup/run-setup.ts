import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import { loadSealingKey } from "../../adapters/anchor/sealing-key-file.ts";
import { policyContext } from "../../config/load-config.ts";
import { describeProblems, type Problem } from "../../config/problem.ts";
import { readEnvironment } from "../../config/read-environment.ts";
import { readPolicy } from "../../config/read-policy.ts";
import { contextFor } from "../policy/check-policy-text.ts";
import type { Answers } from "./answers.ts";
import type { EnvironmentFile } from "./ask-variable.ts";
import type { Asker } from "./asker.ts";
import { type Checked, checkSetup } from "./check-setup.ts";
import { environmentDifference, lineDifference } from "./difference.ts";
import { environmentText, isPlain, mergeEnvironment, readEnvironmentFile } from "./environment-file.ts";
import { createFileAsker, type FileAsker } from "./file-asker.ts";
import { interview } from "./interview.ts";
import { nextSteps } from "./next-steps.ts";
import { createTerminalAsker } from "./terminal-asker.ts";
import { readIfThere, writeWhole } from "./write-file.ts";

export type SetupOrder = {
  readonly folder: string;
  /** Text of an answers file; without it a person is asked. */
  readonly answers?: string;
  /** With answers from a file: files that are there and differ may be replaced. */
  readonly overwrite: boolean;
  readonly check: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly streams: { readonly input: Readable; readonly output: Writable };
  /** Program and words that run the doctor. */
  readonly doctor: readonly [string, ...string[]];
  /** How this program is called here. */
  readonly routebot: string;
};

export type SetupOutcome =
  /** `problems`: how many things the doctor found to be wrong with what was written. */
  | { readonly kind: "written"; readonly problems: number }
  /** Nothing was written; `message` says why. */
  | { readonly kind: "refused"; readonly message: string };

/** Asks, checks, writes, and says what is left to do. Files are only replaced after what changes in them was shown and allowed. */
export async function runSetup(order: SetupOrder): Promise<SetupOutcome> {
  const paths = { environment: join(order.folder, ".env"), policy: join(order.folder, "routebot.yaml") };
  const before = { environment: readIfThere(paths.environment), policy: readIfThere(paths.policy) };
  const known = readEnvironmentFile(before.environment ?? "");
  const ask = askerFor(order);
  const answers = await interview(ask, { known, hasPolicy: before.policy !== undefined, accountOf });
  if ("refuseWrongAnswers" in ask) ask.refuseWrongAnswers();

  const after: EnvironmentFile | undefined =
    answers.place === "app-service"
      ? undefined
      : mergeEnvironment(known, answers.chats, { ...extraOf(ask), ...answers.variables });
  const policy = answers.policy === "keep" ? (before.policy ?? "") : answers.policy;
  const problems = problemsOf(after, policy, order.folder);
  if (problems.length > 0) return refused(describeProblems(problems, paths.policy));

  const changes = [
    ...(after === undefined
      ? []
      : [
          {
            path: paths.environment,
            lines: environmentDifference(known, after),
            isNew: before.environment === undefined,
          },
        ]),
    {
      path: paths.policy,
      lines: lineDifference(before.policy ?? "", policy),
      isNew: before.policy === undefined,
    },
  ];
  for (const { path, lines, isNew } of changes) {
    if (isNew || lines.length === 0) continue;
    ask.say([`${path} is there already. What changes in it, besides its remarks:`, ...lines].join("\n"));
    const isAllowed =
      order.answers !== undefined
        ? order.overwrite
        : await ask.agree({ at: "overwrite", text: `Replace ${path}?`, initial: false });
    if (!isAllowed)
      return refused(
        `${path} was kept, and nothing was written${order.answers === undefined ? "" : "; --overwrite replaces it"}.`,
      );
  }
  if (after !== undefined && changes[0] !== undefined && (changes[0].isNew || changes[0].lines.length > 0)) {
    writeWhole(paths.environment, environmentText(after), 0o600);
  }
  if (before.policy !== policy) writeWhole(paths.policy, policy, 0o644);
  const keyFile = after?.ROUTEBOT_AUDIT_KEY_FILE;
  if (keyFile !== undefined && answers.place === "host") {
    loadSealingKey({ kind: "file", path: resolve(order.folder, keyFile), make: true });
  }
  ask.say(`Written: ${after === undefined ? "" : `${paths.environment} (mode 0600) and `}${paths.policy}`);

  const found = await check(order, answers, after);
  for (const line of found.map(lineOf)) ask.say(line);
  if (answers.place === "container" && after !== undefined && !isPlain(after)) {
    ask.say(
      "A value in .env needs quotes, which a container engine takes as a part of it: set that variable another way.",
    );
  }
  ask.say(
    [
      "What is left to do:",
      ...nextSteps(answers, order.routebot).map((step, index) => `${index + 1}. ${step}`),
    ].join("\n"),
  );
  return { kind: "written", problems: found.filter(({ result }) => result === "problem").length };
}

function askerFor({ answers, environment, streams }: SetupOrder): Asker | FileAsker {
  if (answers === undefined) return createTerminalAsker(streams);
  const say = (text: string) => void streams.output.write(`${text}\n`);
  return createFileAsker({ text: answers, environment, say });
}

function extraOf(ask: Asker | FileAsker): EnvironmentFile {
  return "extraVariables" in ask ? ask.extraVariables() : {};
}

function problemsOf(after: EnvironmentFile | undefined, policy: string, folder: string): readonly Problem[] {
  const environment = after === undefined ? undefined : readEnvironment(after, folder);
  const context =
    environment === undefined
      ? contextFor(policy, { teamsTenants: [], slackTeams: [] })
      : policyContext(environment.values);
  const read = readPolicy(policy, context);
  return [...(environment?.problems ?? []), ...(read.kind === "invalid" ? read.problems : [])];
}

async function check(
  { folder, doctor, check: isWanted }: SetupOrder,
  answers: Answers,
  after: EnvironmentFile | undefined,
): Promise<readonly Checked[]> {
  if (answers.place === "app-service" || after === undefined) {
    return [
      {
        check: "everything",
        result: "unchecked",
        text: "there is nothing to try before it is deployed; run `routebot doctor` there",
      },
    ];
  }
  if (!isWanted)
    return [{ check: "everything", result: "unchecked", text: "--no-check; run `routebot doctor`" }];
  return checkSetup({ folder, values: after, place: answers.place, signIn: answers.signIn }, doctor);
}

function lineOf(one: Checked): string {
  const todo = "todo" in one ? `\n${" ".repeat(26)}To do: ${one.todo}` : "";
  return `${one.result.padEnd(10)} ${one.check.padEnd(14)} ${one.text}${todo}`;
}

function refused(message: string): SetupOutcome {
  return { kind: "refused", message };
}

/** Asks the Azure CLI, as whoever is signed in there. */
function accountOf(email: string): Promise<string | undefined> {
  return new Promise((answer) => {
    const words = ["ad", "user", "show", "--id", email, "--query", "id", "--output", "tsv"];
    execFile("az", words, { timeout: 30_000 }, (error, stdout) => {
      answer(error === null && stdout.trim() !== "" ? stdout.trim() : undefined);
    });
  });
}
