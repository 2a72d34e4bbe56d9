/** One thing that is wrong with the configuration, and what to do about it. It never holds a configured value that could be a secret. */
export type Problem = {
  readonly source: "environment" | "policy file";
  /** Name of the variable, or path in the file such as `rules[0].quorum`. */
  readonly name: string;
  /** What is wrong and what to do, so that `NAME: message` reads as a sentence. */
  readonly message: string;
};

/** All problems as one message for whoever starts Routebot: grouped by where they have to be mended. */
export function describeProblems(problems: readonly Problem[], policyFile?: string): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = [`Routebot cannot start: ${count} in its configuration.`];
  const groups = [
    { source: "environment", title: "Environment variables" },
    {
      source: "policy file",
      title: policyFile === undefined ? "Policy file" : `Policy file ${policyFile}`,
    },
  ] as const;
  for (const { source, title } of groups) {
    const mine = problems.filter((problem) => problem.source === source);
    if (mine.length === 0) continue;
    lines.push("", `${title}:`, ...mine.map(({ name, message }) => `  ${name}: ${message}`));
  }
  return lines.join("\n");
}
