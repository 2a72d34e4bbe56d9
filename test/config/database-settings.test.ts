import { describe, expect, test } from "vitest";
import { readEnvironment } from "../../src/config/read-environment.ts";
import { completeEnvironment } from "./complete-environment.ts";

const read = (environment: Readonly<Record<string, string>>) => readEnvironment(environment, "/srv/routebot");

describe("where everything is kept", () => {
  test("takes PostgreSQL in place of the embedded store", () => {
    const url = "postgres://routebot:password@db.example.com/routebot";
    expect(read({ ...completeEnvironment, DATABASE_URL: url }).settings?.store).toEqual({
      kind: "postgres",
      url,
      signIn: "address",
    });
  });

  test("signs in to PostgreSQL as the Azure identity, with an address that holds no password", () => {
    const environment = { ...completeEnvironment, ROUTEBOT_DATABASE_AUTH: "entra" };
    const url = "postgres://id-routebot@db.example.com/routebot";
    expect(read({ ...environment, DATABASE_URL: url }).settings?.store).toMatchObject({ signIn: "entra" });
    expect(read({ ...environment, DATABASE_URL: "postgres://id:x@db/routebot" }).problems).toMatchObject([
      { name: "DATABASE_URL", message: expect.stringContaining("take it out") },
    ]);
    expect(read(environment).problems).toMatchObject([{ name: "ROUTEBOT_DATABASE_AUTH" }]);
  });
});
