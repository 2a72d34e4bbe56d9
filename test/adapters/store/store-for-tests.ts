import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../src/adapters/clock/system-clock.ts";
import {
  openStoreParts,
  type StoreParts,
  type StoreSettings,
} from "../../../src/adapters/store/open-store.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { type StoreUnderTest, waitUntil } from "../../contract/work-harness.ts";
import { createMemoryLog, type MemoryLog } from "../../support/memory-log.ts";

/** An open store, with its log and where it is. */
export type TestStore = StoreParts &
  StoreUnderTest & { readonly log: MemoryLog; readonly settings: StoreSettings };

export async function openTestStore(settings: StoreSettings, clock: Clock = systemClock): Promise<TestStore> {
  const log = createMemoryLog();
  const store = await openStoreParts(settings, { clock, log });
  return { ...store, log, settings, clock, until: waitUntil };
}

/** A new directory below the system's temporary one, for an embedded store, and its removal. */
export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "routebot-store-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Everything that comes, in one list. */
export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
