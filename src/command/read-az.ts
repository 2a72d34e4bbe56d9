import type { ClarifyCode, FlagChanges, TargetReference } from "../domain/command.ts";
import { literalFlag } from "./read-flags.ts";
import { isPossibleName } from "./site-name.ts";

/** What a pasted `az resource update` was meant to do, or why it is not taken for that. */
export type AzReading =
  | { set: FlagChanges; targets: TargetReference[] }
  | { code: ClarifyCode; words: string };

/** Options that change nothing about what is meant. */
const ignoredWithValue = new Set(["--api-version", "--output", "-o", "--query"]);
const ignored = new Set(["--verbose", "--debug", "--only-show-errors", "--latest-include-preview"]);
const names: Record<string, string> = {
  "-g": "group",
  "--resource-group": "group",
  "-n": "name",
  "--name": "name",
  "--ids": "ids",
  "--id": "ids",
  "--set": "set",
  "--subscription": "subscription",
  "--resource-type": "type",
  "--namespace": "namespace",
  "--parent": "parent",
};

const azStart = /^(?:\$|#|ps>|%)?\s*az(?:\.cmd)?\s/i;

/** Whether a line is an Azure CLI command, or tells the bot to run another tool of Azure. */
export function startsAz(line: string): boolean {
  return azStart.test(line);
}

/** Splits as a shell would: quotes hold together, everything else is white space. No expansion is ever made. */
function splitShell(line: string): string[] | undefined {
  const words: string[] = [];
  let current = "";
  let quote = "";
  let inWord = false;
  for (const char of line) {
    if (quote !== "") {
      if (char === quote) quote = "";
      else current += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      inWord = true;
    } else if (/\s/.test(char)) {
      if (inWord) words.push(current);
      current = "";
      inWord = false;
    } else {
      current += char;
      inWord = true;
    }
  }
  if (quote !== "") return undefined;
  if (inWord) words.push(current);
  return words;
}

function unsupported(words: string): AzReading {
  return { code: "unsupported", words };
}

/** Reads one command. Anything but routing flags of sites, told completely, is not supported. */
export function readAz(command: string): AzReading {
  const line = command
    .replace(/[\\`^]\s*\n/g, " ")
    .replace(azStart, "az ")
    .replace(/(^|\s)—(?=[a-z])/g, "$1--");
  const shell = splitShell(line);
  if (shell === undefined || /[|<>;&$`(){}]/.test(line) || /\n/.test(line.trim())) return unsupported(line);
  const words = shell.flatMap((word) => splitOption(word));
  if (words[1] !== "resource" || words[2] !== "update") return unsupported(words.slice(0, 4).join(" "));
  const values = readOptions(words.slice(3));
  if (typeof values === "string") return unsupported(values);
  const set = readSet(values.get("set") ?? []);
  if (typeof set === "string") return unsupported(set);
  if (Object.keys(set).length === 0) return { code: "missing-flag", words: "" };
  const targets = readTargets(values);
  return "code" in targets ? targets : { set, targets: targets.targets };
}

function splitOption(word: string): string[] {
  const match = /^(--[a-z-]+)=(.*)$/s.exec(word);
  return match?.[1] === undefined || match[2] === undefined ? [word] : [match[1], match[2]];
}

/** Values by option, or the word that has no place. */
function readOptions(words: readonly string[]): Map<string, string[]> | string {
  const values = new Map<string, string[]>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const option = word.toLowerCase();
    if (ignored.has(option)) continue;
    if (ignoredWithValue.has(option)) {
      index++;
      continue;
    }
    const name = names[option];
    if (name === undefined) return word;
    const list = values.get(name) ?? [];
    const many = name === "set" || name === "ids";
    if (list.length > 0 && !many) return word;
    const before = list.length;
    while (index + 1 < words.length && !words[index + 1]?.startsWith("-") && (many || list.length === 0)) {
      index++;
      list.push(words[index] ?? "");
    }
    if (list.length === before) return word;
    values.set(name, list);
  }
  return values;
}

function readSet(assignments: readonly string[]): FlagChanges | string {
  const set: FlagChanges = {};
  for (const assignment of assignments) {
    const match = /^properties\.([\w.]+)=(true|false)$/i.exec(assignment);
    const literal = match?.[1] === undefined ? undefined : literalFlag(match[1]);
    if (literal === undefined || literal.appSetting || match?.[2] === undefined) return assignment;
    const on = match[2].toLowerCase() === "true";
    if (set[literal.flag] !== undefined && set[literal.flag] !== on) return assignment;
    set[literal.flag] = on;
  }
  return set;
}

function readTargets(
  values: ReadonlyMap<string, readonly string[]>,
): { targets: TargetReference[] } | { code: ClarifyCode; words: string } {
  const type = values.get("type")?.[0]?.toLowerCase();
  const ids = values.get("ids") ?? [];
  const known = type === undefined || type === "microsoft.web/sites" || type === "microsoft.web/sites/slots";
  if (!known || values.has("namespace") || values.has("parent"))
    return { code: "unsupported", words: values.get("type")?.[0] ?? "" };
  if (ids.length > 0) {
    if (values.has("name") || values.has("group")) return { code: "ambiguous-target", words: ids.join(" ") };
    return readIds(ids, values.get("subscription")?.[0]);
  }
  const name = values.get("name")?.[0];
  if (name === undefined) return { code: "missing-target", words: "" };
  if (type === undefined) return { code: "unsupported", words: "" };
  const [site = "", kind, slot, ...rest] = name.split("/");
  const slotted = type.endsWith("/slots") && kind === "slots" && slot !== undefined && rest.length === 0;
  if (
    !isPossibleName(site) ||
    (kind !== undefined && !slotted) ||
    (slot !== undefined && !isPossibleName(slot))
  ) {
    return { code: "invalid-target", words: name };
  }
  if (type.endsWith("/slots") && !slotted) return { code: "ambiguous-target", words: name };
  const group = values.get("group")?.[0];
  const subscription = values.get("subscription")?.[0];
  return {
    targets: [
      {
        name: site,
        ...(slotted ? { slot } : {}),
        ...(group === undefined ? {} : { resourceGroup: group }),
        ...(subscription === undefined ? {} : { subscription }),
      },
    ],
  };
}

const idShape =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.web\/sites\/([^/]+)(?:\/slots\/([^/]+))?\/?$/i;

function readIds(
  ids: readonly string[],
  subscription: string | undefined,
): { targets: TargetReference[] } | { code: ClarifyCode; words: string } {
  const targets: TargetReference[] = [];
  for (const id of ids) {
    const match = idShape.exec(id);
    if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined)
      return { code: "unsupported", words: id };
    if (!isPossibleName(match[3])) return { code: "invalid-target", words: id };
    if (subscription !== undefined && subscription.toLowerCase() !== match[1].toLowerCase())
      return { code: "contradiction", words: id };
    targets.push({
      name: match[3],
      ...(match[4] === undefined ? {} : { slot: match[4] }),
      resourceGroup: match[2],
      subscription: match[1],
    });
  }
  return { targets };
}
