/** One rule of a network security group, as far as outbound TCP goes. */
export type SecurityRule = {
  readonly name: string;
  readonly priority: number;
  readonly access: "allow" | "deny";
  /** Ports and ranges, `443`, `1000-2000` or `*`. */
  readonly ports: readonly string[];
  /** Where to: `*`, a service tag such as `Storage.WestEurope`, or an address range. */
  readonly destinations: readonly string[];
  /** Whether it is for everything that the subnet sends; others are for some of its addresses only. */
  readonly forWholeSubnet: boolean;
};

/** What the network around an integration subnet says; it is read for a plan alone. */
export type SubnetInspection =
  | {
      readonly kind: "read";
      /** Name of its network security group with the rules for outbound TCP, the platform's own included. */
      readonly securityGroup?: { readonly name: string; readonly rules: readonly SecurityRule[] };
      /** Name of the route table that sends 0.0.0.0/0 to an appliance or a gateway. */
      readonly defaultRouteTable?: string;
    }
  /** The role lacks the right, or Azure did not answer: nothing is known. */
  | { readonly kind: "unreadable"; readonly missingAction?: string };

/** Whether storage in general is reached on a port: `depends` on which storage account it is. */
export type PortVerdict =
  | { readonly kind: "allowed" }
  | { readonly kind: "denied"; readonly rule: string }
  | { readonly kind: "depends"; readonly rule: string };

/**
 * Evaluates the rules as Azure does, by priority, for outbound TCP to a storage account somewhere: over its public addresses, and
 * over a private endpoint in the virtual network. Where these two differ, it depends on the account; so it does where a rule
 * that covers only some accounts (a region's tag, an address range) says something else than the rule that decides for all.
 */
export function verdictForStorage(rules: readonly SecurityRule[], port: number): PortVerdict {
  const inOrder = rules
    .filter(({ ports }) => ports.some((range) => includesPort(range, port)))
    .toSorted((a, b) => a.priority - b.priority);
  const [overPublic, overPrivate] = [verdictFor(inOrder, publicly), verdictFor(inOrder, privately)];
  if (overPublic.kind === overPrivate.kind) return overPublic;
  const denied = [overPublic, overPrivate].find((verdict) => verdict.kind !== "allowed");
  return denied?.kind === "denied" ? { kind: "depends", rule: denied.rule } : (denied ?? overPublic);
}

/** A way to storage accounts: the destinations that cover all of them, and those that cover some. */
type Way = {
  readonly all: (destination: string) => boolean;
  readonly some: (destination: string) => boolean;
};

const everywhere: ReadonlySet<string> = new Set(["*", "0.0.0.0/0"]);
const publicTags: ReadonlySet<string> = new Set(["internet", "azurecloud", "storage"]);
const addressRange = /^[\d.:a-f]+(\/\d+)?$/;

/** Service tags of other services cannot be storage; those of a region, and address ranges, can be a part of it. */
const publicly: Way = {
  all: (destination) => everywhere.has(destination) || publicTags.has(destination),
  some: (destination) => /^(storage|azurecloud)\./.test(destination) || addressRange.test(destination),
};

/** A private endpoint is an address of the virtual network, or of one that is joined to it. */
const privately: Way = {
  all: (destination) => everywhere.has(destination) || destination === "virtualnetwork",
  some: (destination) => addressRange.test(destination),
};

function verdictFor(inOrder: readonly SecurityRule[], { all, some }: Way): PortVerdict {
  const inPart: SecurityRule[] = [];
  for (const rule of inOrder) {
    const destinations = rule.destinations.map((destination) => destination.toLowerCase());
    if (!rule.forWholeSubnet || !destinations.some(all)) {
      if (destinations.some((one) => all(one) || some(one))) inPart.push(rule);
      continue;
    }
    const other = inPart.find(({ access }) => access !== rule.access);
    if (other) return { kind: "depends", rule: other.name };
    return rule.access === "allow" ? { kind: "allowed" } : { kind: "denied", rule: rule.name };
  }
  // The last of the platform's own rules denies everything.
  const [first] = inPart;
  return first ? { kind: "depends", rule: first.name } : { kind: "denied", rule: "DenyAllOutBound" };
}

function includesPort(range: string, port: number): boolean {
  if (range === "*") return true;
  const [from = Number.NaN, to = from] = range.split("-").map(Number);
  return port >= from && port <= to;
}
