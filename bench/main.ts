/**
 * `npm run -s bench -- --json` prints one JSON object; without --json the same as a table. docs/benchmarks.md says what each
 * figure means and what it is measured against.
 */
import { parseArgs } from "node:util";
import { measureAuditChain } from "./audit-chain.ts";
import { measureClickToVerified } from "./click-to-verified.ts";
import { measureColdStart } from "./cold-start.ts";
import { measureFleetAudit } from "./fleet-audit.ts";
import { benchParse } from "./parse.ts";
import { measurePending } from "./pending.ts";
import { benchResolve } from "./resolve.ts";

/** In the order in which they run; one after the other, so that none disturbs another. */
const benchmarks = {
  parse: benchParse,
  resolve: benchResolve,
  auditChain: measureAuditChain,
  pending: measurePending,
  coldStart: measureColdStart,
  clickToVerified: measureClickToVerified,
  fleetAudit: measureFleetAudit,
} as const;

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const results: Record<string, object> = {};
for (const [name, measure] of Object.entries(benchmarks)) {
  process.stderr.write(`Measuring ${name} …\n`);
  results[name] = await measure();
}
process.stdout.write(values.json ? `${JSON.stringify(results)}\n` : tableOf(results));

function tableOf(all: Readonly<Record<string, object>>): string {
  const rows = Object.entries(all).flatMap(([name, figures]) =>
    Object.entries(figures).map(([figure, value]) => {
      const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
      return `${`${name}.${figure}`.padEnd(40)} ${shown}\n`;
    }),
  );
  return rows.join("");
}
