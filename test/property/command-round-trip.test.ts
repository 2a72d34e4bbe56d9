import fc from "fast-check";
import { describe, test } from "vitest";
import { parseCommand } from "../../src/command/parse.ts";
import type { FlagChanges, TargetReference } from "../../src/domain/command.ts";
import type { RoutingFlag } from "../../src/domain/routing/routing-flag.ts";

const runs = { numRuns: 1_500 };

const letters = "abcdefghijklmnopqrstuvwxyz".split("");
const part = fc.array(fc.constantFrom(...letters), { minLength: 2, maxLength: 8 }).map((all) => all.join(""));
/** Names with a hyphen and a digit: nobody can take them for words. "rg" would make them groups. */
const name = fc
  .tuple(part, part, fc.nat(99))
  .map(([one, two, number]) => `${one}-${two}${number}`)
  .filter((one) => !one.includes("rg"));
/** Slots are mostly words. */
const slot = fc.oneof(
  fc.constantFrom("staging", "blue", "green", "canary", "test", "Preview"),
  fc
    .tuple(part, fc.nat(9))
    .map(([one, digit]) => `${one}${digit}`)
    .filter((one) => !/^(rg|cr|q)\d/.test(one)),
);
const group = part.map((one) => `rg-${one}`);

const target: fc.Arbitrary<TargetReference> = fc
  .record({
    name,
    slot: fc.option(slot, { nil: undefined }),
    resourceGroup: fc.option(group, { nil: undefined }),
  })
  .map(({ name: site, slot, resourceGroup }) => ({
    name: site,
    ...(slot === undefined ? {} : { slot }),
    ...(resourceGroup === undefined ? {} : { resourceGroup }),
  }));

type Says = (target: TargetReference) => string;
const slotSays: readonly Says[] = [
  ({ name: site, slot }) => `${site}/${slot}`,
  ({ name: site, slot }) => `the ${slot} slot of ${site}`,
  ({ name: site, slot }) => `${site} (${slot} slot)`,
  ({ name: site, slot }) => `${site}'s ${slot} slot`,
  ({ name: site, slot }) => `${site} slot ${slot}`,
  ({ name: site, slot }) => `slot ${slot} of ${site}`,
];
/** As people paste it: "on" before an address must never be taken for the direction. */
const siteSays: readonly ((site: string) => string)[] = [
  (site) => site,
  (site) => site,
  (site) => `\`${site}\``,
  (site) => `"${site}"`,
  (site) => `*${site}*`,
  (site) => `${site}.azurewebsites.net`,
  (site) => `https://${site}.azurewebsites.net`,
  (site) => `<https://${site}.azurewebsites.net|${site}.azurewebsites.net>`,
  (site) => `the app ${site}`,
];
const groupSays: readonly ((group: string) => string)[] = [
  (one) => ` in ${one}`,
  (one) => ` in resource group ${one}`,
  (one) => ` in the ${one} resource group`,
  (one) => ` (${one})`,
  (one) => `, rg ${one}`,
];

const flagSays: Record<Exclude<RoutingFlag, "allTraffic">, readonly string[]> = {
  applicationTraffic: [
    "route all",
    "outbound internet traffic",
    "all traffic",
    "application routing",
    "egress",
  ],
  imagePullTraffic: ["image pull", "container image pulls", "vnetImagePullEnabled"],
  contentShareTraffic: ["content share", "content storage", "the content share"],
  backupRestoreTraffic: ["backup/restore", "backup and restore", "backups"],
  managedIdentityTraffic: ["managed identity", "managed identity tokens", "managedIdentityTraffic"],
};
const sayable = [
  "applicationTraffic",
  "imagePullTraffic",
  "contentShareTraffic",
  "backupRestoreTraffic",
  "managedIdentityTraffic",
] as const;

const ons = ["enable", "turn on", "switch on", "activate", "Enable"];
const offs = ["disable", "turn off", "switch off", "deactivate", "DISABLE"];
const before = [
  "",
  "please ",
  "can you ",
  "could you please ",
  "hey routebot, ",
  "we need to ",
  "let's ",
  "I'd like you to ",
  "<at>Routebot</at> ",
  "pls ",
];
const after = ["", ".", " please", ", thanks!", " asap", " :pray:", " now"];
const links = [" for ", " on ", " of "];

/** A change, and a text that says it. */
const spokenChange = fc
  .record({
    flags: fc.uniqueArray(fc.constantFrom(...sayable), { minLength: 1, maxLength: 3 }),
    on: fc.boolean(),
    target,
    seed: fc.array(fc.nat(10_000), { minLength: 12, maxLength: 12 }),
  })
  .map(({ flags, on, target: site, seed }) => {
    const pick = <Value>(all: readonly Value[], at: number): Value => {
      const value = all[(seed[at] ?? 0) % all.length];
      if (value === undefined) throw new Error("nothing to pick from");
      return value;
    };
    const verb = pick(on ? ons : offs, 0);
    const said = flags.map((flag, index) => pick(flagSays[flag], 1 + index));
    const list = said.length < 3 ? said.join(" and ") : `${said.slice(0, -1).join(", ")} and ${said.at(-1)}`;
    const where = site.slot === undefined ? pick(siteSays, 11)(site.name ?? "") : pick(slotSays, 5)(site);
    const scope = site.resourceGroup === undefined ? "" : pick(groupSays, 6)(site.resourceGroup);
    const place = `${pick(links, 7)}${where}${scope}`;
    const first = pick([false, false, true], 8);
    const request = first ? `for ${where}${scope}, ${verb} ${list}` : `${verb} ${list}${place}`;
    const text = `${first ? "" : pick(before, 9)}${request}${pick(after, 10)}`;
    const set: FlagChanges = Object.fromEntries(flags.map((flag) => [flag, on]));
    return { text, core: request, set, target: site };
  });

describe("a change said in many ways", () => {
  test("is understood as that change", () => {
    fc.assert(
      fc.property(spokenChange, ({ text, set, target: site }) => {
        const { command } = parseCommand(text);
        if (command.kind !== "change") throw new Error(`${text}: ${JSON.stringify(command)}`);
        const sorted = (flags: FlagChanges) => JSON.stringify(Object.entries(flags).sort());
        const same = sorted(command.set) === sorted(set) && command.targets.length === 1;
        const fields = ({ host: _host, ...one }: TargetReference = {}) =>
          JSON.stringify(Object.entries(one).sort());
        if (!same || fields(command.targets[0]) !== fields(site))
          throw new Error(`${text}: ${JSON.stringify(command)}`);
      }),
      runs,
    );
  });

  test.each<[string, (text: string) => string]>([
    ["don't", (text) => `don't ${text}`],
    ["please do not", (text) => `please do not ${text}`],
    ["never", (text) => `never ${text}`],
    ["should we", (text) => `should we ${text}?`],
    ["shall I", (text) => `shall I ${text}`],
    ["maybe", (text) => `maybe ${text}`],
    ["why don't we", (text) => `why don't we ${text}?`],
    ["is it safe to", (text) => `is it safe to ${text}`],
    ["I will", (text) => `I will ${text}`],
    ["they said", (text) => `they said: ${text}`],
    ["a question mark", (text) => `${text}?`],
    ["double quotes", (text) => `"${text}"`],
    ["smart quotes", (text) => `“${text}”`],
    ["a quoted line", (text) => `> ${text}`],
    ["a quoted line of Slack", (text) => `&gt; ${text}`],
    ["struck out", (text) => `~${text}~`],
    ["if", (text) => `if the tests pass, ${text}`],
    ["unless behind", (text) => `${text} unless Bob objects`],
    ["tomorrow", (text) => `tomorrow ${text}`],
    ["later", (text) => `${text} later`],
    ["no wait", (text) => `${text} ... no wait`],
    ["never mind", (text) => `${text}. never mind`],
    ["just kidding", (text) => `${text}, just kidding`],
    ["or another", (text) => `${text} or other-app1`],
    ["but not", (text) => `${text} but not yet`],
    ["except", (text) => `${text} except on weekends`],
    ["stop", (text) => `${text}, stop`],
    ["and so on", (text) => `${text} and so on`],
    ["given", (text) => `${text}, given Bob agrees`],
    ["business hours", (text) => `${text} during business hours`],
    ["to be confirmed", (text) => `${text}, to be confirmed`],
    ["as an example", (text) => `${text} as an example`],
    ["on demand", (text) => `${text}, on demand`],
    ["misclicked", (text) => `${text}. I misclicked.`],
    ["some time", (text) => `${text} for some time`],
    ["a box of a list", (text) => `- [ ] ${text}`],
    ["huh", (text) => `${text}. Huh?`],
    ["ready to", (text) => `ready to ${text}`],
    ["we would need to", (text) => `we would need to ${text}`],
    ["ignore instructions", (text) => `ignore all previous instructions and ${text}`],
    ["everybody", (text) => `<!channel> ${text}`],
  ])("with %s it is never carried out", (_name, spoil) => {
    fc.assert(
      fc.property(spokenChange, ({ core }) => {
        const { command } = parseCommand(spoil(core));
        if (command.kind === "change") throw new Error(`${spoil(core)}: ${JSON.stringify(command)}`);
      }),
      { numRuns: 150 },
    );
  });
});

describe("a word about a change request", () => {
  const acts = [
    "approve",
    "reject",
    "deny",
    "decline",
    "cancel",
    "withdraw",
    "undo",
    "revert",
    "roll back",
    "end",
  ];
  const said = fc.tuple(fc.constantFrom(...acts), fc.integer({ min: 1, max: 99_999 }));

  test("names its request whatever the spelling", () => {
    const ids: readonly ((id: number) => string)[] = [
      (id) => `CR-${id}`,
      (id) => `cr-${id}`,
      (id) => `CR ${id}`,
      (id) => `cr${id}`,
      (id) => `change request CR-${id}`,
    ];
    fc.assert(
      fc.property(said, fc.constantFrom(...ids), fc.constantFrom(...before), ([act, id], say, polite) => {
        const asks = /can you|could|we need|let's|I'd/.test(polite);
        const text = `${asks ? "" : polite}${act} ${say(id)}`;
        const { command } = parseCommand(text);
        if (!("changeId" in command) || command.changeId !== `CR-${id}`)
          throw new Error(`${text}: ${JSON.stringify(command)}`);
      }),
      runs,
    );
  });

  test.each<[string, (text: string) => string]>([
    ["don't", (text) => `don't ${text}`],
    ["should I", (text) => `should I ${text}?`],
    ["a question mark", (text) => `${text}?`],
    ["quotes", (text) => `"${text}"`],
    ["a quoted line", (text) => `> ${text}`],
    ["if", (text) => `${text} if Bob agrees`],
    ["no wait", (text) => `${text}, no wait`],
    ["another request", (text) => `${text} and CR-1000000`],
    ["I think you should", (text) => `I think you should ${text}`],
    ["a time", (text) => `${text}, at 20:00`],
    ["a while", (text) => `${text}, in 5 minutes`],
    ["stop", (text) => `${text}, stop`],
    ["ignore this", (text) => `${text}, ignore this`],
    ["hypothetically", (text) => `${text}, hypothetically`],
    ["ready to", (text) => `ready to ${text}`],
    ["another order", (text) => `${text}, and restart it`],
  ])("with %s it does nothing", (_name, spoil) => {
    fc.assert(
      fc.property(said, ([act, id]) => {
        const text = spoil(`${act} CR-${id}`);
        const { command } = parseCommand(text);
        if (!/clarify|unknown|history|status/.test(command.kind))
          throw new Error(`${text}: ${JSON.stringify(command)}`);
      }),
      { numRuns: 150 },
    );
  });
});
