import { expect, test } from "vitest";
import { accountKey } from "../../../src/domain/actor.ts";
import type { Policy } from "../../../src/domain/change/approval-policy.ts";
import type { Directory } from "../../../src/ports/directory.ts";

/** What every directory promises. `open` makes one in which `policy` is in force. */
export function directoryConformance(open: (policy: Policy) => Promise<Directory>): void {
  const teams = {
    platform: "teams",
    tenant: "11111111-1111-4111-8111-111111111111",
    user: "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
  } as const;
  const slack = { platform: "slack", tenant: "T0CONTOSO", user: "U0ANA" } as const;
  const policy: Policy = {
    version: "1",
    people: [{ id: "ana", name: "Ana Alvarez", accounts: [teams, slack] }],
    rules: [],
  };

  test("gives the policy in force", async () => {
    expect(await (await open(policy)).policy()).toEqual(policy);
  });

  test("knows one person behind several accounts, and shows the name of the policy, not the one that was sent", async () => {
    const directory = await open(policy);
    for (const account of [teams, slack]) {
      expect(await directory.personOf({ account, displayName: "Mallory" })).toEqual({
        id: "ana",
        name: "Ana Alvarez",
      });
    }
  });

  test("compares object ids without regard to case, and Slack ids with it", async () => {
    const directory = await open(policy);
    const shouted = { ...teams, tenant: teams.tenant.toUpperCase(), user: teams.user.toUpperCase() };
    expect(await directory.personOf({ account: shouted, displayName: "" })).toMatchObject({ id: "ana" });
    const whispered = { ...slack, user: "u0ana" };
    expect(await directory.personOf({ account: whispered, displayName: "" })).not.toMatchObject({
      id: "ana",
    });
  });

  test.each([
    ["of another tenant", { ...teams, tenant: "22222222-2222-4222-8222-222222222222" }],
    ["of another workspace", { ...slack, tenant: "T0OTHER" }],
    ["of another platform", { ...slack, platform: "teams" as const }],
    ["of a stranger", { ...slack, user: "U0EVE" }],
  ])("makes an account %s a person of its own, with no rights by name", async (_, account) => {
    const person = await (await open(policy)).personOf({ account, displayName: "ana" });
    expect(person).toEqual({ id: accountKey(account), name: "ana" });
  });

  test.each(["Ana Alvarez", "ana alvarez", "Ana\u00a0\u200bAlvarez", "Ána ALVAREZ", "Ａna Alvarez"])(
    "an account that nobody listed is not shown as the listed person whose name it took: %j",
    async (displayName) => {
      const eve = { ...slack, user: "U0EVE" };
      const person = await (await open(policy)).personOf({ account: eve, displayName });
      expect(person).toEqual({ id: accountKey(eve), name: `${displayName} (not listed)` });
    },
  );

  test("a guest whom nobody listed is no member of any group, and one who is listed is that person", async () => {
    const directory = await open(policy);
    const eve = { ...slack, user: "U0EVE" };
    const person = await directory.personOf({ account: eve, displayName: "Eve", guest: true });
    expect(person).toEqual({ id: `guest:${accountKey(eve)}`, name: "Eve" });
    expect(await directory.personOf({ account: slack, displayName: "", guest: true })).toMatchObject({
      id: "ana",
    });
  });
}
