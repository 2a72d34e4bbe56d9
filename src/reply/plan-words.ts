import type { ChangeRequest } from "../domain/change/change-request.ts";
import type { ChangePlan, PlanEntry } from "../domain/change/plan.ts";
import { flagTitles, routingFlags } from "../domain/routing/routing-flag.ts";
import { targetLabel } from "../domain/target.ts";
import { duration, listed, onOff, utcTime } from "./words.ts";

/** The sites of a plan in a few words: `app-x`, `app-x and app-y`, `app-x, app-y and 3 more sites`. */
export function sitesWords({ entries }: ChangePlan): string {
  const labels = entries.map(({ target }) => targetLabel(target));
  if (labels.length <= 3) return listed(labels);
  return `${labels.slice(0, 2).join(", ")} and ${labels.length - 2} more sites`;
}

/** The change in a few words: `Application traffic (Route All) on`. What several sites have in common is said once. */
export function changeWords({ entries }: ChangePlan): string {
  return [...new Set(entries.flatMap(wordsOf))].join(", ");
}

function wordsOf({ changes, settings }: PlanEntry): readonly string[] {
  return [
    ...routingFlags
      .filter((flag) => changes[flag] !== undefined)
      .map((flag) => `${flagTitles[flag]} ${onOff(changes[flag])}`),
    ...settings.map(({ setting, to }) => (to === "on" ? `${setting} set` : `${setting} removed`)),
  ];
}

/** What a request asks for, in a few words; `for` and its sites follow. */
export function requestWords(request: ChangeRequest): string {
  const { plan, follows, extends: extension, lastsMs } = request;
  if (extension) return `Keep ${extension.of} until ${utcTime(extension.until)}`;
  const words = changeWords(plan);
  if (follows?.kind === "undo") return `Undo of ${follows.of}, ${words}`;
  if (follows?.kind === "revert") return `End of ${follows.of}, ${words}`;
  return lastsMs === undefined ? words : `${words} (temporary, ${duration(lastsMs)})`;
}
