import { stringify } from "yaml";
import { z } from "zod";
import { policySchema } from "./policy-schema.ts";

const team = "T0000000000";
const entra = (last: string) => `00000000-0000-0000-0000-${last.padStart(12, "0")}`;

/** What stands in the example as it is: a policy that works. */
const example = {
  people: [
    { id: "robin", name: "Robin Reyes", teams: entra("1"), slack: `${team}/U0000000001` },
    { id: "ana", name: "Ana Alvarez", teams: entra("2"), slack: `${team}/U0000000002` },
    { id: "ben", name: "Ben Becker", teams: entra("3"), slack: `${team}/U0000000003` },
    { id: "cleo", name: "Cleo Chang", teams: entra("4"), slack: `${team}/U0000000004` },
  ],
  groups: [{ name: "network", members: ["ana", "ben", "cleo"] }],
  delegates: [{ person: "cleo", to: "robin", since: "2026-12-20", until: "2027-01-06" }],
  rules: [
    {
      name: "production",
      sites: { resourceGroups: ["rg-prod-*"] },
      request: ["robin", "group:network"],
      approve: ["group:network"],
      quorum: 2,
      decideWithin: "4h",
      applyWithin: "1h",
      watch: { for: "10m", probe: "/health" },
      quickUndo: ["requester", "approver"],
      maxDuration: "8h",
      freeze: ["weekend", "year end"],
      breakGlass: ["robin"],
      remind: { after: "15m", escalate: ["ben"], escalateAfter: "1h" },
      selfApproval: false,
      notify: "when-needed",
    },
    { name: "everything else", request: ["*"], approve: ["robin", "ana", "ben", "cleo"], ownSite: false },
  ],
  channels: [{ teams: "19:0123abcd@thread.tacv2", resourceGroups: ["rg-prod-shop"] }],
  freezes: [
    { name: "weekend", zone: "Europe/Berlin", from: "fri 16:00", to: "mon 08:00" },
    { name: "year end", zone: "Europe/Berlin", from: "2026-12-18 18:00", to: "2027-01-04 08:00" },
  ],
  stop: ["ana", "ben"],
} as const;

/** What stands in a remark, to be taken in: every key that the example does without. */
const alternatives: Readonly<Record<string, unknown>> = {
  "groups.entra": entra("aa"),
  "groups.slack": `${team}/S0000000001`,
  "rules.sites.subscriptions": ["prod-*"],
  "rules.sites.names": ["shop-*"],
  "rules.sites.slots": ["production"],
  "rules.sites.tags": { env: "prod" },
  "rules.flags": ["applicationTraffic"],
  "rules.direction": "on",
  "rules.see": ["*"],
  "rules.ownSite": false,
  "rules.onFailure": "continue",
  "rules.stepUp": true,
  "channels.slack": `${team}/C0000000001`,
  "channels.subscriptions": "prod-*",
  "freezes.days": ["sat", "sun"],
  "freezes.stopsBreakGlass": true,
};

type Node = {
  readonly description?: string | undefined;
  readonly properties?: Readonly<Record<string, Node>> | undefined;
  readonly items?: Node | undefined;
};
const node: z.ZodType<Node> = z.object({
  description: z.string().optional(),
  get properties() {
    return z.record(z.string(), node).optional();
  },
  get items() {
    return node.optional();
  },
});

/** The text of routebot.example.yaml: every key of the policy file, in the order of the example, with what it means. */
export function policyExample(): string {
  const schema = node.parse(z.toJSONSchema(policySchema, { io: "input", unrepresentable: "any" }));
  const lines = [
    "# yaml-language-server: $schema=./docs/routebot.schema.json",
    "# Who may ask for routing changes, and who may approve them. Copy it to routebot.yaml and fill in your people.",
    "# Routebot reads the file again when it changes; an edit that is not valid is refused and the old one stays in force.",
  ];
  for (const [key, value] of Object.entries(example)) {
    lines.push(
      "",
      ...remark(schema.properties?.[key]?.description, 0),
      ...entry(key, value, schema.properties?.[key]),
    );
  }
  return `${lines.join("\n")}\n`;
}

function entry(key: string, value: unknown, about: Node | undefined): readonly string[] {
  const maps = z.array(z.record(z.string(), z.unknown())).safeParse(value).data;
  if (maps === undefined) return [`${key}: ${inline(value)}`];
  const [first = {}, ...others] = maps;
  return [
    `${key}:`,
    ...asItem(explained(first, about?.items, key, 4)),
    // One that is explained is enough; the others are short.
    ...others.flatMap((other) =>
      asItem(Object.entries(other).map(([name, one]) => `    ${name}: ${inline(one)}`)),
    ),
  ];
}

/** Each key with what it means; those without a value as a remark that can be taken in. */
function explained(
  value: Readonly<Record<string, unknown>>,
  about: Node | undefined,
  at: string,
  indent: number,
): readonly string[] {
  const space = " ".repeat(indent);
  return Object.entries(about?.properties ?? {}).flatMap(([key, inner]) => {
    const said = remark(inner.description, indent);
    const given = value[key];
    if (given === undefined) return [...said, `${space}# ${key}: ${inline(alternatives[`${at}.${key}`])}`];
    const map = z.record(z.string(), z.unknown()).safeParse(given).data;
    return map === undefined || inner.properties === undefined
      ? [...said, `${space}${key}: ${inline(given)}`]
      : [...said, `${space}${key}:`, ...explained(map, inner, `${at}.${key}`, indent + 2)];
  });
}

/** The first key of an entry gets the dash; remarks before it stand in front of the entry. */
function asItem(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex((line) => !/^\s*#/.test(line));
  return lines.map((line, index) =>
    index > start ? line : line.replace(/^ {4}/, index < start ? "  " : "  - "),
  );
}

function inline(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", flowCollectionPadding: true, lineWidth: 0 })
    .trimEnd()
    .replaceAll(/\[ (.*?) \]/g, "[$1]");
}

const width = 112;

function remark(text: string | undefined, indent: number): readonly string[] {
  const lines: string[] = [];
  for (const word of (text ?? "").split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width - indent) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return text === undefined ? [] : lines.map((line) => `${" ".repeat(indent)}${line}`);
}
