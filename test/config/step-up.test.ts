import { describe, expect, test } from "vitest";
import { policyContext } from "../../src/config/load-config.ts";
import { readEnvironment } from "../../src/config/read-environment.ts";
import { readPolicy } from "../../src/config/read-policy.ts";
import { completeEnvironment, completePolicy, ids } from "./complete-environment.ts";

const stepUp = {
  ROUTEBOT_STEPUP_CLIENT_ID: ids.app,
  ROUTEBOT_STEPUP_CLIENT_SECRET: "step-up-secret",
  ROUTEBOT_PUBLIC_URL: "https://routebot.example.com",
};
const read = (environment: Readonly<Record<string, string>>) =>
  readEnvironment({ ...completeEnvironment, ...environment }, "/srv");
const policy = completePolicy.replace("decideWithin: 30m", "stepUp: true");

describe("fresh sign-ins in the environment", () => {
  test("need all three variables, and https", () => {
    expect(read(stepUp).settings?.stepUp).toEqual({
      clientId: ids.app,
      clientSecret: "step-up-secret",
      publicUrl: "https://routebot.example.com",
      issuer: `https://login.microsoftonline.com/${ids.tenant}/v2.0`,
    });
    for (const name of Object.keys(stepUp)) {
      expect(read({ ...stepUp, [name]: "" }).problems).toMatchObject([
        { name, message: expect.stringContaining("need all three") },
      ]);
    }
    expect(read({ ...stepUp, ROUTEBOT_PUBLIC_URL: "http://127.0.0.1:3978" }).problems[0]).toMatchObject({
      message: expect.stringContaining("is not https"),
    });
  });
});

describe("a rule with stepUp", () => {
  test("is a problem while sign-ins are not set up, and none once they are", () => {
    const without = policyContext(read({}).values);
    expect(readPolicy(policy, without)).toMatchObject({
      kind: "invalid",
      problems: [{ name: "rules[0].stepUp", message: expect.stringContaining("is not set up") }],
    });
    const set = policyContext(read(stepUp).values);
    expect(readPolicy(policy, set)).toMatchObject({ kind: "policy", policy: { rules: [{ stepUp: true }] } });
  });

  test("warns of who cannot sign in, and of a break glass that is refused", () => {
    const set = policyContext(read(stepUp).values);
    const mute = policy
      .replace(`    teams: [${ids.ben}]\n`, "")
      .replace("stepUp: true", "stepUp: true\n    breakGlass: [ana]");
    const result = readPolicy(mute, set);
    expect(result.kind === "policy" && result.warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining("ben cannot approve, having no Teams account to sign in with"),
        expect.stringContaining("breakGlass is refused"),
      ]),
    );
  });
});
