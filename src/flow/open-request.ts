import type { Account, Person } from "../domain/actor.ts";
import type { Policy, Rule, RuleTerms } from "../domain/change/approval-policy.ts";
import {
  type ChangeRequest,
  type RequestBase,
  type RequestId,
  requestId,
  type Surface,
} from "../domain/change/change-request.ts";
import type { ChangePlan, PlanEntry } from "../domain/change/plan.ts";
import type { Refusal } from "../domain/failure.ts";
import { flagOfLegacySetting } from "../domain/routing/legacy-setting.ts";
import { targetKey, targetLabel } from "../domain/target.ts";
import type { Effects, OpenResult, Owed, Prompt } from "../ports/change-requests.ts";
import type { Place } from "../ports/chat.ts";
import type { Job } from "../ports/work.ts";
import { maxReasonLength } from "../reply/change-request-card.ts";
import type { View } from "../reply/view.ts";
import { cardsForApprovers } from "./cards-for-approvers.ts";
import { cardsBeside, jobsOnApproval } from "./commit-step.ts";
import type { Flow } from "./flow.ts";

/** For the audit: of several sites, each has its number. */
function detailsOf({ entries }: ChangePlan): Record<string, string> {
  const details = entries.map((entry, index) => {
    const number = entries.length === 1 ? "" : ` ${index + 1}`;
    return {
      [`site${number}`]: targetKey(entry.target),
      [`changes${number}`]: JSON.stringify(entry.changes),
      ...(entry.settings.length > 0
        ? {
            [`settings${number}`]: JSON.stringify(entry.settings),
            [`settingsBefore${number}`]: JSON.stringify(entry.before.legacy),
          }
        : {}),
      [`before${number}`]: JSON.stringify(entry.before.storedMap),
    };
  });
  return Object.assign({}, ...details);
}

/** What a new request is made of. `extra` is what makes it more than a plain change. */
export type Basis = {
  readonly plan: ChangePlan;
  readonly terms: RuleTerms;
  readonly decideWithinMs: number;
  readonly requester: Person;
  readonly account: Account;
  readonly reason?: string | undefined;
  readonly place: Place;
  readonly extra?: Pick<RequestBase, "wish" | "follows" | "permit" | "lastsMs" | "extends">;
  readonly surface?: Surface;
  /** Id of the message that asks for it. */
  readonly answers?: string;
  /** What is recorded of the temporary change that this one ends. */
  readonly aftercare?: (id: RequestId) => NonNullable<Effects["aftercare"]>;
  /** The rule in force: whom it has told, and when it reminds of a request that waits. */
  readonly under?: { readonly rule: Rule; readonly policy: Policy };
  /** A question to one person that comes with the request, and how it is said. */
  readonly asks?: (request: ChangeRequest) => { readonly prompt: Prompt; readonly said: Owed };
  /** Other cards that look different from now on. */
  readonly alsoOwed?: readonly Owed[];
  /** What is said beside the card, once the id of the new request is known. */
  readonly alsoSaid?: (id: RequestId) => View;
  /** `allowed`: an open request that wants the same, or the opposite, does not keep this one from being asked. */
  readonly besideOpen?: "allowed";
};

/**
 * Stores a new request, with its card, its audit event and its first jobs. It waits for approval, unless a permit lets it be
 * written without.
 */
export async function openRequest(flow: Flow, basis: Basis): Promise<OpenResult> {
  const { plan, terms, requester, account, place, extra = {}, surface, reason } = basis;
  const number = await flow.requests.nextNumber();
  const at = flow.clock.now();
  const base: RequestBase = {
    id: requestId(number),
    number,
    revision: 1,
    plan,
    requester,
    requesterAccount: account,
    ...(reason === undefined ? {} : { reason: reason.slice(0, maxReasonLength) }),
    openedAt: at,
    terms,
    decideBy: new Date(at.getTime() + basis.decideWithinMs),
    approvals: [],
    ...extra,
  };
  const request: ChangeRequest =
    extra.permit === undefined
      ? { ...base, state: "pending" }
      : { ...base, state: "approved", approvedAt: at, applyBy: new Date(at.getTime() + terms.applyWithinMs) };
  const asked = basis.asks?.(request);
  const isOurs = extra.permit?.kind === "revert";
  return await flow.requests.open({
    request,
    check: (others) => conflictWith(others.filter(inTheWayOf(basis)), request),
    effects: {
      events: [
        {
          kind: "opened",
          at,
          request: request.id,
          ...(isOurs ? {} : { person: requester, account }),
          ...(surface === undefined ? {} : { surface }),
          to: request.state,
          fingerprint: plan.fingerprint,
          policyVersion: terms.policyVersion,
          details: {
            rule: terms.rule,
            quorum: String(terms.quorum),
            ...(request.reason === undefined ? {} : { reason: request.reason }),
            ...detailsOf(plan),
            ...detailsOfExtra(extra),
          },
        },
      ],
      owed: [
        { kind: "card", key: `${request.id}:card`, place, request: request.id },
        ...(basis.under && request.state === "pending"
          ? cardsForApprovers(flow, request, { ...basis.under, place })
          : []),
        ...(await cardsBeside(flow, request)),
        ...(asked ? [asked.said] : []),
        ...(basis.alsoOwed ?? []),
        ...(basis.alsoSaid
          ? [
              {
                kind: "message",
                key: `${request.id}:asked`,
                place,
                view: basis.alsoSaid(request.id),
              } as const,
            ]
          : []),
      ],
      jobs:
        request.state === "approved"
          ? jobsOnApproval(request)
          : jobsWhilePending(request, basis.under?.rule.remind?.afterMs),
      ...(asked ? { prompts: [asked.prompt] } : {}),
      ...(basis.answers === undefined ? {} : { answers: basis.answers }),
      ...(basis.aftercare === undefined ? {} : { aftercare: basis.aftercare(request.id) }),
    },
  });
}

/**
 * Which open requests may keep a new one from being opened. What was approved to end ends, whatever else is open, and so does
 * what people have to be asked about then; an undo at once gives way only to the same undo.
 */
function inTheWayOf({ extra, besideOpen }: Basis): (other: ChangeRequest) => boolean {
  if (extra?.permit?.kind === "revert" || besideOpen === "allowed") return () => false;
  if (extra?.permit === undefined) return () => true;
  return ({ follows, state }) => state !== "pending" && follows?.of === extra.follows?.of;
}

function jobsWhilePending(
  { id, openedAt, decideBy }: RequestBase,
  remindAfterMs: number | undefined,
): readonly Job[] {
  return [
    { kind: "deadline", request: id, at: decideBy },
    ...(remindAfterMs === undefined
      ? []
      : [{ kind: "remind", request: id, at: new Date(openedAt.getTime() + remindAfterMs) } as const]),
  ];
}

/** For the audit: what makes the request more than a plain change. */
function detailsOfExtra({ follows, permit, lastsMs, extends: extension }: NonNullable<Basis["extra"]>) {
  const details: Record<string, string> = {
    ...(follows ? { [follows.kind]: follows.of } : {}),
    ...(permit ? { permit: permit.kind } : {}),
    ...(permit?.kind === "quick-undo" ? { as: permit.as } : {}),
    ...(lastsMs === undefined ? {} : { lastsSeconds: String(Math.round(lastsMs / 1_000)) }),
    ...(extension ? { extends: extension.of, until: extension.until.toISOString() } : {}),
  };
  return details;
}

/**
 * Two requests for one site: the same wish a second time, or an opposite one, is refused while the first is open. Others
 * may wait side by side; the one that is applied second finds a changed site and becomes stale, as it should.
 */
function conflictWith(others: readonly ChangeRequest[], request: ChangeRequest): Refusal | undefined {
  for (const entry of request.plan.entries) {
    const wanted = wishesOf(entry);
    for (const other of others) {
      const same = other.plan.entries.find(({ target }) => targetKey(target) === targetKey(entry.target));
      const open = new Map(same ? wishesOf(same) : []);
      const shared = wanted.filter(([flag]) => open.has(flag));
      const opposite =
        shared.some(([flag, value]) => open.get(flag) !== value) ||
        coversWhatIsTurnedOff(new Map(wanted), open) ||
        coversWhatIsTurnedOff(open, new Map(wanted));
      if (shared.length === 0 && !opposite) continue;
      const label = targetLabel(entry.target);
      return {
        code: "opposite-request-open",
        message: opposite
          ? `${other.id} for ${label} is open and asks for the opposite. Decide or cancel it first, then ask again.`
          : `${other.id} for ${label} is open and asks for the same. Decide that one, or cancel it and ask again.`,
      };
    }
  }
  return undefined;
}

/** `allTraffic` routes everything, whatever the other flags say. */
function coversWhatIsTurnedOff(one: Wishes, other: Wishes): boolean {
  return one.get("allTraffic") === true && [...other.values()].includes(false);
}

type Wishes = ReadonlyMap<string, boolean | undefined>;

/** What an entry is about, flag by flag; a legacy setting counts as the flag that it stands for. */
function wishesOf({ changes, settings }: PlanEntry): readonly (readonly [string, boolean | undefined])[] {
  const edits = settings.map(({ setting, to }) => [flagOfLegacySetting[setting], to === "on"] as const);
  return [...Object.entries(changes), ...edits];
}
