import type { Command } from "commander";

export function addParkCommand(program: Command): void {
  program
    .command("park")
    .description("after a restore that Routebot cannot see: park everything that is open at the next start")
    .requiredOption("--because <text>", "why, for the audit; such as: disk snapshot of Monday restored")
    .action(async ({ because }: { readonly because: string }) => {
      const { say, withConfiguredStore } = await import("./store/configured-store.ts");
      process.exitCode = await withConfiguredStore(async ({ settings, name, tools }) => {
        const { openStore } = await import("../adapters/store/open-store.ts");
        const store = await openStore(settings, tools);
        try {
          await store.continuity.foundRestored(`${because} (${tools.clock.now().toISOString()})`);
        } finally {
          await store.close();
        }
        say(
          `${name}: at the next start everything that is open is parked. Restart every process that runs on it.`,
        );
        return 0;
      });
    });
}
