import type { TargetReference } from "../../domain/command.ts";
import { azCommandForChange } from "../../domain/routing/az-command.ts";
import { type FlagValues, flagsIn } from "../../domain/routing/routing-flag.ts";
import { mapSays } from "../../domain/routing/routing-map.ts";
import { type SiteObservation, siteLabel } from "../../domain/routing/site-observation.ts";
import { targetLabel } from "../../domain/target.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RoutingService } from "../../ports/routing-service.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

export type LiveTest = {
  readonly reference: TargetReference;
  readonly routing: RoutingService;
  readonly clock: Clock;
  /** Whether the identity has subnets/join/action on a subnet; `unknown` when that cannot be read. */
  readonly mayJoin: (subnetId: string) => Promise<boolean | "unknown">;
  /** Shows what would be done, and resolves to whether the operator wants it. */
  readonly consent: (question: string) => Promise<boolean>;
};

type RoutingMap = Readonly<Record<string, unknown>>;

const writeTimeoutMs = 60_000;
const verifyWithinMs = 120_000;
/** The linked right that Azure may ask for. */
export const joinAction = "Microsoft.Network/virtualNetworks/subnets/join/action";

/**
 * Tries on a real site what no documentation says: whether a PATCH of the routing alone is taken and whether the map is merged or
 * replaced, whether that needs the right to join the subnet, and whether managedIdentityTraffic can be written. It
 * changes two flags for a moment and puts the map back as it was; nothing is sent without consent.
 */
export async function testLive(test: LiveTest): Promise<readonly Finding[]> {
  const site = await observe(test);
  if ("result" in site) return [site];
  const unfit = unfitness(site);
  if (unfit !== undefined) return [unfit];
  const label = siteLabel(site);
  const question = [
    `On ${label} (${site.target.resourceId})`,
    `backupRestoreTraffic and managedIdentityTraffic are turned around for a moment, with PATCH and api-version ${site.apiVersion},`,
    "should Azure replace the whole map, its other flags read off for that moment too,",
    "and the routing is then put back as it is now. No approval is asked for, and the site may recycle.",
    "Take a site that nobody needs. Go on?",
  ].join(" ");
  if (!(await test.consent(question))) {
    return [warning(`Nothing was sent to ${label}.`, "Answer yes, or give --yes where nobody can answer.")];
  }
  const findings: Finding[] = [];
  try {
    findings.push(...(await tryOut(test, site)));
  } finally {
    findings.push(await putBack(test, site));
  }
  return findings;
}

async function observe({ reference, routing }: LiveTest): Promise<SiteObservation | Finding> {
  const found = await routing.find(reference);
  switch (found.kind) {
    case "found": {
      const read = await routing.observe(found.target, { withoutAppSettings: true });
      if (read.kind === "observed") return read.observation;
      const why = read.kind === "failed" ? read.failure.message : "It is no longer there.";
      return problem(
        `${targetLabel(found.target)} could not be read. ${why}`,
        "See what is said about Azure above.",
      );
    }
    case "several":
    case "all":
      return problem(
        "Several sites have this name.",
        "Name the resource group as well: --resource-group NAME.",
      );
    case "none":
      return problem(
        "There is no such site in ROUTEBOT_SUBSCRIPTIONS.",
        found.suggestions.length > 0
          ? `Did you mean ${found.suggestions.slice(0, 3).map(targetLabel).join(", ")}?`
          : "Look at its name; a slot is NAME/SLOT.",
      );
    case "failed":
      return problem(found.failure.message, "See what is said about Azure above.");
    default:
      return found satisfies never;
  }
}

function unfitness(site: SiteObservation): Finding | undefined {
  const label = siteLabel(site);
  if (site.generation === "legacy") {
    return problem(
      `This cloud has no outboundVnetRouting (${site.apiVersion}): there is nothing to try.`,
      "Nothing; the older properties are documented.",
    );
  }
  if (site.integration.kind !== "regional" || site.securedByPerimeter) {
    return problem(
      `${label} has no regional integration of its own to decide about.`,
      "Name a site that is joined to a virtual network, without a network security perimeter.",
    );
  }
  if (site.operationInProgress !== undefined) {
    return problem(`Another operation is in progress on ${label}.`, "Try again when it has finished.");
  }
  return undefined;
}

async function tryOut(test: LiveTest, site: SiteObservation): Promise<readonly Finding[]> {
  const backup = site.storedMap.backupRestoreTraffic !== true;
  const whole = { ...site.storedMap, backupRestoreTraffic: backup };
  const first = await send(test, site, whole);
  const mayJoin =
    site.integration.kind === "regional" ? await test.mayJoin(site.integration.subnetId) : "unknown";
  if (first.kind !== "equal") {
    return [
      problem(`a: PATCH of the whole map: ${first.why}`, first.todo),
      ...(first.missingAction === joinAction
        ? [
            problem(
              `d: PATCH without a subnet id needs ${joinAction}.`,
              "Give the identity that right on the subnet.",
            ),
          ]
        : []),
    ];
  }
  return [
    ok("a: PATCH of the whole map is taken, and reads back as sent"),
    await mergesOrReplaces(test, site, backup),
    joinVerdict(mayJoin),
    await identityFlag(test, site),
  ];
}

/** With one flag turned around, a PATCH of another key alone shows what becomes of the keys that it leaves out. */
async function mergesOrReplaces(test: LiveTest, site: SiteObservation, backup: boolean): Promise<Finding> {
  const probe = backup
    ? undefined
    : await send(test, site, { ...site.storedMap, backupRestoreTraffic: true });
  if (probe !== undefined && probe.kind !== "equal") {
    return warning(`a: merge or replace could not be tried: ${probe.why}`, probe.todo);
  }
  const alone = await send(test, site, { contentShareTraffic: site.storedMap.contentShareTraffic === true });
  if (alone.kind !== "equal") return warning(`a: a PATCH of one key alone: ${alone.why}`, alone.todo);
  return alone.site.storedMap.backupRestoreTraffic === true
    ? ok("a: the map is merged: keys that a PATCH leaves out stay as they are")
    : ok("a: the map is replaced: keys that a PATCH leaves out become false; Routebot sends all of them");
}

function joinVerdict(mayJoin: boolean | "unknown"): Finding {
  if (mayJoin === false) return ok(`d: PATCH without a subnet id does not need ${joinAction}`);
  return warning(
    mayJoin
      ? `d: cannot be told: the identity has ${joinAction}.`
      : `d: cannot be told: whether the identity has ${joinAction} could not be read.`,
    "Take that right away and run this again, if you want to do without it.",
  );
}

async function identityFlag(test: LiveTest, site: SiteObservation): Promise<Finding> {
  const stored = site.storedMap.managedIdentityTraffic;
  if (typeof stored !== "boolean") {
    return warning(
      "f: managedIdentityTraffic is not reported by this api-version.",
      "Routebot leaves it alone then; nothing to do.",
    );
  }
  const sent = await send(test, site, { ...site.storedMap, managedIdentityTraffic: !stored });
  return sent.kind === "equal"
    ? ok(`f: managedIdentityTraffic can be written with ${site.apiVersion}`)
    : warning(
        `f: managedIdentityTraffic cannot be written with ${site.apiVersion}: ${sent.why}`,
        "Requests for it will be told as not applied; a later api-version may take it (ROUTEBOT_ARM_API_VERSION).",
      );
}

type Sent =
  | { readonly kind: "equal"; readonly site: SiteObservation }
  | { readonly kind: "not"; readonly why: string; readonly todo: string; readonly missingAction?: string };

async function send({ routing, clock }: LiveTest, site: SiteObservation, wanted: RoutingMap): Promise<Sent> {
  const result = await routing.write({ observation: site, wanted, timeoutMs: writeTimeoutMs });
  if (result.kind === "refused") {
    const { message, missingAction, code } = result.failure;
    const todo = `See \`${code}\` in docs/failures.md.`;
    return { kind: "not", why: message, todo, ...(missingAction === undefined ? {} : { missingAction }) };
  }
  const verified = await routing.verify({
    target: site.target,
    wanted,
    deadline: new Date(clock.now().getTime() + verifyWithinMs),
    ...(result.kind === "accepted" ? { receipt: result.receipt } : {}),
  });
  switch (verified.kind) {
    case "equal":
      return { kind: "equal", site: verified.observation };
    case "different":
      return {
        kind: "not",
        why: "Azure accepted it, and the site still reads otherwise.",
        todo: "If that stays so, ROUTEBOT_PUT_FALLBACK may help; read docs/operations.md first.",
      };
    case "unreadable":
      return {
        kind: "not",
        why: verified.failure.message,
        todo: `See \`${verified.failure.code}\` in docs/failures.md.`,
      };
    default:
      return verified satisfies never;
  }
}

/** As it was, whatever happened in between; if that fails, the operator gets the command that does it. */
async function putBack(test: LiveTest, site: SiteObservation): Promise<Finding> {
  const label = siteLabel(site);
  const read = await test.routing.observe(site.target, { withoutAppSettings: true });
  if (read.kind === "observed" && mapSays(read.observation.storedMap, site.storedMap)) {
    return ok(`${label} reads as before`);
  }
  const sent = await send(test, site, site.storedMap);
  if (sent.kind === "equal") return ok(`${label} was put back and reads as before`);
  const changes: FlagValues = flagsIn(site.storedMap);
  return problem(
    `${label} could not be put back: ${sent.why}`,
    `Put it back by hand: ${azCommandForChange(site, changes)}`,
  );
}
