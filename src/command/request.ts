import type { ClarifyCode, ExplainedWords, TargetReference } from "../domain/command.ts";
import type { RoutingFlag } from "../domain/routing/routing-flag.ts";
import type { VerbSense } from "./lexicon-index.ts";
import type { FlagPhrase } from "./read-flags.ts";
import type { Via } from "./read-via.ts";

/** A reason why words are not carried out, with the words. */
export type Issue = { code: ClarifyCode; words: string; suggestions?: string[] };

/** A flag that was named in an action; `on` where it was told for this flag alone ("image pull on and ..."). */
export type NamedFlag = FlagPhrase & { on?: boolean };

/** One verb with what belongs to it. */
export type Action = {
  verb?: VerbSense;
  /** Direction by the verb or its particle. */
  on?: boolean;
  /** "stop", "quit": the verb after it says what of. */
  stops?: true;
  via?: Via;
  flags: NamedFlag[];
  /** Flags before this position have their direction already. */
  settled: number;
  targets: TargetReference[];
  /** What was named one after the other: `@` for sites, else the flags. */
  order: string[];
  only?: true;
};

/** How a request was framed: what forms of a verb ask for something then. */
export type Frame = "plain" | "ask" | "askGerund" | "want" | "makeSure" | "lets";

/** What was read of one sentence. */
export type RequestDraft = {
  frame: Frame;
  actions: Action[];
  targets: TargetReference[];
  issues: Issue[];
  explanation: ExplainedWords[];
  polite: boolean;
  /** Begins with a name and a colon, as a list of how things are does. */
  titled: boolean;
  /** "still", "currently": how it is. */
  reports?: true;
  /** A value was given with "=". */
  assigned: boolean;
  /** Asked of the bot: "can you ...?". */
  asked: boolean;
  /** "in rg-x, ...": where the site is that is named later. */
  scope?: Pick<TargetReference, "resourceGroup" | "subscription" | "slot">;
  /** "leave image pull alone": flags that are not to be changed. */
  left: RoutingFlag[];
  pointsBack: boolean;
  dryRun: boolean;
  breakGlass: boolean;
  /** "temporarily" was said; it needs a length of time. */
  temporary: boolean;
  reason?: string;
  revertAfter?: string;
};

export function emptyAction(): Action {
  return { flags: [], settled: 0, targets: [], order: [] };
}

export function addFlag(action: Action, flag: NamedFlag): void {
  action.flags.push(flag);
  action.order.push(flag.flags.join());
}

/** "image pull for app-x, content share for app-y": each flag is wished for another site. */
export function isDistributed({ order }: Action): boolean {
  const changes = order.filter((piece, index) => (piece === "@") !== (order[index - 1] === "@"));
  const flags = new Set(order.filter((piece) => piece !== "@"));
  return changes.length >= 4 && flags.size > 1;
}

export function emptyDraft(): RequestDraft {
  return {
    frame: "plain",
    actions: [],
    targets: [],
    issues: [],
    explanation: [],
    polite: false,
    asked: false,
    titled: false,
    assigned: false,
    left: [],
    pointsBack: false,
    dryRun: false,
    breakGlass: false,
    temporary: false,
  };
}

/** Where two references name the same site; names of Azure resources do not distinguish case. */
export function sameTarget(left: TargetReference, right: TargetReference): boolean {
  const key = (target: TargetReference) =>
    [
      target.name,
      target.slot,
      target.resourceGroup,
      target.subscription,
      target.all === true ? "all" : "",
      target.host,
    ]
      .map((part) => part ?? "")
      .join("\n")
      .toLowerCase();
  return key(left) === key(right);
}
