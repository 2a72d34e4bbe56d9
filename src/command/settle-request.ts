import type {
  ChangeVia,
  ClarifyCode,
  FlagChanges,
  PartialRequest,
  TargetReference,
} from "../domain/command.ts";
import { type RoutingFlag, routingFlags } from "../domain/routing/routing-flag.ts";
import { type Action, type Issue, isDistributed, type NamedFlag, type RequestDraft } from "./request.ts";
import { wishText } from "./suggest.ts";

/** What a sentence comes to: the parts of a change, and every reason not to make it one. */
export type SettledRequest = {
  set: FlagChanges;
  via: ChangeVia;
  targets: TargetReference[];
  issues: Issue[];
  partial: PartialRequest;
  /** There is something of a request in it: a verb, a direction. */
  asks: boolean;
};

/** Verbs that might mean to block traffic, or to destroy something, when they are said of traffic as such. */
const drastic = new Set(["kill", "cut", "drop", "delete", "clear", "shut", "remove"]);
/** Verbs that take traffic off the network: "remove all traffic from the vnet". */
const leaving = new Set([
  "take",
  "pull",
  "move",
  "get",
  "bring",
  "put",
  "shift",
  "route",
  "send",
  "push",
  "force",
  "remove",
  "drop",
  "make",
  "have",
  "switch",
  "run",
  "set",
  "turn",
]);

/** "stop all traffic" may mean to block it; "stop routing all traffic" does not. */
const stopping = new Set(["stop", "quit", "cease"]);

/** Verbs that make or destroy things: "delete the backups", "add a managed identity". */
const making = new Set("delete remove drop kill cut clear add apply start begin".split(" "));

/** Verbs that end a request rather than say once more what it asks for. */
const ending = new Set("stop quit cease delete remove drop kill cut clear".split(" "));

type Settling = {
  set: Map<RoutingFlag, boolean>;
  everything?: boolean;
  settings: number;
  properties: number;
  issues: Issue[];
};

/** Works out directions, brings the actions together, and says what is missing. */
export function settleRequest(draft: RequestDraft): SettledRequest {
  const settling: Settling = { set: new Map(), settings: 0, properties: 0, issues: [...draft.issues] };
  const actions = draft.actions.filter(
    (action) => action.verb !== undefined || action.flags.length > 0 || action.via !== undefined,
  );
  for (const [index, action] of actions.entries())
    settleAction({ settling, draft, action, previous: actions[index - 1] });
  const targets = settleTargets(draft, draft.actions, settling.issues);
  const set = settleEverything(settling);
  if (draft.left.some((flag) => set[flag] !== undefined || set.allTraffic !== undefined))
    raise(settling, "contradiction");
  if (settling.settings > 0 && settling.properties > 0) raise(settling, "several-requests");
  const asks = actions.some(
    (action) => action.verb !== undefined || action.flags.some((flag) => flag.on !== undefined),
  );
  if (Object.keys(set).length === 0 && !settling.issues.some((issue) => issue.code === "missing-direction"))
    raise(settling, "missing-flag");
  if (targets.length === 0) raise(settling, "missing-target");
  if (draft.titled && !draft.assigned && tellsStates(draft, actions)) raise(settling, "not-a-request");
  if (draft.scope !== undefined) raise(settling, "ambiguous-target");
  if (draft.temporary && draft.revertAfter === undefined) raise(settling, "missing-duration");
  if (Object.keys(set).length === 0) suggestBoth(settling, actions, targets);
  const enable = directionAlone(draft, actions);
  return {
    set,
    via: settling.settings > 0 ? "appSetting" : "property",
    targets,
    issues: settling.issues,
    asks,
    partial: {
      ...(Object.keys(set).length === 0 ? {} : { set }),
      ...(enable === undefined || Object.keys(set).length > 0 ? {} : { enable }),
      ...(targets.length === 0 ? {} : { targets }),
      ...(draft.pointsBack ? { pointsBack: true as const } : {}),
    },
  };
}

/** "image pull on app-y", "turn of image pull": what is spoken of, both ways. */
function suggestBoth(
  { issues }: Settling,
  actions: readonly Action[],
  targets: readonly TargetReference[],
): void {
  const named = actions.flatMap(({ flags }) => flags.filter(({ ambiguous }) => ambiguous !== true));
  const flags = [...new Set(named.flatMap((flag) => flag.flags))];
  if (flags.length === 0) return;
  const turned = (on: boolean) =>
    wishText({ set: Object.fromEntries(flags.map((flag) => [flag, on])), targets });
  for (const issue of issues)
    if (issue.code === "missing-direction" || issue.code === "not-a-request")
      issue.suggestions ??= [turned(true), turned(false)];
}

/** The direction of "turn it off again", "take it off the vnet"; "put it back" does not say where it was. */
function directionAlone(draft: RequestDraft, actions: readonly Action[]): boolean | undefined {
  const action = actions.findLast(({ on, via }) => on !== undefined || via !== undefined);
  if (action === undefined) return undefined;
  if (action.via === "off-vnet" || action.via === "public") return false;
  if (action.via === "vnet") return action.on ?? true;
  const moved =
    isMoved(action) && !draft.explanation.some(({ meaning }) => meaning === "on" || meaning === "off");
  return moved ? undefined : action.on;
}

function isMoved({ verb }: Action): boolean {
  return verb !== undefined && ["put", "move", "bring"].includes(verb.lemma);
}

/** "app-x: route all still on", "app-x: ..., app-y: ...": how it is. With one title it is how it shall be. */
function tellsStates(draft: RequestDraft, actions: readonly Action[]): boolean {
  if (draft.polite || draft.frame !== "plain" || draft.dryRun) return false;
  if (draft.reports !== true) return false;
  return actions.every(
    ({ verb, flags }) =>
      (verb === undefined || verb.lemma === "route") &&
      flags.length > 0 &&
      flags.every((flag) => flag.on !== undefined),
  );
}

function raise(settling: Settling, code: ClarifyCode, words = ""): void {
  settling.issues.push({ code, words });
}

type ActionRequest = {
  settling: Settling;
  draft: RequestDraft;
  action: Action;
  previous: Action | undefined;
};

function settleAction(request: ActionRequest): void {
  const { settling, draft, action, previous } = request;
  const verb = action.verb;
  if (
    previous !== undefined &&
    (previous.flags.length === 0 || action.flags.length === 0) &&
    previous.on !== undefined &&
    action.on !== undefined &&
    previous.on !== action.on
  ) {
    raise(settling, "contradiction");
  }
  // "..., stop", "... and delete it": of the request, and no second one.
  const repeats =
    previous !== undefined &&
    previous.flags.length > 0 &&
    action.flags.length === 0 &&
    action.via === undefined;
  if (repeats && verb !== undefined && ending.has(verb.lemma))
    raise(settling, action.targets.length > 0 ? "contradiction" : "taken-back");
  const verbless = verb === undefined && action.flags.some((flag) => flag.on === undefined);
  const framed = draft.frame === "want" || draft.frame === "makeSure" || draft.dryRun || draft.polite;
  // "app-x needs image pull": a setting by its name, which cannot be had but by turning it on.
  const needed = draft.frame === "want" && verb === undefined && action.flags.every(namesSettingAlone);
  if (verbless && !(framed && action.via !== undefined) && !needed) raise(settling, "not-a-request");
  if (verb?.class === "carry" && (action.via === undefined || action.via === "internet"))
    raise(settling, "missing-direction");
  if (verb?.class === "go" && (action.via === undefined || action.via === "internet"))
    raise(settling, "missing-direction");
  // "I would like to have route all on app-x".
  const had = draft.frame === "want" && (verb?.lemma === "have" || verb?.lemma === "get");
  const base =
    directionOf(action, settling) ?? ((had || needed) && action.via === undefined ? true : undefined);
  if (action.via === "internet" && action.flags.some((flag) => flag.raw !== true))
    raise(settling, "missing-direction");
  if (action.via === "internet" && verb?.class !== "enable" && verb?.class !== "switch")
    raise(settling, "missing-direction");
  const everythingOff = action.flags.some((flag) => flag.everything === true) && base === false;
  const routed = verb !== undefined && ["route", "carry", "go"].includes(verb.class);
  if (
    everythingOff &&
    verb !== undefined &&
    !routed &&
    action.via === undefined &&
    (drastic.has(verb.lemma) || action.stops === true)
  ) {
    raise(settling, "ambiguous-flag");
  }
  for (const flag of action.flags) settleFlag({ settling, action, flag, on: flag.on ?? base });
  if (action.only === true) settleOnly(settling, action, base);
}

/** "image pull": the name of one setting, and of nothing else. */
function namesSettingAlone({
  flags,
  raw,
  weak,
  thing,
  everything,
  ambiguous,
  appSetting,
}: NamedFlag): boolean {
  return flags.length === 1 && !(raw ?? weak ?? thing ?? everything ?? ambiguous ?? appSetting ?? false);
}

function directionOf(action: Action, settling: Settling): boolean | undefined {
  const { verb, on, via } = action;
  const away = via === "public" || via === "off-vnet";
  if (!away)
    return on ?? (via === "vnet" && verb?.class !== "switch" ? true : via === "vnet" ? true : undefined);
  if (on === false) {
    if (
      via === "off-vnet" &&
      verb !== undefined &&
      (leaving.has(verb.lemma) || verb.lemma === "unroute") &&
      action.stops !== true
    )
      return false;
    raise(settling, "contradiction");
    return undefined;
  }
  if (
    on === true &&
    verb !== undefined &&
    (verb.class === "enable" || verb.class === "switch" || verb.class === "aspect")
  ) {
    raise(settling, "contradiction");
    return undefined;
  }
  return false;
}

type FlagRequest = { settling: Settling; action: Action; flag: NamedFlag; on: boolean | undefined };

function settleFlag(request: FlagRequest): void {
  const { settling, action, flag, on } = request;
  const told = action.via === "vnet" || action.via === "public" || action.via === "off-vnet";
  const pulls = action.verb?.lemma === "pull" && flag.flags[0] === "imagePullTraffic";
  if (flag.ambiguous === true) raise(settling, "ambiguous-flag");
  if (flag.weak === true && !told && !pulls) raise(settling, "missing-flag");
  const blocks =
    action.verb !== undefined && (drastic.has(action.verb.lemma) || stopping.has(action.verb.lemma));
  if (flag.raw === true && !told && blocks) raise(settling, "missing-direction");
  if (flag.thing === true && !told && action.verb !== undefined && making.has(action.verb.lemma))
    raise(settling, "ambiguous-flag");
  if (on === undefined) {
    raise(settling, "missing-direction");
    return;
  }
  const disagrees =
    flag.on !== undefined &&
    action.on !== undefined &&
    action.verb?.class === "enable" &&
    flag.on !== action.on &&
    action.flags.length === 1;
  if (disagrees) raise(settling, "contradiction");
  if (flag.appSetting === true) settling.settings++;
  else settling.properties++;
  if (flag.offOnly === true && on) raise(settling, "missing-flag");
  if (flag.everything === true) {
    if (settling.everything !== undefined && settling.everything !== on) raise(settling, "contradiction");
    settling.everything = on;
    return;
  }
  for (const name of flag.flags) {
    const before = settling.set.get(name);
    if (before !== undefined && before !== on) raise(settling, "contradiction");
    settling.set.set(name, on);
  }
}

/** "only application traffic" lowers `allTraffic`; "only" with several flags says too little. */
function settleOnly(settling: Settling, action: Action, on: boolean | undefined): void {
  const named = new Set(action.flags.flatMap((flag) => flag.flags));
  if (!named.has("applicationTraffic")) return;
  if (named.size > 1) raise(settling, "ambiguous-flag");
  else if (on === true) settling.set.set("allTraffic", false);
}

function settleEverything(settling: Settling): FlagChanges {
  const { everything, set } = settling;
  if (everything === undefined) return Object.fromEntries(set);
  if ([...set.values()].some((on) => on !== everything)) raise(settling, "contradiction");
  if (everything) return { allTraffic: true };
  return Object.fromEntries(routingFlags.map((flag) => [flag, false]));
}

function key(targets: readonly TargetReference[]): string {
  return targets
    .map((target) => JSON.stringify(target).toLowerCase())
    .sort()
    .join();
}

/** Several actions share their sites; the same wish for several sites is one; different wishes are two requests. */
function settleTargets(draft: RequestDraft, actions: readonly Action[], issues: Issue[]): TargetReference[] {
  const distributed = draft.targets.length > 1 && actions.some(isDistributed);
  if (distributed) issues.push({ code: "several-requests", words: "" });
  const own = actions.filter((action) => action.targets.length > 0);
  const differ = own.length > 1 && new Set(own.map((action) => key(action.targets))).size > 1;
  if (differ) {
    const wishes = new Set(
      own.map((action) =>
        action.flags.map((flag) => `${flag.flags.join()}:${flag.on ?? action.on}:${action.via}`).join(),
      ),
    );
    const all =
      own.length === actions.length ||
      actions.every((action) => action.targets.length > 0 || action.flags.length === 0);
    if (wishes.size > 1 || !all || own.some((action) => action.flags.length === 0))
      issues.push({ code: "several-requests", words: "" });
  }
  return draft.targets;
}
