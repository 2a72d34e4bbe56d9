import { expect, test } from "vitest";
import { createRush } from "../../../src/adapters/http/rush.ts";
import { createSteppingClock } from "../../support/stepping-clock.ts";

test("many requests at once are a rush, which lasts a second longer than they do", () => {
  const server = { running: 0 };
  const clock = createSteppingClock();
  const isRushed = createRush(server, clock);
  expect(isRushed()).toBe(false);
  server.running = 7;
  expect(isRushed()).toBe(false);
  server.running = 8;
  expect(isRushed()).toBe(true);
  server.running = 0;
  expect(isRushed()).toBe(true);
});
