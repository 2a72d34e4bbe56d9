import { describe, expect, test } from "vitest";
import type { ChangeRequest } from "../../src/domain/change/change-request.ts";
import type { Viewer } from "../../src/domain/change/viewer.ts";
import { changeRequestCard } from "../../src/reply/change-request-card.ts";
import { approved, pending } from "../contract/change-requests-samples.ts";

const request = pending(7);
const verbs = (of: ChangeRequest, viewer?: Viewer) =>
  changeRequestCard(of, { viewer }).actions.map(({ verb }) => verb);
const words = (viewer: Viewer) => JSON.stringify(changeRequestCard(request, { viewer }).blocks);

describe("the card of a request", () => {
  test("for everybody has all buttons and says that it differs by person, until it has ended", () => {
    expect(verbs(request)).toEqual(["approve", "reject", "cancel"]);
    expect(changeRequestCard(request).perPerson).toBe(request.id);
    const ended: ChangeRequest = { ...request, state: "expired", endedAt: request.openedAt, limit: "decide" };
    expect(changeRequestCard(ended)).not.toHaveProperty("perPerson");
  });

  test("for an approver has the buttons, but not to approve twice", () => {
    expect(verbs(request, { kind: "approver", hasApproved: false })).toEqual(["approve", "reject", "cancel"]);
    const again: Viewer = { kind: "approver", hasApproved: true };
    expect(verbs(request, again)).toEqual(["reject", "cancel"]);
    expect(words(again)).toContain("You have approved it");
  });

  test("for the requester can be cancelled, and says who decides", () => {
    const viewer: Viewer = { kind: "requester", why: "Somebody else has to approve it." };
    expect(verbs(request, viewer)).toEqual(["cancel"]);
    expect(verbs(approved(request), viewer)).toEqual(["cancel"]);
    expect(words(viewer)).toContain("Somebody else has to approve it.");
  });

  test("for others has no buttons, and says why", () => {
    const viewer: Viewer = { kind: "other", why: "You are not an approver." };
    expect(verbs(request, viewer)).toEqual([]);
    expect(words(viewer)).toContain("You are not an approver.");
  });

  test("for anybody can be asked for anew while the request is open", () => {
    const viewer: Viewer = { kind: "approver", hasApproved: true };
    for (const one of [request, approved(request)])
      expect(changeRequestCard(one, { viewer })).toMatchObject({ perPerson: one.id });
  });
});
