/**
 * `npm run -s bench -- --json` prints one JSON object; without --json the same as a table. docs/benchmarks.md says what each
 * figure means and what it is measured against. `--only NAME`, as often as wanted, measures those alone; `--long` also what takes
 * an hour.
 */
import { parseArgs } from "node:util";
import { measureAuditChain } from "./audit-chain.ts";
import { measureClickToVerified } from "./click-to-verified.ts";
import { measureColdStart } from "./cold-start.ts";
import { measureFleetAudit } from "./fleet-audit.ts";
import { measureSlackAck, measureTeamsAck } from "./inbound.ts";
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
  slackAck: () => measureSlackAck(values),
  teamsAck: () => measureTeamsAck(values),
} as const;

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
  },
});
const unknown = values.only?.find((name) => !Object.hasOwn(benchmarks, name));
if (unknown !== undefined) {
  process.stderr.write(
    `There is no benchmark ${unknown}; there are ${Object.keys(benchmarks).join(", ")}.\n`,
  );
  process.exit(1);
}
const results: Record<string, object> = {};
for (const [name, measure] of Object.entries(benchmarks)) {
  if (values.only !== undefined && !values.only.includes(name)) continue;
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
