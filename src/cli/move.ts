import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";

type Options = { readonly from: string; readonly giveUp?: true };

export function addMoveCommand(program: Command): void {
  program
    .command("move")
    .description("move an embedded store to the PostgreSQL database that DATABASE_URL names")
    .requiredOption(
      "--from <directory>",
      "the data directory of the embedded store; its Routebot has to be stopped",
    )
    .option("--give-up", "take back a move that was broken off, and use the embedded store again")
    .addHelpText("after", "\ndocs/operations.md tells what is moved, and what people have to decide again.")
    .action(async (options: Options) => {
      process.exitCode = await move(options);
    });
}

async function move({ from, giveUp }: Options): Promise<number> {
  const { say, withConfiguredStore } = await import("./store/configured-store.ts");
  return await withConfiguredStore(async ({ config, settings, name, tools }) => {
    if (settings.kind !== "postgres") {
      throw new Error("DATABASE_URL is not set; set it to the new, empty database.");
    }
    const directory = resolve(from);
    const { giveUpMove, moveStore } = await import("../adapters/store/move/move-store.ts");
    if (giveUp) {
      await giveUpMove({ from: directory, to: settings, name });
      say(`${directory} is used again; nothing was moved.`);
      return 0;
    }
    const moved = await moveStore({ from: directory, to: settings, name }, tools);
    say(
      moved.kind === "before"
        ? `The store in ${directory} is in ${name} already, from a run before this one; it is marked as moved now.`
        : `Moved ${directory} to ${name}: ${count(moved.rows.change_request, "change request")}, ${count(moved.auditRecords, "audit record")} (the chain was computed anew and ends alike), ${count(moved.jobs, "thing")} still to do.`,
    );
    say(
      "What was approved, and changes that were to be turned back in time, are parked at the first start: people decide again.",
    );
    const key = join(directory, "audit-key.pem");
    if (config.audit.key === "off" && existsSync(key)) {
      say(
        `Set ROUTEBOT_AUDIT_KEY_FILE to ${key}, or to a copy of it, so that the audit goes on being signed.`,
      );
    }
    return 0;
  });
}

function count(number: number | undefined, what: string): string {
  return `${number ?? 0} ${what}${number === 1 ? "" : "s"}`;
}
