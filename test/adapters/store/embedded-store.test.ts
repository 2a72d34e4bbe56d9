import { cpSync } from "node:fs";
import { afterAll } from "vitest";
import { temporaryDirectory } from "./store-for-tests.ts";
import { testStore } from "./store-suite.ts";

const directories: ReturnType<typeof temporaryDirectory>[] = [];
afterAll(() => {
  for (const directory of directories) directory.remove();
});

testStore(
  async () => {
    const directory = temporaryDirectory();
    directories.push(directory);
    return { kind: "embedded", directory: directory.path };
  },
  {
    races: 50,
    elsewhere: async (settings) => {
      if (settings.kind !== "embedded") throw new Error("no directory");
      const copy = temporaryDirectory();
      directories.push(copy);
      cpSync(settings.directory, copy.path, { recursive: true });
      return { kind: "embedded", directory: copy.path };
    },
  },
);
