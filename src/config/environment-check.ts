import { type VariableName, type Variables, variableNames } from "./environment.ts";

/** What the checks of one environment share. */
export type Check = {
  readonly values: Variables;
  readonly has: (name: VariableName) => boolean;
  readonly report: (name: string, message: string) => void;
};

/** A platform that is off must not look as if it were on: its other variables would do nothing, in silence. */
export function halfConfigured(
  { has, report }: Check,
  { prefix, switchedOnBy, platform }: { prefix: string; switchedOnBy: VariableName; platform: string },
): void {
  const others = variableNames.filter((name) => name.startsWith(prefix) && has(name));
  if (others.length === 0) return;
  report(
    switchedOnBy,
    `is missing, although ${others.join(", ")} ${others.length === 1 ? "is" : "are"} set; set it, or remove what is left of ${platform}`,
  );
}
