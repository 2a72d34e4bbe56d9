import { describe, expect, test } from "vitest";
import type { Account } from "../../../src/domain/actor.ts";
import type { Policy, Rule } from "../../../src/domain/change/approval-policy.ts";
import type { ChangeRequest } from "../../../src/domain/change/change-request.ts";
import { approvalsStillCount, approve, hindranceFor, reject } from "../../../src/domain/change/decisions.ts";
import { withMembers } from "../../../src/domain/change/group-members.ts";
import type { Step } from "../../../src/domain/change/step.ts";
import { changeRequestCard } from "../../../src/reply/change-request-card.ts";
import { pending, robinsAccount } from "../../contract/change-requests-samples.ts";

/** The policy file may be edited between the moment somebody asks or approves and the moment that counts. */

const at = new Date("2026-11-22T12:30:00Z");
const account = (user: string): Account => ({ platform: "slack", tenant: "T1", user });
const person = (id: string, ...accounts: Account[]) => ({ id, name: id, accounts });
const rule: Rule = {
  name: "shops",
  sites: { subscriptions: ["*"], resourceGroups: ["*"], names: ["*"] },
  request: ["*"],
  approve: ["robin", "ana", "ben", "eve"],
  quorum: 1,
  decideWithinMs: 1,
  applyWithinMs: 1,
};
const ana = person("ana", account("UANA"));
const ben = person("ben", account("UBEN"));
const policy = (people: Policy["people"], changed: Partial<Rule> = {}): Policy => ({
  version: "1",
  people,
  rules: [{ ...rule, ...changed }],
});

function decide(request: ChangeRequest, user: string, policy: Policy): Step {
  const key = account(user);
  const known = policy.people.find(({ accounts }) => accounts.some((one) => one.user === user));
  const who = known ?? { id: `slack:T1/${user}`, name: user };
  return approve(
    request,
    { person: { id: who.id, name: who.name }, account: key, surface: "button", at, policy },
    request.plan.fingerprint,
  );
}

function moved(step: Step): ChangeRequest {
  if (step.kind !== "moved") throw new Error(step.refusal.code);
  return step.to;
}

const refusalOf = (step: Step) => (step.kind === "refused" ? step.refusal.code : step.to.state);

describe("one's own request", () => {
  test("cannot be approved or rejected under an id that the account got after asking", () => {
    const stranger = { id: "slack:T1/U1", name: "Robin" };
    for (const requester of [stranger, { id: "robin-before", name: "Robin" }]) {
      const request = { ...pending(1), requester };
      const listed = policy([person("robin", robinsAccount), ana]);
      expect(refusalOf(decide(request, "U1", listed))).toBe("self-approval");
      const acting = { person: { id: "robin", name: "Robin" }, account: robinsAccount, at, policy: listed };
      expect(refusalOf(reject(request, { ...acting, surface: "button" }, "no"))).toBe("self-approval");
    }
  });

  test("cannot be approved from another account of the person who asked from an unlisted one", () => {
    const request = { ...pending(1), requester: { id: "slack:T1/U1", name: "Robin" } };
    const listed = policy([person("robin", robinsAccount, account("UOTHER")), ana]);
    expect(refusalOf(decide(request, "UOTHER", listed))).toBe("self-approval");
  });

  test("that was approved by an account which turns out to be the requester's does not count", () => {
    const request = moved(decide(pending(1), "UANA", policy([ana, ben])));
    expect(approvalsStillCount(request, policy([ana, ben]))).toBe(true);
    expect(approvalsStillCount(request, policy([person("ana", account("UANA"), robinsAccount), ben]))).toBe(
      false,
    );
  });
});

describe("a delegate of whoever asked", () => {
  const since = new Date("2026-11-20T00:00:00Z");
  const until = new Date("2026-11-30T00:00:00Z");
  const people = [person("robin", robinsAccount), ana, ben];
  const delegating = (approvers: readonly string[], more: Partial<Rule> = {}, ...from: readonly string[]) =>
    withMembers(
      {
        ...policy(people, { approve: approvers, ...more }),
        delegates: from.map((one) => ({ person: one, to: "ana", since, until })),
      },
      new Map(),
      at,
    );

  test("does not approve it in that person's place", () => {
    const inPlace = delegating(["robin", "ben"], {}, "robin");
    expect(refusalOf(decide(pending(1), "UANA", inPlace))).toBe("not-an-approver");
    const before = moved(decide(pending(1), "UANA", delegating(["ana", "ben"])));
    expect(approvalsStillCount(before, inPlace)).toBe(false);
    const acting = { person: { id: "ben", name: "ben" }, account: account("UBEN"), policy: inPlace };
    expect(hindranceFor(pending(1), acting)).toBeUndefined();
  });

  test("does so with a right of their own, in somebody else's place, or where own requests may be approved", () => {
    for (const able of [
      delegating(["robin", "ana"], {}, "robin"),
      delegating(["robin", "ben"], {}, "robin", "ben"),
      delegating(["robin"], { selfApproval: true }, "robin"),
    ]) {
      expect(refusalOf(decide(pending(1), "UANA", able))).toBe("approved");
    }
  });

  test("of several rules needs a right of their own under each", () => {
    const own = delegating(["robin", "ana"], { flags: ["applicationTraffic"] }, "robin");
    const inPlace = delegating(["robin", "ben"], { name: "others" }, "robin");
    const both = { ...own, rules: [...own.rules, ...inPlace.rules] };
    const { plan } = pending(1);
    const entry = { ...plan.entries[0], changes: { applicationTraffic: true, contentShareTraffic: true } };
    const request: ChangeRequest = { ...pending(1), plan: { ...plan, entries: [entry] } };
    expect(refusalOf(decide(request, "UANA", both))).toBe("not-an-approver");
  });
});

describe("an approval", () => {
  test("does not count once its account was taken from its person", () => {
    const request = moved(decide(pending(1), "UANA", policy([ana, ben])));
    expect(approvalsStillCount(request, policy([person("ana", account("UNEW")), ben]))).toBe(false);
    expect(
      approvalsStillCount(request, policy([person("ana", account("UNEW")), person("eve", account("UANA"))])),
    ).toBe(false);
  });

  test("of somebody who left is not part of the quorum, and others can still complete it", () => {
    const two = { quorum: 2 };
    const eve = person("eve", account("UEVE"));
    const first = moved(decide(pending(1), "UANA", policy([ana, ben, eve], two)));
    const without = policy([ben, eve], { ...two, approve: ["ben", "eve"] });
    const second = moved(decide(first, "UBEN", without));
    expect(second.state).toBe("pending");
    expect(changeRequestCard(second).summary).toContain("One approval by");
    const third = moved(decide(second, "UEVE", without));
    expect(third.state).toBe("approved");
    expect(approvalsStillCount(third, without)).toBe(true);
  });

  test("of a member of a group that cannot be read at this moment is not lost, and not relied on", () => {
    const people = [person("robin", robinsAccount), ana, ben];
    const two = policy(people, { quorum: 2 });
    const request = { ...pending(1), terms: { ...pending(1).terms, quorum: 2 } };
    const once = moved(decide(request, "UANA", two));
    const away = policy(people, { quorum: 2, approve: ["ben"], unreadable: ["on-call"] });
    const twice = moved(decide(once, "UBEN", away));
    expect(twice.approvals.map(({ person: by }) => by.id)).toEqual(["ana", "ben"]);
    expect(twice.state).toBe("approved");
    expect(approvalsStillCount(twice, away)).toBe(false);
    expect(approvalsStillCount(twice, two)).toBe(true);
    const left = policy(people, { quorum: 2, approve: ["ben"] });
    expect(moved(decide(once, "UBEN", left)).approvals.map(({ person: by }) => by.id)).toEqual(["ben"]);
  });

  test("under a quorum that was raised meanwhile says how many are still needed", () => {
    const request = moved(decide(pending(1), "UANA", policy([ana, ben], { quorum: 3 })));
    expect(request.state).toBe("pending");
    expect(changeRequestCard(request).summary).toContain("2 approvals by ben,");
  });
});
