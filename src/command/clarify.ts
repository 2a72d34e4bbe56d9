import type {
  ClarifyCode,
  ClarifyCommand,
  FlagChanges,
  PartialRequest,
  TargetReference,
} from "../domain/command.ts";
import { routingFlags } from "../domain/routing/routing-flag.ts";
import type { Issue } from "./request.ts";
import { type Wish, wishText } from "./suggest.ts";

/** The most telling reason first: a negation outweighs a word that found no place. */
const weight: readonly ClarifyCode[] = [
  "hostile",
  "quotation",
  "taken-back",
  "negation",
  "unsupported",
  "contradiction",
  "condition",
  "doubt",
  "scheduling",
  "not-a-request",
  "several-requests",
  "invalid-target",
  "missing-target",
  "ambiguous-target",
  "ambiguous-flag",
  "missing-flag",
  "missing-direction",
  "missing-duration",
  "missing-change",
  "unplaced-words",
  "too-long",
];

/** The issue to tell. Words that could not be placed come before what is missing because of them. */
export function gravest(issues: readonly Issue[]): Issue | undefined {
  return issues.toSorted((left, right) => weight.indexOf(left.code) - weight.indexOf(right.code))[0];
}

const questions: Record<ClarifyCode, (words: string) => string> = {
  "missing-target": () => "For which app is this?",
  "missing-flag": () =>
    "What should be routed: all traffic, everything, image pull, content share, backup/restore or managed identity?",
  "missing-direction": () => "Should it be turned on or off?",
  "missing-change": () => "Which change request do you mean? Please give its number, such as CR-12.",
  "missing-duration": () => 'For how long? Please give a number and a unit, such as "for 2 hours".',
  "invalid-target": (words) =>
    `${quoted(words)} cannot be the name of an app: names are 2 to 60 letters, digits and hyphens.`,
  "ambiguous-target": (words) =>
    `Which app do you mean${words === "" ? "" : ` by ${quoted(words)}`}? Please name it as app, app/slot, or all apps in a resource group.`,
  "ambiguous-flag": () =>
    'Which traffic exactly? "All traffic" is the application\'s; "everything" includes configuration traffic.',
  contradiction: () => "On or off? The message says both.",
  negation: () => "I do nothing on a message that says not to. What should be done?",
  doubt: () => 'Is this a request? Please write it as one, or ask "what would happen if ..." for a preview.',
  condition: () => "I cannot wait for conditions. What should be done now?",
  "not-a-request": () => "Is something to be done? Please write it as a request.",
  quotation: () => "I do not act on quoted words. Please write the request yourself.",
  "taken-back": () => "It sounds as if you took this back, so I did nothing. What should be done?",
  scheduling: () => "I cannot schedule changes. What should be done now?",
  "several-requests": () => "These are several requests. Please send them one at a time.",
  "unplaced-words": (words) =>
    words === "" ? "I did not understand all of this." : `I did not understand ${quoted(words)}.`,
  unsupported: (words) =>
    `I only change outbound routing${words === "" ? "" : `; ${quoted(words)} is something else`}.`,
  hostile: () => "I did not understand this as a request.",
  "too-long": () => "This is too long for a request. What should be done, in one or two sentences?",
};

function quoted(words: string): string {
  const plain = words.replace(/[\uE000-\uE005\s]+/g, " ").trim();
  return `"${plain.length > 60 ? `${plain.slice(0, 57)}...` : plain}"`;
}

export type ClarifyRequest = {
  issue: Issue;
  set?: FlagChanges;
  targets?: readonly TargetReference[];
  partial?: PartialRequest;
  suggestions?: string[];
};

/** The command that asks back. */
export function clarify(request: ClarifyRequest): ClarifyCommand {
  const { issue, partial } = request;
  const wish: Wish = { set: request.set ?? {}, targets: request.targets ?? [] };
  const nothing = partial === undefined || Object.keys(partial).length === 0;
  return {
    kind: "clarify",
    code: issue.code,
    question: questions[issue.code](issue.words),
    suggestions: request.suggestions ?? suggestionsFor(issue.code, wish),
    ...(nothing ? {} : { partial }),
  };
}

/** "image pull for app-x, content share for app-y": one text for each, since all together is another wish. */
function eachApart({ set, targets }: Wish): string[] {
  const flags = routingFlags
    .filter((flag) => set[flag] !== undefined)
    .toSorted((left, right) => Object.keys(set).indexOf(left) - Object.keys(set).indexOf(right));
  if (flags.length < 2 || flags.length !== targets.length) return [];
  return targets.slice(0, 3).map((target, index) => {
    const flag = flags[index];
    return wishText({ set: flag === undefined ? {} : { [flag]: set[flag] }, targets: [target] });
  });
}

function suggestionsFor(code: ClarifyCode, wish: Wish): string[] {
  if (code === "missing-change") return ["pending"];
  if (code === "hostile") return ["help"];
  const text = wishText(wish);
  if (code === "several-requests" || code === "ambiguous-target") {
    const apart = eachApart(wish);
    if (apart.length > 0) return apart;
  }
  if (code === "doubt") return [`what would happen if we ${text}?`, text];
  if (code === "missing-direction" || code === "contradiction") {
    const flags = Object.keys(wish.set);
    if (flags.length === 0) return [text];
    const turned = (on: boolean) =>
      wishText({ ...wish, set: Object.fromEntries(flags.map((flag) => [flag, on])) });
    return [turned(true), turned(false)];
  }
  return [text];
}
