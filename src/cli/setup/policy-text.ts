import { Document, isScalar, visit } from "yaml";

export type Role = "request" | "approve" | "both";

export type Person = {
  readonly id: string;
  readonly name: string;
  readonly teams?: string;
  readonly slack?: string;
  readonly role: Role;
};

export type PolicyAnswers = {
  readonly people: readonly Person[];
  readonly resourceGroups: readonly string[];
  readonly everybody: boolean;
  readonly quorum: number;
  /** Approvers may stop everything. */
  readonly stop: boolean;
};

/** A policy file with one rule. */
export function policyText({ people, resourceGroups, everybody, quorum, stop }: PolicyAnswers): string {
  const idsOf = (without: Role) => people.filter(({ role }) => role !== without).map(({ id }) => id);
  const approvers = idsOf("request");
  const everything = resourceGroups.length === 1 && resourceGroups[0] === "*";
  const rule = {
    name: everything ? "everything" : resourceGroups.join(", ").slice(0, 100),
    ...(everything ? {} : { sites: { resourceGroups } }),
    request: everybody ? ["*"] : idsOf("approve"),
    approve: approvers,
    quorum,
  };
  const lines = [
    "# Who may ask for routing changes, and who may approve them. Routebot reads it again when it changes.",
    "# Everything that can stand here: routebot.example.yaml, and docs/policy.md. Check an edit with: routebot policy check",
    "",
    yamlOf({ people: people.map(({ role: _, ...person }) => person) }),
    "# The first rule that fits a site counts. Where none does, nothing is allowed.",
    yamlOf({ rules: [rule] }),
    ...(stop && approvers.length > 0
      ? ['# Who may write "freeze all" and "unfreeze".', yamlOf({ stop: approvers })]
      : []),
  ];
  return `${lines.map((part) => part.trimEnd()).join("\n")}\n`.replaceAll(
    /\n(# (The first rule|Who may write))/g,
    "\n\n$1",
  );
}

/** Lists of plain values on one line, as people write them. */
function yamlOf(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Seq(_, list) {
      if (list.items.every(isScalar)) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
