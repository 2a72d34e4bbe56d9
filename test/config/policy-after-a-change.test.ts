import { expect, test } from "vitest";
import { readPolicy } from "../../src/config/read-policy.ts";
import { ids } from "./complete-environment.ts";

const context = { teamsTenant: ids.tenant, teamsTenants: [ids.tenant], slackTeams: ["T0CONTOSO"] };

/** A policy with one rule that Ana and Ben approve under, and these keys in it. */
const rule = (keys: string) =>
  readPolicy(
    `
people:
  - { id: ana, name: Ana, teams: ${ids.ana} }
  - { id: ben, name: Ben, slack: T0CONTOSO/U0BEN }
rules:
  - name: everything
    request: [ana, ben]
    approve: [ana, ben]
${keys}
`,
    context,
  );

test("says what happens after a change", () => {
  expect(
    rule(`
    watch: { for: 15m, probe: /health }
    quickUndo: [requester, approver]
    maxDuration: 8h
    onFailure: continue
`),
  ).toMatchObject({
    warnings: [],
    policy: {
      rules: [
        {
          watch: { forMs: 900_000, probe: "/health" },
          quickUndo: ["requester", "approver"],
          maxDurationMs: 28_800_000,
          onFailure: "continue",
        },
      ],
    },
  });
  for (const off of ["off", "0", '"0"']) {
    const result = rule(`    watch: { for: ${off} }\n    quickUndo: approver\n`);
    expect(result.kind === "policy" && result.policy.rules[0]?.watch).toBeUndefined();
    expect(result).toMatchObject({ warnings: [expect.stringContaining("quickUndo has no effect")] });
  }
});

test.each([
  ["watch: { for: soon }", "watch.for: is not a length of time; write it as 10m, or off"],
  ["watch: { for: 10m, probe: health }", "watch.probe: is neither a path nor an https address"],
  ["watch: { for: 10m, probe: //evil.example/ }", "watch.probe: is neither a path nor an https address"],
  ["watch: { for: 10m, probe: http://x.example/ }", "watch.probe: is neither a path nor an https address"],
  ["quickUndo: [everybody]", "quickUndo[0]: is no role; give requester, approver or both"],
  ["maxDuration: 31d", "maxDuration: is longer than 30d"],
  ["onFailure: ignore", "onFailure: is neither stop nor continue"],
])("%s is refused", (key, problem) => {
  const result = rule(`    ${key}\n`);
  const problems = result.kind === "policy" ? [] : result.problems;
  expect(problems.map(({ name, message }) => `${name}: ${message}`)).toEqual([
    expect.stringContaining(`rules[0].${problem}`),
  ]);
});
