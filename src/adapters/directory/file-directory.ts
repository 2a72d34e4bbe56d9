import { readFile } from "node:fs/promises";
import { type Actor, accountKey, type Person } from "../../domain/actor.ts";
import type { Policy } from "../../domain/change/approval-policy.ts";
import { directoryGroups, withMembers } from "../../domain/change/group-members.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Directory } from "../../ports/directory.ts";
import type { Log } from "../../ports/log.ts";
import type { DirectoryGroups } from "./directory-groups.ts";

/** What became of reading the text of a policy file. */
export type ParsedPolicy =
  | { readonly kind: "policy"; readonly policy: Policy; readonly warnings: readonly string[] }
  | {
      readonly kind: "invalid";
      readonly problems: readonly { readonly name: string; readonly message: string }[];
    };

export type FileDirectorySettings = {
  /** Absolute path of the policy file. */
  readonly file: string;
  readonly parse: (text: string) => ParsedPolicy;
  /** Where the members of the directories' groups are read; without it nobody is in them. */
  readonly groups?: DirectoryGroups;
  /** Told of each edit that was refused, with its problems, and `undefined` when the file is good again. */
  readonly onRefused?: (problems: readonly string[] | undefined) => void;
  readonly clock: Clock;
  readonly log: Log;
};

/** How old a reading of the file may be, in milliseconds. */
const freshForMs = 1_000;

/**
 * A directory from the policy file, which may be edited while Routebot runs: whoever asks gets what the file said at most a
 * second ago. An edit that is not valid is logged and refused, and the policy before it stays in force. A file that cannot
 * be read any more is not the same: then there is no policy, and nothing is allowed until it is back.
 *
 * Rejects if there is no valid policy at the start.
 */
export async function createFileDirectory(settings: FileDirectorySettings): Promise<Directory> {
  const { file, parse, clock, log, groups, onRefused = () => undefined } = settings;
  let text = await readFile(file, "utf8");
  let inForce = inForceFrom(expectValid(parse(text)));
  let refusedText: string | undefined;
  let readable = true;
  let freshUntil = clock.now().getTime() + freshForMs;
  let reading: Promise<void> | undefined;

  async function readAgain(): Promise<void> {
    let found: string;
    try {
      found = await readFile(file, "utf8");
    } catch (error) {
      if (readable) log.error("policy-unreadable", error, { file });
      readable = false;
      onRefused(["the file cannot be read; nothing is allowed until it can"]);
      return;
    }
    if (!readable) log.info("policy-readable-again", { file });
    readable = true;
    if (found === text) {
      refusedText = undefined;
      onRefused(undefined);
      return;
    }
    if (found === refusedText) return;
    const parsed = parse(found);
    if (parsed.kind === "invalid") {
      refusedText = found;
      const problems = parsed.problems.map(({ name, message }) => `${name}: ${message}`);
      log.warn("policy-edit-refused", { file, problems, versionInForce: inForce.policy.version });
      onRefused(problems);
      return;
    }
    text = found;
    refusedText = undefined;
    onRefused(undefined);
    inForce = inForceFrom(parsed.policy);
    log.info("policy-changed", { file, version: parsed.policy.version, warnings: parsed.warnings });
  }

  async function current(): Promise<InForce> {
    const now = clock.now().getTime();
    // A clock that was set back must not keep an old reading fresh.
    if (now >= freshUntil || now < freshUntil - freshForMs) {
      reading ??= readAgain().finally(() => {
        freshUntil = clock.now().getTime() + freshForMs;
        reading = undefined;
      });
    }
    await reading;
    if (!readable)
      throw new Error(`The policy file ${file} cannot be read; nothing is allowed until it can.`);
    return inForce;
  }

  return {
    async policy(options) {
      const { policy } = await current();
      const keys = directoryGroups(policy);
      const members = keys.length > 0 && groups ? await groups.read(keys, options) : new Map();
      return withMembers(policy, members, clock.now());
    },
    async personOf(actor) {
      const { byAccount, names } = await current();
      return byAccount.get(accountKey(actor.account)) ?? stranger(actor, names);
    },
  };
}

type InForce = {
  readonly policy: Policy;
  readonly byAccount: ReadonlyMap<string, Person>;
  /** Of listed people, as `spelling` has them. */
  readonly names: ReadonlySet<string>;
};

function inForceFrom(policy: Policy): InForce {
  const byAccount = new Map(
    policy.people.flatMap(({ id, name, accounts }) =>
      accounts.map((account) => [accountKey(account), { id, name }] as const),
    ),
  );
  return { policy, byAccount, names: new Set(policy.people.map(({ name }) => spelling(name))) };
}

/** A name as it is read: without regard to case, width, spaces, accents and what cannot be seen. */
function spelling(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .toLowerCase();
}

/**
 * An account that nobody listed: its id holds `:` and `/`, which no id in a policy file may. A guest's is no member's of any group,
 * though a directory may count it as one: who wants a guest to decide lists them. People choose their own names in a chat, so one
 * that reads like a listed person's is shown as another's.
 */
function stranger({ account, displayName, guest }: Actor, names: ReadonlySet<string>): Person {
  const key = accountKey(account);
  const name = names.has(spelling(displayName)) ? `${displayName} (not listed)` : displayName;
  return { id: guest ? `guest:${key}` : key, name };
}

function expectValid(parsed: ParsedPolicy): Policy {
  if (parsed.kind === "policy") return parsed.policy;
  const problems = parsed.problems.map(({ name, message }) => `${name}: ${message}`);
  throw new Error(`The policy file is not valid: ${problems.join("; ")}`);
}
