import { expect, test } from "vitest";
import { readEnvironment } from "../../src/config/read-environment.ts";
import { completeEnvironment } from "./complete-environment.ts";

test("how much one person may send is configured, and nobody is locked out by mistake", () => {
  const given = { ROUTEBOT_MESSAGES_PER_MINUTE: "5", ROUTEBOT_CLICKS_PER_MINUTE: "7" };
  const { settings } = readEnvironment({ ...completeEnvironment, ...given }, "/srv");
  expect(settings?.admission).toEqual({ messagesPerMinute: 5, clicksPerMinute: 7 });

  const none = readEnvironment({ ...completeEnvironment, ROUTEBOT_MESSAGES_PER_MINUTE: "0" }, "/srv");
  expect(none.problems.map(({ name }) => name)).toEqual(["ROUTEBOT_MESSAGES_PER_MINUTE"]);
});
