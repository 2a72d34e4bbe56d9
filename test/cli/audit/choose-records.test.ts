import { expect, test } from "vitest";
import { type Choice, chooseRecords } from "../../../src/cli/audit/choose-records.ts";
import type { AuditEvent } from "../../../src/domain/change/audit-event.ts";
import { chainOf } from "../../support/audit-samples.ts";

const site = "/subscriptions/s/resourcegroups/rg-shop/providers/microsoft.web/sites/app-x";
const opened = (request: AuditEvent["request"], details: Record<string, string>) =>
  ({ kind: "opened", request, details }) as const;
const moved = (request: AuditEvent["request"]) => ({ kind: "moved", request, details: {} }) as const;

/** One an hour: app-x, its slot, two sites in one request, a name that only ends like app-x, and the key. */
const events = [
  opened("CR-1", { site }),
  opened("CR-2", { site: `${site}/slots/staging` }),
  opened("CR-3", { "site 1": site.replace("app-x", "app-y"), "site 2": site }),
  opened("CR-4", { site: site.replace("app-x", "my-app-x"), reason: "app-x" }),
  moved("CR-1"),
  moved("CR-3"),
  { kind: "sealing-key", details: { key: "1" } } as const,
].map((event, hour): AuditEvent => ({ ...event, at: new Date(Date.UTC(2026, 10, 1, hour)) }));

async function* all() {
  yield* chainOf(events);
}
const chosen = async (choice: Choice) => {
  const found: number[] = [];
  for await (const { seq } of chooseRecords(all(), choice)) found.push(seq);
  return found;
};
const hour = (number: number) => new Date(Date.UTC(2026, 10, 1, number));

test.each<[string, Choice, readonly number[]]>([
  ["everything", {}, [1, 2, 3, 4, 5, 6, 7]],
  ["a site by name, with all that followed", { site: "APP-X" }, [1, 3, 5, 6]],
  ["a slot", { site: "app-x/Staging" }, [2]],
  ["a site by its ARM id", { site: site.toUpperCase() }, [1, 3, 5, 6]],
  ["a slot by its ARM id", { site: `${site}/slots/staging` }, [2]],
  ["a request", { request: "CR-3" }, [3, 6]],
  ["from a moment on", { from: hour(5) }, [6, 7]],
  ["before a moment", { to: hour(1) }, [1]],
  ["a site's requests that were opened earlier", { site: "app-x", from: hour(4), to: hour(5) }, [5]],
  ["nothing", { request: "CR-3", site: "my-app-x" }, []],
])("%s", async (_, choice, expected) => {
  expect(await chosen(choice)).toEqual(expected);
});
