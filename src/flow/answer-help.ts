import type { CatalogEntry } from "../command/catalog.ts";
import { helpEntries } from "../command/help.ts";
import { mayApprove, mayBreakGlass, mayRequest, mayStop } from "../domain/change/approval-policy.ts";
import { sameScope } from "../domain/change/stop.ts";
import { helpView, note } from "../reply/answers.ts";
import { freezesNow, stopNotes } from "../reply/stop-views.ts";
import type { Block, View } from "../reply/view.ts";
import type { Message } from "./answer-message.ts";
import type { Flow } from "./flow.ts";
import { type Asker, askerOf } from "./sight.ts";
import { exampleSite, withSite } from "./suggest-here.ts";

const welcome =
  "I change how App Service sites route their outbound traffic, after somebody else has approved it. Mention me and say what you need.";

/** What this person may do here, about one topic or at all, with examples from this channel's own sites. */
export async function answerHelp(
  flow: Flow,
  message: Pick<Message, "actor" | "place">,
  asked: { readonly topic?: string; readonly isWelcome?: true; readonly signal: AbortSignal },
): Promise<View> {
  const asker = await askerOf(flow, message);
  const rights = rightsOf(asker);
  const may = (entry: CatalogEntry) => isPossible(entry, rights);
  const onTopic = helpEntries(asked.topic).filter(may);
  // A stop of some sites names them, which is not for everybody.
  const stops = (await flow.stops.active()).filter(({ scope }) => rights.stops || sameScope(scope, {}));
  const asksOfFreezes = /freez|frozen/i.test(asked.topic ?? "");
  if (asksOfFreezes && onTopic.length === 0)
    return note(stops.length === 0 ? "neutral" : "attention", freezesNow(stops));
  const entries = onTopic.length > 0 ? onTopic : helpEntries(undefined).filter(may);
  const site = await exampleSite(flow, asker, asked.signal);
  const examples = withSite(
    entries.map(({ example }) => example),
    site,
  );
  const view = helpView(
    entries.map((entry, index) => ({ ...entry, example: examples[index] ?? entry.example })),
    [...(asked.isWelcome ? [welcome] : []), rightsText(rights), "Write in your own words; for example:"].join(
      " ",
    ),
  );
  const now: readonly Block[] = asksOfFreezes
    ? [{ kind: "paragraph", text: freezesNow(stops) }]
    : stopNotes(stops);
  return { ...view, blocks: [...now, ...view.blocks] };
}

type Rights = {
  readonly requests: boolean;
  readonly approves: boolean;
  readonly stops: boolean;
  readonly breaksGlass: boolean;
};

function rightsOf({ policy, person }: Asker): Rights {
  return {
    requests: policy.rules.some((rule) => mayRequest(rule, person)),
    approves: policy.rules.some((rule) => mayApprove(rule, person)),
    stops: mayStop(policy, person),
    breaksGlass: policy.rules.some((rule) => mayRequest(rule, person) && mayBreakGlass(rule, person)),
  };
}

/** Whoever may not do it anywhere is not told how. */
function isPossible(
  { kind, breaksGlass }: CatalogEntry,
  { requests, approves, stops, ...rights }: Rights,
): boolean {
  switch (kind) {
    case "change":
      return requests && (breaksGlass !== true || rights.breaksGlass);
    case "undo":
    case "extend":
      return requests;
    case "decision":
    case "withdraw":
      return approves;
    case "cancel":
    case "end":
      return requests || approves;
    case "freeze":
    case "unfreeze":
      return stops;
    default:
      return true;
  }
}

function rightsText({ requests, approves }: Rights): string {
  if (requests && approves) return "You may ask for changes, and approve those of others.";
  if (requests) return "You may ask for changes; others approve them.";
  if (approves) return "You may approve what others ask for.";
  return "You may look; no rule of the policy lets you ask for changes or approve them.";
}
