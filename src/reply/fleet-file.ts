import { type FleetQuestion, type FleetRow, isAskedFor } from "../domain/fleet/fleet-row.ts";
import { legacySettings } from "../domain/routing/legacy-setting.ts";
import { routingPolicySubjects } from "../domain/routing/policy-preview.ts";
import { routingFlags } from "../domain/routing/routing-flag.ts";
import { csvLine } from "./csv-line.ts";

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
