import type { Command } from "commander";

export function addMigrateCommand(program: Command): void {
  program
    .command("migrate")
    .description("bring the tables of the configured store up to date; serve does the same at its start")
    .action(async () => {
      const { say, withConfiguredStore } = await import("./store/configured-store.ts");
      process.exitCode = await withConfiguredStore(async ({ settings, name, tools }) => {
        const { migrateStore } = await import("../adapters/store/open-store.ts");
        const { before, after } = await migrateStore(settings, tools);
        const was =
          before >= after ? "as it was" : before === 0 ? "which are new" : `before it was ${before}`;
        say(`${name}: the tables are at level ${after}, ${was}.`);
        return 0;
      });
    });
}
