import { type EnvironmentFile, isSecret } from "./ask-variable.ts";

/** What changes in the variables, a line each; of a secret only that it changes. */
export function environmentDifference(before: EnvironmentFile, after: EnvironmentFile): readonly string[] {
  const shown = (name: string, value: string) => (isSecret(name) ? "(a secret)" : value);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    if (old === now) return [];
    if (old === undefined) return [`+ ${name}=${shown(name, now ?? "")}`];
    if (now === undefined) return [`- ${name}=${shown(name, old)}`];
    return isSecret(name) ? [`~ ${name}: another secret`] : [`~ ${name}: ${old} → ${now}`];
  });
}

/** Lines that go (-) and come (+), in the order of the files; what is the same in both is left out. */
export function lineDifference(before: string, after: string): readonly string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  // common[i][j]: how many lines the rest of `old` from i and of `now` from j have in common, in order.
  const common = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const row = common[i];
      if (row) row[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      i += 1;
      j += 1;
    } else if (j >= now.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`- ${old[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${now[j]}`);
      j += 1;
    }
  }
  return lines;
}
