import { type FleetQuestion, type FleetRow, isAskedFor } from "../domain/fleet/fleet-row.ts";
import { legacySettings } from "../domain/routing/legacy-setting.ts";
import { routingPolicySubjects } from "../domain/routing/policy-preview.ts";
import { routingFlags } from "../domain/routing/routing-flag.ts";

/** The columns of the file, in their order. */
const columns = [
  "site",
  "resourceGroup",
  "subscription",
  "location",
  "sku",
  "integration",
  "askedFor",
  ...routingFlags.map((flag) => `${flag} stored`),
  ...routingFlags.map((flag) => `${flag} effective`),
  ...routingPolicySubjects.map((subject) => `policy ${subject}`),
  ...legacySettings,
] as const;

/** The first line of the file. */
export function fleetFileHead(): string {
  return csvLine(columns);
}

/** One line of the file: every site that was seen, those that were asked for marked. */
export function fleetFileLine(row: FleetRow, question: FleetQuestion): string {
  return csvLine([
    row.label,
    row.resourceGroup,
    row.subscription,
    row.location,
    row.sku,
    row.integration,
    isAskedFor(row, question) ? "yes" : "no",
    ...routingFlags.map((flag) =>
      spelled(row.stored[flag], { yes: "on", no: "off", unsaid: "not reported" }),
    ),
    ...routingFlags.map((flag) => row.effective[flag]),
    ...routingPolicySubjects.map((subject) =>
      spelled(row.policies[subject], { yes: "complies", no: "fails", unsaid: "does not apply" }),
    ),
    ...legacySettings.map((setting) => row.legacy?.[setting] ?? "not read"),
  ]);
}

function spelled(
  value: boolean | undefined,
  words: { readonly yes: string; readonly no: string; readonly unsaid: string },
): string {
  if (value === undefined) return words.unsaid;
  return value ? words.yes : words.no;
}

/** One record as RFC 4180 has it, every cell in quotes. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${inert(cell).replaceAll('"', '""')}"`).join(",")}\r\n`;
}

/**
 * A spreadsheet takes a cell that begins with one of these for a formula, quotes or not; an apostrophe before it makes it text
 * (OWASP, "CSV injection"). Line breaks within a name become spaces, so that no later line can begin with one.
 */
function inert(cell: string): string {
  const line = cell.replace(/[\r\n\v\f\u0085\u2028\u2029]+/g, " ");
  return /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(line.trimStart()) || /^[\t\r]/.test(cell)
    ? `'${line}`
    : line;
}
