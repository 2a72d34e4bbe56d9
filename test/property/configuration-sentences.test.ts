import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { environmentSchema, type VariableName, variableNames } from "../../src/config/environment.ts";
import { describeProblems, type Problem } from "../../src/config/problem.ts";
import { readEnvironment } from "../../src/config/read-environment.ts";
import { readPolicy } from "../../src/config/read-policy.ts";
import { completeEnvironment, ids } from "../config/complete-environment.ts";

/** Words of the libraries, of JavaScript and of programs, which no operator has to know. */
const jargon =
  /\b(zod|expected|received|invalid|undefined|null|NaN|regex|pattern must|(?<!connection )string|boolean|object(?![ -]id)|array|TypeError|at line)\b|\[object|\bat .+:\d+:\d+|✖/i;

/** One line: what is wrong, and what to do. */
function expectSentence({ name, message }: Problem): void {
  const text = `${name}: ${message}`;
  expect(text).not.toMatch(/\n/);
  expect(message, text).toMatch(/^[a-z].{5,}/);
  expect(message, text).toMatch(/[;,:(] ?.{5,}/);
  expect(message, text).not.toMatch(jargon);
  expect(text.length, text).toBeLessThan(700);
}

describe("environment", () => {
  const oddText = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 40 }),
    fc.constantFrom(
      "yes",
      "none",
      "-1",
      "0",
      "1e3",
      "true ",
      "\u0007",
      "https://",
      "postgres://[",
      "postgres://u:p#w@h/d",
    ),
    fc.constantFrom("{}", "[]", "null", "~", "a\nb", "00000000-0000-0000-0000-00000000000g", "99999999d"),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
  );

  test.each(variableNames)("%s: a value that it cannot have is one sentence, with its name", (name) => {
    let wrong = 0;
    const judge = (value: string) => {
      if (value.trim() === "" || environmentSchema.shape[name].safeParse(value).success) return;
      wrong += 1;
      const { settings, problems } = readEnvironment(around(name, value), "/srv/routebot");
      expect(settings).toBeUndefined();
      expect(problems.map((problem) => problem.name)).toEqual([name]);
      for (const problem of problems) expectSentence(problem);
    };
    fc.assert(fc.property(oddText, judge), {
      numRuns: 60,
      examples: [["\u0007"], ["a\nb"], ["postgres://["], ["{}"], ["99999999d"], ["-1"]],
    });
    expect(wrong).toBeGreaterThan(0);
  });

  test.each(variableNames.filter((name) => name.startsWith("ROUTEBOT_")))(
    "%s with a slip in its name is found out, and what was meant is said",
    (name) => {
      for (const slip of [
        `${name}S`,
        name.slice(0, -1),
        `${name.slice(0, -2)}${name.at(-1)}${name.at(-2)}`,
      ]) {
        if (variableNames.some((one) => one === slip) || slip === name) continue;
        const { problems } = readEnvironment({ ...completeEnvironment, [slip]: "1" }, "/srv/routebot");
        expect(problems).toHaveLength(1);
        expect(problems[0]?.message).toMatch(/\(did you mean ROUTEBOT_\w+\?\)/);
        for (const problem of problems) expectSentence(problem);
      }
    },
  );

  /** An environment in which nothing but that value can be wrong: what the variable needs beside it is there. */
  function around(name: VariableName, value: string) {
    const { SLACK_SIGNING_SECRET, ...rest } = completeEnvironment;
    if (name === "SLACK_APP_TOKEN") return { ...rest, SLACK_SOCKET_MODE: "1", [name]: value };
    const besides: readonly (readonly [RegExp, Readonly<Record<string, string>>])[] = [
      [
        /^ROUTEBOT_(STEPUP|PUBLIC_URL)/,
        {
          ROUTEBOT_STEPUP_CLIENT_ID: ids.app,
          ROUTEBOT_STEPUP_CLIENT_SECRET: "secret",
          ROUTEBOT_PUBLIC_URL: "https://bot.example.com",
        },
      ],
      [/^OTEL_/, { OTEL_EXPORTER_OTLP_ENDPOINT: "https://traces.example.com" }],
      [/^APPLICATIONINSIGHTS_/, { APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=${ids.app}` }],
    ];
    const beside = besides.find(([pattern]) => pattern.test(name))?.[1] ?? {};
    return { ...rest, SLACK_SIGNING_SECRET, ...beside, [name]: value };
  }
});

describe("policy file", () => {
  const context = {
    stepUp: true,
    teamsTenant: ids.tenant,
    teamsTenants: [ids.tenant],
    slackTeams: ["T0000000000"],
  };
  const file = z.record(z.string(), z.unknown());
  const example = file.parse(
    parse(readFileSync(new URL("../../routebot.example.yaml", import.meta.url), "utf8")),
  );
  // Besides what the example says, every key that a rule and its site may have.
  const complete = structuredClone(example);
  const rules = z.array(file).parse(complete.rules);
  complete.rules = [
    {
      ...rules[0],
      flags: ["allTraffic"],
      direction: "off",
      see: ["*"],
      ownSite: true,
      stepUp: false,
      onFailure: "stop",
      sites: {
        subscriptions: ["prod"],
        resourceGroups: ["rg-*"],
        names: ["a*"],
        slots: ["production"],
        tags: { env: "prod" },
      },
    },
    ...rules.slice(1),
  ];
  complete.freezes = [
    ...z.array(file).parse(complete.freezes),
    {
      name: "nights",
      zone: "Europe/Berlin",
      days: ["sat", "sun"],
      from: "22:00",
      to: "06:00",
      stopsBreakGlass: true,
    },
  ];

  type Path = readonly (string | number)[];
  function* pathsIn(value: unknown, path: Path = []): Generator<Path> {
    if (path.length > 0) yield path;
    if (Array.isArray(value))
      for (const [index, one] of value.entries()) yield* pathsIn(one, [...path, index]);
    else if (typeof value === "object" && value !== null)
      for (const [key, one] of Object.entries(value)) yield* pathsIn(one, [...path, key]);
  }
  const paths = [...pathsIn(complete)];

  function changed(value: unknown, [first, ...rest]: Path, to: (was: unknown) => unknown): unknown {
    if (first === undefined) return to(value);
    if (Array.isArray(value))
      return value.map((one: unknown, index) => (index === first ? changed(one, rest, to) : one));
    return Object.fromEntries(
      Object.entries(file.parse(value)).map(([key, one]) => [
        key,
        key === first ? changed(one, rest, to) : one,
      ]),
    );
  }
  const problemsOf = (content: unknown): readonly Problem[] => {
    const result = readPolicy(stringify(content), context);
    return result.kind === "invalid" ? result.problems : [];
  };
  const written = (path: Path) =>
    path
      .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
      .join("")
      .replace(/^\./, "");
  const texts = (problems: readonly Problem[]) => describeProblems(problems);

  test("the file that is spoilt below is right", () => {
    expect(texts(problemsOf(complete))).toContain("0 problems");
    expect(paths.length).toBeGreaterThan(100);
  });

  const wrongValues: readonly unknown[] = [
    42,
    -1.5,
    true,
    null,
    "",
    "?!",
    " ",
    [],
    [[]],
    [null],
    {},
    { unknown: 1 },
    new Date(0),
    "x".repeat(3000),
  ];

  test.each(paths.map((path) => [written(path), path] as const))(
    "%s: a value that it cannot have is told in sentences, the first one with its name",
    (name, path) => {
      let wrong = 0;
      for (const value of wrongValues) {
        const problems = problemsOf(changed(complete, path, () => value));
        if (problems.length === 0) continue;
        wrong += 1;
        for (const problem of problems) expectSentence(problem);
        // Others follow from it, such as rules that name a person who is no more.
        const [parent = ""] = name.split(/(?=\[\d+\]$)/);
        const about = problems.filter(
          (one) =>
            one.name.startsWith(parent) ||
            name.startsWith(one.name) ||
            one.name === "the file" ||
            /not under (people|groups|freezes)/.test(one.message),
        );
        expect(about.length, `${JSON.stringify(value)} → ${texts(problems)}`).toBeGreaterThan(0);
        // A map can lack two things; anything else is wrong in one way.
        const same = problems.filter((one) => one.name === name && !/^(names|is bound)/.test(one.message));
        expect(same.length, texts(problems)).toBeLessThan(2);
      }
      expect(wrong).toBeGreaterThan(0);
    },
  );

  const maps = paths.filter((path) => typeof path.at(-1) === "string");
  test.each(maps.map((path) => [written(path), path] as const))(
    "%s with a slip in the key is found out, and what was meant is said",
    (_, path) => {
      const key = String(path.at(-1));
      const parent = path.slice(0, -1);
      // Names of tags are the operator's own.
      if (parent.at(-1) === "tags") return;
      const problems = problemsOf(
        changed(complete, parent, (was) =>
          Object.fromEntries(
            Object.entries(file.parse(was)).map(([one, value]) => [one === key ? `${key}x` : one, value]),
          ),
        ),
      );
      const told = problems.find(({ message }) => message.includes(`${key}x`));
      expect(told?.name).toBe(written(parent) === "" ? "the file" : written(parent));
      expect(told?.message).toContain(`has an unknown key: ${key}x (did you mean ${key}?)`);
      for (const problem of problems) expectSentence(problem);
    },
  );

  test("whatever is put in whatever place: sentences, never an exception", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.anything({ withBigInt: false, withDate: true }),
        (path, value) => {
          let text: string;
          try {
            text = stringify(changed(complete, path, () => value));
          } catch {
            return;
          }
          const result = readPolicy(text, context);
          if (result.kind === "invalid") for (const problem of result.problems) expectSentence(problem);
        },
      ),
      { numRuns: 300 },
    );
  });
});
