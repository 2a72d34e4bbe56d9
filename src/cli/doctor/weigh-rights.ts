import { missingActions, type Need, type Permission } from "../../adapters/azure/rights.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** What the identity may do at one scope, or why that could not be asked. */
export type Rights = {
  readonly where: Need["where"];
  /** ARM id. */
  readonly scope: string;
  readonly permissions?: readonly Permission[];
  readonly unread?: string;
};

/** A finding for each need: which of its actions are missing, and on which scope. */
export function weighRights(rights: readonly Rights[], needs: readonly Need[]): readonly Finding[] {
  const unread = rights.flatMap(({ scope, unread: why }) => (why === undefined ? [] : [{ scope, why }]));
  const findings = needs.flatMap((need) => weigh(need, rights));
  if (unread.length === 0) return findings;
  return [
    ...findings,
    warning(
      `What the identity may do could not be read on ${named(unread.map(({ scope }) => scope))}. ${unread[0]?.why ?? ""}`,
      "Give it Microsoft.Authorization/permissions/read there, or look at its roles in the portal: a missing right shows at the first use.",
    ),
  ];
}

function weigh(need: Need, rights: readonly Rights[]): readonly Finding[] {
  const asked = rights.flatMap(({ where, scope, permissions }) =>
    where === need.where && permissions !== undefined
      ? [{ scope, missing: missingActions(permissions, need.actions) }]
      : [],
  );
  if (asked.length === 0) return [];
  const lacking = asked.filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0) return [ok(need.purpose)];
  const actions = [...new Set(lacking.flatMap(({ missing }) => missing))].join(", ");
  const places = named(lacking.map(({ scope }) => scope));
  const text = `${need.purpose}: the identity lacks ${actions} on ${places}.`;
  switch (need.weight) {
    case "required":
      return [problem(text, "Give it a role with these actions there; docs/operations.md has one to copy.")];
    case "advised":
      return [
        warning(
          text,
          "Give it a role with these actions there, unless `doctor --live` shows that it works without.",
        ),
      ];
    case "opt-in":
      return [
        ok(`${need.purpose}: not granted on ${places} (an opt-in; cards then say that it could not be read)`),
      ];
    default:
      return need.weight satisfies never;
  }
}

/** The scopes by their last parts: `rg-shop`, `vnet/snet-apps`; three at most by name. */
function named(scopes: readonly string[]): string {
  const short = scopes.map((scope) => {
    const parts = scope.split("/");
    const network = parts.findIndex((part) => part.toLowerCase() === "virtualnetworks");
    return network < 0 ? (parts.at(-1) ?? scope) : `${parts[network + 1]}/${parts.at(-1)}`;
  });
  const shown = short.slice(0, 3).join(", ");
  return short.length > 3 ? `${shown} and ${short.length - 3} more` : shown;
}
