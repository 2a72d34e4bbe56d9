import type { AuditCommand, TargetReference } from "../domain/command.ts";
import { noCounts } from "../domain/fleet/fleet-row.ts";
import type { FleetScope } from "../ports/routing-service.ts";
import type { Survey } from "../ports/surveys.ts";
import { refusalView } from "../reply/answers.ts";
import { fleetProgressView } from "../reply/fleet-report.ts";
import type { Answer, Message } from "./answer-message.ts";
import { answerStatus } from "./answer-status.ts";
import type { Flow } from "./flow.ts";
import { reportOf, surveyKey } from "./survey-report.ts";

/**
 * Begins a survey of many sites: the message that says so becomes its progress and its result. Sites that were named one by one
 * are answered as a status.
 */
export async function answerAudit(
  flow: Flow,
  message: Message,
  { command, signal }: { readonly command: AuditCommand; readonly signal: AbortSignal },
): Promise<Answer> {
  const targets = command.targets ?? [];
  if (targets.some(({ all }) => all !== true)) {
    const { flags } = command;
    const status = { kind: "status", targets, ...(flags === undefined ? {} : { flags }) } as const;
    return answerStatus(flow, { message, command: status, signal });
  }
  if (targets.some(({ slot }) => slot !== undefined)) return refusalView(slotsWithGroup);
  const { actor, place } = message;
  const now = flow.clock.now();
  const person = await flow.directory.personOf(actor);
  const survey: Survey = {
    id: `survey-${flow.newId()}`,
    revision: 1,
    state: "running",
    actor,
    place,
    scopes: scopesOf(targets),
    question: {
      ...(command.where === undefined ? {} : { where: command.where }),
      ...(command.flags === undefined ? {} : { flags: command.flags }),
    },
    startedAt: now,
    readAt: now,
    toldAt: now,
    position: {},
    counts: noCounts,
    first: [],
    parts: 0,
    unreadGroups: 0,
    restarts: 0,
  };
  await flow.surveys.begin(survey, {
    events: [],
    owed: [{ kind: "live", key: surveyKey(survey), place, view: fleetProgressView(reportOf(survey)) }],
    jobs: [{ kind: "survey", survey: survey.id, person: person.id }],
    answers: message.id,
  });
  return undefined;
}

/** None is everything: so it is when one of several has neither group nor subscription. */
function scopesOf(targets: readonly TargetReference[]): readonly FleetScope[] {
  const scopes = targets.map(
    ({ resourceGroup, subscription }): FleetScope => ({
      ...(resourceGroup === undefined ? {} : { resourceGroup }),
      ...(subscription === undefined ? {} : { subscription }),
    }),
  );
  return scopes.some((scope) => Object.keys(scope).length === 0) ? [] : scopes;
}

const slotsWithGroup = {
  code: "not-supported",
  message: "Slots are listed together with the sites of their resource group: name the group alone.",
} as const;
