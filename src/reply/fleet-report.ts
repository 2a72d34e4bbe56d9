import type { Failure } from "../domain/failure.ts";
import {
  type FleetCounts,
  type FleetQuestion,
  type FleetRow,
  flagsOf,
  isSet,
} from "../domain/fleet/fleet-row.ts";
import { legacySettings } from "../domain/routing/legacy-setting.ts";
import { flagTitles, type RoutingFlag } from "../domain/routing/routing-flag.ts";
import { manySitesTable, routedText } from "./many-sites.ts";
import type { Block, NoteLevel, Text, View } from "./view.ts";
import { code, listed, plain, plainText, strong, utcTime } from "./words.ts";

/** What is said of a survey, while it runs and when it has ended. */
export type FleetReport = {
  /** `resource group rg-shop`; `undefined` for everything. */
  readonly scope: string | undefined;
  readonly question: FleetQuestion;
  readonly counts: FleetCounts;
  /** The first of the sites that were asked for. */
  readonly first: readonly FleetRow[];
  readonly startedAt: Date;
  readonly readAt: Date;
  readonly unreadGroups: number;
  readonly settingsGivenUp: boolean;
  /** Slots are among the sites only where groups were listed. */
  readonly slots: boolean;
};

/** Sites that the message itself shows; what else was asked for is in the file or in the messages after it. */
export const shownSites = 15;

/** While it runs. The same message becomes the result. */
export function fleetProgressView({ scope, question, counts }: FleetReport): View {
  const sites =
    counts.sites === 0 ? "" : ` ${counts.sites} so far, ${counts.askedFor} of them ${wanted(question)}.`;
  const legacy =
    question.where === "legacy"
      ? " I ask each site for its app settings, which takes one request a site and about 9 sites a second at most; of what I read I keep three names and whether they are on."
      : "";
  return {
    tone: "waiting",
    title: titleOf(scope),
    blocks: [
      {
        kind: "paragraph",
        text: `I am reading the sites${scope === undefined ? " that I look after" : ` in ${scope}`}.${sites}${legacy} The result will be here.`,
      },
    ],
    actions: [],
    summary: `Reading the sites${scope === undefined ? "" : ` in ${scope}`}.${sites}${legacy}`,
  };
}

/** The result in numbers, with the first of the sites that were asked for. */
export function fleetResultView(report: FleetReport): View {
  const { question, counts, first } = report;
  if (counts.sites === 0) return nothingSeen(report);
  const answer = answerSentence(question, counts);
  const shown = first.slice(0, shownSites);
  const more = counts.askedFor - shown.length;
  return {
    tone: question.where === "routed" || counts.askedFor === 0 ? "neutral" : "attention",
    title: titleOf(report.scope),
    blocks: [
      { kind: "paragraph", text: answer },
      { kind: "facts", facts: factsOf(report) },
      ...(shown.length > 0 ? [askedForTable(shown, question)] : []),
      ...(more > 0 ? [{ kind: "paragraph", text: `… and ${more} more.` } as const] : []),
      ...notesBlock(report),
      { kind: "paragraph", text: readBetween(report) },
    ],
    actions: [],
    summary: [
      plainText(answer),
      ...(shown.length > 0
        ? [`${shown.map(({ label }) => label).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`]
        : []),
    ].join(" "),
  };
}

/** It ended before all was read: what broke, and how far it had come. Nothing is concluded from a part. */
export function fleetFailedView({ scope, counts }: FleetReport, failure: Failure): View {
  const far = counts.sites === 0 ? "No site was read." : `${counts.sites} sites had been read.`;
  const text = `${failure.message} ${far} The list is not complete, so I do not show it; ask again later.`;
  return {
    tone: "bad",
    title: titleOf(scope),
    blocks: [{ kind: "paragraph", text }],
    actions: [],
    summary: text,
  };
}

/** Further sites that were asked for, for chats without files. `from` is the number of the first one, from 1. */
export function fleetPartView(
  rows: readonly FleetRow[],
  { question, from, of }: { readonly question: FleetQuestion; readonly from: number; readonly of: number },
): View {
  const title = `Sites ${from} to ${from + rows.length - 1} of ${of} ${wanted(question)}`;
  return {
    tone: "neutral",
    title,
    blocks: [askedForTable(rows, question)],
    actions: [],
    summary: `${title}.`,
  };
}

function titleOf(scope: string | undefined): string {
  return scope === undefined ? "Outbound routing of all sites" : `Outbound routing in ${scope}`;
}

function nothingSeen(report: FleetReport): View {
  const where = report.scope === undefined ? "" : ` in ${report.scope}`;
  const text = `There is no site${where} that you may request or approve changes for.`;
  return {
    tone: "attention",
    title: titleOf(report.scope),
    blocks: [{ kind: "paragraph", text }, ...notesBlock(report)],
    actions: [],
    summary: text,
  };
}

function answerSentence(
  question: FleetQuestion,
  { askedFor, sites }: FleetCounts,
): readonly [ReturnType<typeof strong>, ReturnType<typeof plain>] {
  return [
    strong(`${askedFor} of ${sites}`),
    plain(` ${sites === 1 ? "site" : "sites"} ${predicate(question, askedFor === 1)}.`),
  ];
}

function flagWords(question: FleetQuestion): string {
  return listed(flagsOf(question).map((flag: RoutingFlag) => flagTitles[flag].toLowerCase()));
}

/** What is said of one site, or of several. */
function predicate(question: FleetQuestion, isOne: boolean): string {
  switch (question.where) {
    case "routed":
      return `${isOne ? "routes" : "route"} ${flagWords(question)} through the virtual network`;
    case "not-routed":
      return `${isOne ? "does" : "do"} not route ${flagWords(question)} through the virtual network`;
    case "legacy":
      return `${isOne ? "has" : "have"} a legacy routing setting among their app settings`;
    case undefined:
      return `${isOne ? "does" : "do"} not comply with Azure's built-in routing policies`;
    default:
      return question.where satisfies never;
  }
}

/** As in "3 of them …", "of 12 …". */
function wanted(question: FleetQuestion): string {
  switch (question.where) {
    case "routed":
      return "routed";
    case "not-routed":
      return "not routed";
    case "legacy":
      return "with legacy settings";
    case undefined:
      return "not compliant";
    default:
      return question.where satisfies never;
  }
}

function factsOf({ question, counts }: FleetReport): { label: string; value: Text }[] {
  const { routed, failing } = counts;
  const of = (count: number) => `${count} of ${counts.sites}`;
  if (question.where === "legacy") {
    return legacySettings.map((setting) => ({ label: setting, value: of(counts.settings[setting]) }));
  }
  return [
    { label: "Application traffic through the VNet", value: of(routed.applicationTraffic) },
    { label: "Everything through the VNet", value: of(routed.allTraffic) },
    { label: "Fail the policy on application routing", value: of(failing["application-routing"]) },
    { label: "Fail the policy on configuration routing", value: of(failing["configuration-routing"]) },
    ...(counts.notIntegrated > 0 ? [{ label: "Without integration", value: of(counts.notIntegrated) }] : []),
    ...(counts.elsewhere > 0 ? [{ label: "Routing flags do not apply", value: of(counts.elsewhere) }] : []),
  ];
}

function askedForTable(rows: readonly FleetRow[], { where }: FleetQuestion): Block {
  if (where === undefined || where === "legacy") {
    return {
      kind: "table",
      columns: ["Site", "In", where === "legacy" ? "Set" : "Fails", "Through the VNet"],
      rows: rows.map((row) => [
        [code(row.label)],
        row.resourceGroup,
        where === "legacy" ? settingsText(row) : failsText(row),
        routedText(row),
      ]),
    };
  }
  return manySitesTable(rows);
}

function settingsText({ legacy }: FleetRow): string {
  return legacySettings
    .filter((setting) => isSet(legacy?.[setting]))
    .map((setting) => `${setting} ${legacy?.[setting] === "on-likely" ? "looks on" : legacy?.[setting]}`)
    .join(", ");
}

function failsText({ policies }: FleetRow): string {
  return [
    ...(policies["application-routing"] === false ? ["application"] : []),
    ...(policies["configuration-routing"] === false ? ["configuration"] : []),
  ].join(", ");
}

function notesBlock(report: FleetReport): readonly Block[] {
  const { question, counts, unreadGroups, settingsGivenUp, slots } = report;
  const notes: { level: NoteLevel; text: string }[] = [];
  if (unreadGroups > 0) {
    const groups = unreadGroups === 1 ? "One resource group" : `${unreadGroups} resource groups`;
    notes.push({
      level: "warning",
      text: `${groups} could not be listed with my rights: not all sites are counted.`,
    });
  }
  if (counts.settingsUnread > 0) {
    const why = settingsGivenUp ? "; after the first ones I stopped asking" : "";
    const sites = counts.settingsUnread === 1 ? "one site" : `${counts.settingsUnread} sites`;
    notes.push({
      level: "warning",
      text: `The app settings of ${sites} could not be read, so legacy settings there are not known${why}.`,
    });
  }
  if (question.where !== "legacy") {
    notes.push({
      level: "info",
      text: 'App settings were not read: a legacy setting may route what is shown as public. "Which sites use legacy settings" reads them.',
    });
  }
  if (!slots) {
    notes.push({ level: "info", text: "Slots are not among them; name a resource group to see its slots." });
  }
  notes.push({ level: "info", text: "Only sites that you may request or approve changes for are counted." });
  return [{ kind: "notes", notes }];
}

function readBetween({ startedAt, readAt }: FleetReport): string {
  const [from, to] = [utcTime(startedAt), utcTime(readAt)];
  return from === to ? `Read from Azure at ${to}.` : `Read from Azure between ${from} and ${to}.`;
}
