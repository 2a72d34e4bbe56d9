import type { Command } from "commander";

/** Adds `routebot audit` with its subcommands. */
export function addAuditCommand(program: Command): void {
  const audit = program
    .command("audit")
    .description("export the audit, and verify an export offline")
    .addHelpText("after", "\ndocs/audit.md explains what is in it, what it proves and what not.");

  audit
    .command("export")
    .description("write the audit of the configured store to standard output")
    .option("--format <format>", "jsonl, which can be verified, or csv, for reading", "jsonl")
    .option("--from <time>", "from this time on, such as 2026-11-01 or 2026-11-01T08:00:00Z")
    .option("--to <time>", "before this time")
    .option("--site <site>", "only requests about this site: its name, SITE/SLOT or ARM id")
    .option("--request <id>", "only this change request, such as CR-12")
    .action(async (options: Readonly<Record<string, string>>) => {
      const { exportAudit } = await import("./audit/export-audit.ts");
      process.exitCode = await exportAudit(options);
    });

  audit
    .command("verify")
    .description("check a JSONL export against signed heads that were kept elsewhere; needs no database")
    .argument("<file>", "the export")
    .requiredOption("--anchor <file...>", "the anchor file; may be given several times")
    .requiredOption("--key <file...>", "public key (PEM) to trust; may be given several times")
    .action(async (file: string, options: { anchor: string[]; key: string[] }) => {
      const { verifyExport } = await import("./audit/verify-export.ts");
      process.exitCode = await verifyExport({ file, anchors: options.anchor, keys: options.key });
    });

  audit
    .command("key")
    .description("print the public half of the configured key, as PEM")
    .action(async () => {
      const { printPublicKey } = await import("./audit/export-audit.ts");
      process.exitCode = await printPublicKey();
    });
}
