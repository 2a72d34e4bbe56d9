import { z } from "zod";
import type { Older } from "./json-text.ts";

/** What version 1 had: one site, no edits of app settings, one outcome. */
const version1 = z.looseObject({
  plan: z.looseObject({ entries: z.array(z.looseObject({})) }),
  state: z.string(),
  startedAt: z.unknown().optional(),
  outcome: z.unknown().optional(),
});

/**
 * From the first format to the current one: every request had one step, so an outcome becomes the first of one, and work
 * that was under way began its step when it began.
 */
export function upgradeChangeRequest({ value }: Older): unknown {
  const { outcome, ...request } = version1.parse(value);
  const entries = request.plan.entries.map((entry) => ({ ...entry, settings: [] }));
  const upgraded = { ...request, plan: { ...request.plan, entries } };
  switch (request.state) {
    case "applying":
    case "verifying":
      return { ...upgraded, stepAt: request.startedAt, outcomes: [] };
    case "confirmed":
    case "failed":
      return { ...upgraded, outcomes: [outcome] };
    default:
      return upgraded;
  }
}
