import type { FleetScope } from "../ports/routing-service.ts";
import type { Survey } from "../ports/surveys.ts";
import type { FleetReport } from "../reply/fleet-report.ts";
import { listed } from "../reply/words.ts";

/** Of the one message in which a survey is followed. */
export function surveyKey({ id }: Pick<Survey, "id">): string {
  return `${id}:progress`;
}

/** What a survey says of itself. */
export function reportOf(survey: Survey): FleetReport {
  const { scopes, question, counts, first, startedAt, readAt, unreadGroups } = survey;
  return {
    scope: scopes.length === 0 ? undefined : scopeWords(scopes),
    question,
    counts,
    first,
    startedAt,
    readAt,
    unreadGroups,
    settingsGivenUp: survey.settingsGivenUp === true,
    slots: scopes.length > 0 && scopes.every(({ resourceGroup }) => resourceGroup !== undefined),
  };
}

/** `resource group rg-shop of subscription Production`. */
export function scopeWords(scopes: readonly FleetScope[]): string {
  return listed(
    scopes.map(({ resourceGroup, subscription }) =>
      [
        ...(resourceGroup === undefined ? [] : [`resource group ${resourceGroup}`]),
        ...(subscription === undefined ? [] : [`subscription ${subscription}`]),
      ].join(" of "),
    ),
  );
}
